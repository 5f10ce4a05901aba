// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace equigen::config {

/// Where a value was written: a file with line and column (from 1), an argument of the command
/// line, or a default.
struct Origin {
  std::string source = {};  ///< "experiments/gdss/qm9.yaml", "command line, argument 3", "default"
  int line = 0;             ///< 0 when the source has no lines
  int column = 0;
  std::string source_line = {};  ///< the text of that line, for the caret

  /// "experiments/qm9.yaml:14:3", or the source and the argument where there are no lines.
  std::string where() const;
};

/// A configuration tree that remembers where each key and value came from. A value type.
class Value {
 public:
  enum class Kind { null, scalar, sequence, map };
  struct Entry;

  // Defaulted in value.cpp, where Entry, which holds a Value itself, is complete.
  Value();
  ~Value();
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;

  static Value scalar(std::string text, bool quoted = false, Origin origin = {});
  static Value null(Origin origin);
  static Value sequence(std::vector<Value> items = {}, Origin origin = {});
  static Value map(Origin origin = {});
  /// Builds a tree from JSON (defaults, checkpoints); every value gets `origin`.
  static Value from_json(const nlohmann::json& json, const Origin& origin = {"default"});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_sequence() const { return kind_ == Kind::sequence; }
  bool is_map() const { return kind_ == Kind::map; }

  /// The text of a scalar as written; quoted scalars are never numbers or booleans.
  const std::string& text() const { return text_; }
  bool quoted() const { return quoted_; }
  const std::vector<Value>& items() const { return items_; }
  std::vector<Value>& items() { return items_; }
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  const Origin& origin() const { return origin_; }
  void set_origin(Origin origin) { origin_ = std::move(origin); }

  /// The value of a key of a map, or nullptr.
  const Value* find(const std::string& key) const;
  Value* find(const std::string& key);
  /// Sets a key of a map (keeps its position when it exists). A null becomes a map first; must not
  /// be called on a scalar or sequence.
  void set(const std::string& key, Value value, Origin key_origin = {});
  bool erase(const std::string& key);
  /// Notes of every key but `type` that it was written for the present `type`; called before
  /// another one takes its place. Keys for which `keeps` holds are left as they are.
  void outdate_options(const std::function<bool(const Entry&)>& keeps = {});
  /// The value at "a.b.c" or nullptr; a number addresses an item of a sequence.
  const Value* at_path(const std::string& path) const;
  Value* at_path(const std::string& path);

  /// Plain JSON with booleans, integers and reals recognised by YAML 1.2 rules (quoted scalars stay
  /// strings).
  nlohmann::json to_json() const;
  /// YAML text that reads back as the same tree; with `origins`, each leaf gets a comment that
  /// names where it was set.
  std::string to_yaml(bool origins = false) const;

 private:
  Kind kind_ = Kind::null;
  std::string text_;
  bool quoted_ = false;
  std::vector<Value> items_;
  std::vector<Entry> entries_;
  Origin origin_;
};

struct Value::Entry {
  std::string key;
  Value value;
  Origin key_origin;  ///< where the key itself stands
  /// The `type` beside which the key was written, where a later file or override chose another:
  /// the key then means nothing to a component of the new type. Empty otherwise.
  std::string written_for = {};
};

}  // namespace equigen::config
