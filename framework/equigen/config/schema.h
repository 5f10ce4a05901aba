// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "equigen/config/value.h"

/// Keys of a configuration struct, declared once.
///
/// A struct `Config` with `static void declare(Declaration<Config>&)` lists its keys: name, member,
/// documentation, and where they apply range, choices and unit. The default of a key is the
/// member's initialiser. From this one list come parsing, validation with positions, `equigen
/// describe`, default YAML, the manifest of a plugin and a JSON Schema.
///
///     struct Config {
///       int64_t depth = 3;
///       std::string sde = "vp";
///       static void declare(config::Declaration<Config>& keys) {
///         keys.doc("Score network of node features.");
///         keys.field("depth", &Config::depth, "number of graph convolutions").range(1, 64);
///         keys.field("sde", &Config::sde, "forward process").choices({"vp", "ve", "subvp"});
///       }
///     };
namespace equigen::config {

/// A component chosen in YAML by `type:`, with its other keys as its options (checked against that
/// component's schema). `type` empty: none chosen.
struct ComponentChoice {
  std::string type;
  Value options = Value::map();
};

/// Which numbers an integer key can hold.
enum class IntegerType { int32, int64, uint64 };

enum class FieldType { boolean, integer, real, text, list, map, section, component };

class Schema;

/// One key: what is needed to check, document and default it. Plain data; survives a round trip
/// through JSON.
struct Field {
  std::string name;
  FieldType type = FieldType::text;
  IntegerType integer = IntegerType::int64;  ///< of an integer
  std::string doc;
  std::string unit;              ///< "Å", "seconds"; empty where none applies
  nlohmann::json default_value;  ///< null with `required` or `optional`
  bool required = false;         ///< no default: the user must give it
  bool optional = false;         ///< null is allowed
  bool at_sampling = false;      ///< may be changed of a trained model
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool minimum_excluded = false;
  bool maximum_excluded = false;
  std::vector<std::string> choices;       ///< of a text; empty: any
  std::shared_ptr<const Schema> section;  ///< of a section: its keys
  std::shared_ptr<const Field> item;      ///< of a list or map: what it holds
  std::string component_kind;             ///< of a component: "model", "dataset", ...
};

/// The keys that a section or a component accepts.
class Schema {
 public:
  std::string doc;
  std::vector<Field> fields;

  const Field* find(const std::string& name) const;
  std::vector<std::string> names() const;
  nlohmann::json to_json() const;
  static Schema from_json(const nlohmann::json& json);
  /// All defaults as a tree; required keys are left out.
  Value defaults() const;
  /// Replaces the defaults by the values of `json` where it has them (a struct that holds another
  /// one may start it with other values than that one's own).
  void set_defaults(const nlohmann::json& json);
};

namespace detail {

template <typename T>
struct ValueTraits;  // FieldType, JSON conversion and reading of one C++ type; see schema_traits.h

}  // namespace detail

/// Refines the field just declared; of a list or map, what it holds.
class FieldRefinement {
 public:
  explicit FieldRefinement(Field& field) : field_(&field) {}
  /// Both included, unless above() or below() of the same field say otherwise.
  FieldRefinement& range(double minimum, double maximum);
  FieldRefinement& at_least(double minimum);
  FieldRefinement& above(double minimum);
  FieldRefinement& below(double maximum);  ///< excluded
  FieldRefinement& choices(std::vector<std::string> names);
  FieldRefinement& unit(std::string name);
  FieldRefinement& required();
  /// Of a model's key: it says how a trained model samples, not what was trained. Other keys may
  /// not be changed when a run's model is restored. Of a section: all its keys.
  FieldRefinement& at_sampling();
  FieldRefinement& kind(
      std::string component_kind);  ///< of a ComponentChoice: which components may stand here

 private:
  Field* field_;
};

/// Collects the keys of struct T and how to store each.
template <typename T>
class Declaration {
 public:
  void doc(std::string text) { schema_.doc = std::move(text); }

  /// M: bool, int, int64_t, uint64_t, double, std::string, std::filesystem::path, ComponentChoice,
  /// std::optional of these, std::vector of these or of sections, std::map<std::string, ...>, or a
  /// struct with its own declare().
  template <typename M>
  FieldRefinement field(std::string name, M T::*member, std::string doc_text) {
    Field entry = detail::ValueTraits<M>::field(defaults_.*member);
    entry.name = name;
    entry.doc = std::move(doc_text);
    schema_.fields.push_back(std::move(entry));
    readers_.push_back([name, member](const Value& tree, T& target) {
      if (const Value* value = tree.find(name))
        target.*member = detail::ValueTraits<M>::read(*value);
    });
    writers_.push_back([name, member](const T& source, nlohmann::json& json) {
      json[name] = detail::ValueTraits<M>::json(source.*member);
    });
    return FieldRefinement(schema_.fields.back());
  }

  const Schema& schema() const { return schema_; }

  /// Reads a tree that validate() accepted and completed.
  T read(const Value& tree) const {
    T result;
    for (const auto& reader : readers_) reader(tree, result);
    return result;
  }

  /// The struct's values as JSON, keys as declared.
  nlohmann::json to_json(const T& source) const {
    auto json = nlohmann::json::object();
    for (const auto& writer : writers_) writer(source, json);
    return json;
  }

 private:
  T defaults_{};
  Schema schema_;
  std::vector<std::function<void(const Value&, T&)>> readers_;
  std::vector<std::function<void(const T&, nlohmann::json&)>> writers_;
};

template <typename T>
const Declaration<T>& declaration_of() {
  static const Declaration<T> instance = [] {
    Declaration<T> keys;
    T::declare(keys);
    return keys;
  }();
  return instance;
}

/// The schema of a configuration struct.
template <typename T>
const Schema& schema_of() {
  return declaration_of<T>().schema();
}

/// Reads a struct from a tree that validate() accepted.
template <typename T>
T read(const Value& validated) {
  return declaration_of<T>().read(validated);
}

/// The values of a struct as JSON, in the form that from_json() and read() take back.
template <typename T>
nlohmann::json to_json(const T& source) {
  return declaration_of<T>().to_json(source);
}

}  // namespace equigen::config

#include "equigen/config/schema_traits.h"  // IWYU pragma: keep
