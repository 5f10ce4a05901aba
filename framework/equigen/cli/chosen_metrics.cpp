// SPDX-License-Identifier: MIT
#include "equigen/cli/chosen_metrics.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <set>

#include "equigen/base/text.h"
#include "equigen/config/compose.h"
#include "equigen/config/overrides.h"
#include "equigen/config/validate.h"
#include "equigen/plugin/registry.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;
using config::ComponentChoice;
using config::Problem;
using config::Problems;
using config::Value;

struct Metrics {
  std::vector<ComponentChoice> metrics;
  static void declare(config::Declaration<Metrics>& keys) {
    keys.doc("What an evaluation computes.");
    keys.field("metrics", &Metrics::metrics, "figures of the samples").kind("metric");
  }
};

std::optional<fs::path> piece_named(const std::string& name) {
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return fs::path(name);
  for (const fs::path& folder : config::config_folders(fs::current_path())) {
    const fs::path piece = folder / "metrics" / (name + ".yaml");
    std::error_code ignored;
    if (fs::is_regular_file(piece, ignored)) return piece;
  }
  return std::nullopt;
}

Value named(const std::string& type) {
  Value item = Value::map({"--metrics"});
  item.set("type", Value::scalar(type, false, {"--metrics"}));
  return item;
}

void append_piece(const fs::path& path, std::vector<Value>& items, Problems& problems) {
  Value piece = config::read_yaml(path, problems);
  if (piece.is_map() && piece.find("metrics")) piece = *piece.find("metrics");
  if (piece.is_sequence()) {
    items.insert(items.end(), piece.items().begin(), piece.items().end());
  } else if (!problems.stopped()) {
    problems.add({.identifier = "config-metrics",
                  .message = fmt::format("{} holds no list of metrics", path.string()),
                  .origin = piece.origin(),
                  .note = "expected a list of `- type: NAME`, or one under the key metrics"});
  }
}

bool is_of_type(const Value& item, const std::string& type) {
  if (item.is_scalar()) return item.text() == type;
  const Value* name = item.find("type");
  return name && name->is_scalar() && name->text() == type;
}

/// "fcd.weights" as the path of the list's item: "metrics.2.weights".
void apply_setting(config::Override change, std::vector<Value>& items, Problems& problems) {
  const std::size_t dot = change.path.find('.');
  if (dot == std::string::npos) {
    problems.add({.identifier = "config-metrics",
                  .message = fmt::format("'{}' does not say of which metric", change.path),
                  .origin = change.origin,
                  .note = "expected METRIC.KEY=VALUE: fcd.weights=ChemNet_v0.13_pretrained.pt"});
    return;
  }
  const std::string type = change.path.substr(0, dot);
  std::size_t place = 0;
  while (place < items.size() && !is_of_type(items[place], type)) ++place;
  if (place == items.size()) items.push_back(named(type));
  if (items[place].is_scalar()) items[place] = named(type);
  change.path.erase(0, dot + 1);
  config::apply_override(items[place], change, problems);
}

/// Pieces overlap (moses and guacamol both hold the validity): the same metric counts once.
std::vector<ComponentChoice> each_once(const std::vector<ComponentChoice>& choices) {
  std::vector<ComponentChoice> result;
  std::set<std::string> known;
  for (const ComponentChoice& choice : choices)
    if (known.insert(choice.type + choice.options.to_yaml()).second) result.push_back(choice);
  return result;
}

Value as_item(const ComponentChoice& choice) {
  Value item = choice.options.is_map() ? choice.options : Value::map();
  item.set("type", Value::scalar(choice.type));
  return item;
}

}  // namespace

std::vector<ComponentChoice> chosen_metrics(
    const std::string& names, const std::vector<std::string>& settings,
    const std::function<std::vector<ComponentChoice>()>& defaults) {
  if (names.empty() && settings.empty()) return {};
  Problems problems;
  std::vector<Value> items;
  if (names.empty())
    for (const ComponentChoice& choice : defaults()) items.push_back(as_item(choice));
  for (const std::string& part : text::split(names, ',')) {
    const std::string name(text::trim(part));
    if (name.empty()) continue;
    if (const auto piece = piece_named(name))
      append_piece(*piece, items, problems);
    else
      items.push_back(named(name));
  }
  for (config::Override& change : config::parse_overrides(settings, problems))
    apply_setting(std::move(change), items, problems);
  Value tree = Value::map();
  tree.set("metrics", Value::sequence(std::move(items)));
  const Value complete =
      config::validate(tree, config::schema_of<Metrics>(), Registry::instance().schemas(),
                       "the evaluation", problems);
  problems.throw_if_any();
  return each_once(config::read<Metrics>(complete).metrics);
}

}  // namespace equigen::cli
