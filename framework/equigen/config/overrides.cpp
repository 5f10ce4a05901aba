// SPDX-License-Identifier: MIT
#include "equigen/config/overrides.h"

#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/text.h"
#include "equigen/config/compose.h"

namespace equigen::config {
namespace {

constexpr std::string_view kCommandLine = "command line";

bool is_path(const std::string& path) {
  const auto parts = text::split(path, '.');
  return std::ranges::none_of(parts, &std::string::empty) &&
         path.find_first_of(" \t\n\"'{}[]:,#") == std::string::npos;
}

void set_origins(Value& value, const Origin& origin) {
  value.set_origin(origin);
  for (auto& item : value.items()) set_origins(item, origin);
  for (auto& entry : value.entries()) {
    entry.key_origin = origin;
    set_origins(entry.value, origin);
  }
}

std::optional<Override> parsed(const std::string& argument, const Origin& origin,
                               Problems& problems) {
  Override result;
  result.origin = origin;
  const auto equals = argument.find('=');
  result.removes = argument.starts_with('~') && equals == std::string::npos;
  result.path = result.removes ? argument.substr(1) : argument.substr(0, equals);
  if ((!result.removes && equals == std::string::npos) || !is_path(result.path)) {
    problems.add({"config-override", fmt::format("'{}' is not an override", argument), origin, 1,
                  "write key.path=value, or ~key.path to remove a key"});
    return std::nullopt;
  }
  if (result.removes) return result;
  Problems inner;
  const std::string text = argument.substr(equals + 1);
  // An empty value is an empty text: there is nothing else it could sensibly be.
  result.value = text.empty() ? Value::scalar("", true) : parse_yaml(text, "", inner);
  for (Problem problem : inner.all()) {
    problem.origin = origin;
    problems.add(std::move(problem));
  }
  if (!inner.empty()) return std::nullopt;
  set_origins(result.value, origin);
  return result;
}

void collect_paths(const Value& value, const std::string& path, std::vector<std::string>& paths) {
  for (const auto& entry : value.entries()) {
    const std::string child = path.empty() ? entry.key : path + '.' + entry.key;
    paths.push_back(child);
    collect_paths(entry.value, child, paths);
  }
}

/// The map that holds the last key of a path, and that key.
std::pair<Value*, std::string> holder_of(Value& tree, const std::string& path) {
  const auto dot = path.rfind('.');
  if (dot == std::string::npos) return {&tree, path};
  return {tree.at_path(path.substr(0, dot)), path.substr(dot + 1)};
}

/// The child at one step of a path, made where it is missing; nullptr when the path cannot go on.
Value* step(Value& value, const std::string& key, const Override& change) {
  if (value.is_sequence()) {
    const auto index = text::to_integer(key);
    const bool is_inside =
        index && *index >= 0 && *index < static_cast<std::int64_t>(value.items().size());
    return is_inside ? &value.items()[static_cast<std::size_t>(*index)] : nullptr;
  }
  if (value.is_scalar()) {
    Value named = Value::map(value.origin());
    named.set("type", value, value.origin());
    value = std::move(named);
  }
  if (value.find(key) == nullptr) value.set(key, Value::null(change.origin), change.origin);
  return value.find(key);
}

void report_no_item(const Override& change, const Value& list, const std::string& key,
                    Problems& problems) {
  problems.add(
      {"config-override", fmt::format("'{}' leads nowhere", change.path), change.origin, 1,
       fmt::format("a list of {} stands where '{}' is looked up", list.items().size(), key),
       "items of a list count from 0"});
}

void remove_at(Value& tree, const Override& change, Problems& problems) {
  const auto [holder, key] = holder_of(tree, change.path);
  if (holder != nullptr && holder->erase(key)) return;
  const auto suggestion = text::nearest(change.path, all_paths(tree));
  problems.add({"config-override", fmt::format("there is no key '{}' to remove", change.path),
                change.origin, 1,
                suggestion ? fmt::format("did you mean '{}'?", *suggestion)
                           : "only keys that the file or its defaults set can be removed"});
}

/// A new `type` leaves the options of the old one behind, but for those that stand beside it on the
/// command line.
void outdate_options_of(Value* component, const Override& change) {
  const Value* const type = component == nullptr ? nullptr : component->find("type");
  if (type == nullptr || !type->is_scalar() || !change.value.is_scalar() ||
      type->text() == change.value.text())
    return;
  component->outdate_options(
      [](const Value::Entry& entry) { return entry.key_origin.source.starts_with(kCommandLine); });
}

}  // namespace

std::vector<Override> parse_overrides(std::span<const std::string> arguments, Problems& problems) {
  std::vector<Override> result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Origin origin{fmt::format("{}, argument {}", kCommandLine, i + 1), 0, 0, arguments[i]};
    if (auto change = parsed(arguments[i], origin, problems)) result.push_back(std::move(*change));
  }
  return result;
}

void apply_override(Value& tree, const Override& change, Problems& problems) {
  if (change.removes) {
    remove_at(tree, change, problems);
    return;
  }
  if (const auto [component, key] = holder_of(tree, change.path); key == "type")
    outdate_options_of(component, change);
  Value* target = &tree;
  for (const auto& key : text::split(change.path, '.')) {
    Value* const child = step(*target, key, change);
    if (child == nullptr) {
      report_no_item(change, *target, key, problems);
      return;
    }
    target = child;
  }
  *target = change.value;
  // The key now comes from the command line too.
  const auto [holder, key] = holder_of(tree, change.path);
  if (holder != nullptr && holder->is_map()) holder->set(key, change.value, change.origin);
}

void set_at_path(Value& tree, const std::string& path, Value value, const Origin& origin) {
  Value* target = &tree;
  const auto keys = text::split(path, '.');
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    Value* child = target->find(keys[i]);
    if (child == nullptr || !child->is_map()) {
      target->set(keys[i], Value::map(origin), origin);
      child = target->find(keys[i]);
    }
    target = child;
  }
  target->set(keys.back(), std::move(value), origin);
}

std::vector<std::string> all_paths(const Value& tree) {
  std::vector<std::string> paths;
  collect_paths(tree, "", paths);
  return paths;
}

}  // namespace equigen::config
