// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/config/validate.h"

namespace equigen {

/// What is known of a component without creating it.
struct ComponentInfo {
  std::string kind;     ///< "model", "dataset", "metric", ...
  std::string name;     ///< as written behind `type:` in YAML
  std::string summary;  ///< one line
  config::Schema schema;
  std::string provider;  ///< "equigen" or the plugin's name
  std::string library;   ///< path of the library that holds it; empty for built-in ones
};

/// A component kind: an abstract class with `static constexpr std::string_view kind` and
/// `using Create = std::shared_ptr<Kind>(Arguments...)`, what a factory gets besides the
/// configuration.
template <typename Kind>
concept ComponentKind = requires {
  { Kind::kind } -> std::convertible_to<std::string_view>;
  typename Kind::Create;
};

namespace detail {

template <typename Kind, typename Signature>
struct FactoryOf;
template <typename Kind, typename... Arguments>
struct FactoryOf<Kind, std::shared_ptr<Kind>(Arguments...)> {
  using Function = std::function<std::shared_ptr<Kind>(const config::Value&, Arguments...)>;

  template <typename Component>
  static Function make() {
    static_assert(std::is_base_of_v<Kind, Component>, "the component must derive from its kind");
    static_assert(std::is_constructible_v<Component, typename Component::Config, Arguments...>,
                  "the component must be constructible from its Config and the kind's arguments");
    return [](const config::Value& options, Arguments... arguments) -> std::shared_ptr<Kind> {
      return std::make_shared<Component>(config::read<typename Component::Config>(options),
                                         std::forward<Arguments>(arguments)...);
    };
  }
};

}  // namespace detail

/// All components by kind and name. Built-in ones are added at start-up by explicit calls, a
/// plugin's by its register function through a RegistryBuilder, whole or not at all.
class Registry {
 public:
  struct Entry {
    ComponentInfo info;
    std::shared_ptr<void> factory;  ///< a FactoryOf<Kind>::Function
  };

  /// The registry of this process.
  static Registry& instance();

  /// Adds all of `entries` or, when a name of a kind is taken, none. Throws PluginError that names
  /// both providers.
  void commit(std::vector<Entry> entries);

  const Entry* find(std::string_view kind, std::string_view name) const;
  std::vector<const ComponentInfo*> list(std::string_view kind = {}) const;

  /// Creates a component from its options; they are checked against its schema first.
  /// Throws ConfigError (unknown name with suggestion, wrong keys) or what the component's
  /// constructor throws.
  template <ComponentKind Kind, typename... Arguments>
  std::shared_ptr<Kind> create(const config::ComponentChoice& choice,
                               Arguments&&... arguments) const {
    using Function = typename detail::FactoryOf<Kind, typename Kind::Create>::Function;
    const Entry& entry = require(Kind::kind, choice.type);
    const config::Value options = complete(entry, choice.options);
    return (*static_cast<const Function*>(entry.factory.get()))(
        options, std::forward<Arguments>(arguments)...);
  }

  /// Looks schemas up here and in the manifests of plugins that are not loaded.
  config::ComponentSchemas schemas() const;

 private:
  const Entry& require(std::string_view kind, const std::string& name) const;
  config::Value complete(const Entry& entry, const config::Value& options) const;

  std::map<std::pair<std::string, std::string>, Entry, std::less<>> entries_;
};

/// What a register function adds to; Registry::commit() makes it visible.
class RegistryBuilder {
 public:
  explicit RegistryBuilder(std::string provider, std::string library = {})
      : provider_(std::move(provider)), library_(std::move(library)) {}

  template <ComponentKind Kind, typename Component>
  void add(std::string name, std::string summary) {
    using Factory = detail::FactoryOf<Kind, typename Kind::Create>;
    entries_.push_back(
        {{std::string(Kind::kind), std::move(name), std::move(summary),
          config::schema_of<typename Component::Config>(), provider_, library_},
         std::make_shared<typename Factory::Function>(Factory::template make<Component>())});
  }

  std::vector<Registry::Entry> take() { return std::move(entries_); }

 private:
  std::string provider_;
  std::string library_;
  std::vector<Registry::Entry> entries_;
};

}  // namespace equigen
