// SPDX-License-Identifier: MIT
#include "equigen/report/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/config/compose.h"
#include "equigen/report/comparison_sections.h"
#include "equigen/report/page.h"
#include "equigen/version.h"

namespace equigen::report {

namespace {

using Leaves = std::vector<std::pair<std::string, std::string>>;

std::string one_line(const config::Value& value) {
  if (value.is_scalar()) return value.text();
  return value.is_null()
             ? "null"
             : value.to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void add_leaves(const config::Value& value, const std::string& path, Leaves& leaves) {
  if (!value.is_map() || value.entries().empty()) {
    leaves.emplace_back(path, one_line(value));
    return;
  }
  for (const config::Value::Entry& entry : value.entries())
    add_leaves(entry.value, path.empty() ? entry.key : path + "." + entry.key, leaves);
}

Leaves leaves_of(const std::string& yaml) {
  Leaves leaves;
  config::Problems problems;
  const config::Value tree = config::parse_yaml(yaml, "config.yaml", problems);
  if (problems.empty() && tree.is_map()) add_leaves(tree, "", leaves);
  return leaves;
}

/// Names of the runs by a property of their evaluations.
template <typename PropertyOf>
std::map<std::string, std::vector<std::string>> grouped(const std::vector<ComparedRun>& runs,
                                                        const PropertyOf& property_of) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const ComparedRun& run : runs)
    if (run.evaluation) groups[property_of(*run.evaluation)].push_back(run.name);
  return groups;
}

std::string listed(const std::map<std::string, std::vector<std::string>>& groups) {
  std::vector<std::string> parts;
  for (const auto& [property, names] : groups)
    parts.push_back(fmt::format("{} ({})", property, fmt::join(names, ", ")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Samples that a run's figures are of: one file's where there are several.
std::string sample_count_of(const Evaluation& evaluation) {
  return std::to_string(evaluation.sets.empty() ? evaluation.generated_count
                                                : evaluation.sets.front().count);
}

std::vector<std::string> figures_of_several_protocols(const std::vector<ComparedRun>& runs) {
  std::map<std::string, std::set<std::string>> protocols;
  for (const ComparedRun& run : runs)
    if (run.evaluation)
      for (const Figure& figure : run.evaluation->figures)
        protocols[figure.value.name].insert(figure.value.protocol);
  std::vector<std::string> names;
  for (const auto& [name, found] : protocols)
    if (found.size() > 1) names.push_back(name);
  return names;
}

}  // namespace

std::vector<ConfigDifference> config_differences(const std::vector<std::string>& yaml) {
  std::vector<ConfigDifference> all;
  std::map<std::string, std::size_t> places;
  std::set<std::size_t> taking_part;
  for (std::size_t run = 0; run < yaml.size(); ++run) {
    for (auto& [key, value] : leaves_of(yaml[run])) {
      taking_part.insert(run);
      const auto [place, is_new] = places.emplace(key, all.size());
      if (is_new) all.push_back({key, std::vector<std::optional<std::string>>(yaml.size())});
      all[place->second].values[run] = std::move(value);
    }
  }
  std::erase_if(all, [&](const ConfigDifference& item) {
    const auto& first = item.values[*taking_part.begin()];
    return std::all_of(taking_part.begin(), taking_part.end(),
                       [&](std::size_t run) { return item.values[run] == first; });
  });
  return all;
}

std::vector<std::string> comparison_warnings(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> warnings;
  const auto datasets = grouped(runs, [](const Evaluation& item) {
    return item.dataset.empty() ? std::string("a data set without name") : item.dataset;
  });
  if (datasets.size() > 1) {
    warnings.push_back("The runs are of different data sets: " + listed(datasets) +
                       ". Their figures stand in tables of their own and are not compared.");
  }
  const auto references = grouped(runs, [](const Evaluation& item) {
    return fmt::format("{} reference samples", item.reference_count);
  });
  if (datasets.size() == 1 && references.size() > 1) {
    warnings.push_back("The reference sets differ: " + listed(references) +
                       ". Figures stand in tables of their own and are not compared.");
  }
  const auto counts = grouped(runs, sample_count_of);
  if (counts.size() > 1) {
    warnings.push_back("The runs have different numbers of samples: " + listed(counts) +
                       ". MMDs and uniqueness fall with the number, so the best is marked with "
                       "that reserve.");
  }
  if (const auto names = figures_of_several_protocols(runs); !names.empty()) {
    warnings.push_back(
        fmt::format("Computed by different protocols, hence in rows of their own: {}.",
                    fmt::join(names, ", ")));
  }
  for (const ComparedRun& run : runs)
    if (!run.evaluation) warnings.push_back(fmt::format("{} has no evaluated samples.", run.name));
  return warnings;
}

std::string comparison_html(const ComparisonInput& input) {
  const std::string created = input.created.empty() ? now_text() : input.created;
  const std::string body = compared_figures_section(input) + compared_curves_section(input) +
                           compared_config_section(input) + compared_galleries_section(input) +
                           tables_section(comparison_tables(input)) +
                           compared_sources_section(input);
  return page_element(input.title, comparison_header(input, created), body, created);
}

nlohmann::json comparison_json(const ComparisonInput& input) {
  nlohmann::json json = {{"format", "equigen-comparison/1"},
                         {"equigen_version", EQUIGEN_VERSION},
                         {"title", input.title},
                         {"created", input.created.empty() ? now_text() : input.created},
                         {"command_line", input.command_line},
                         {"warnings", comparison_warnings(input.runs)},
                         {"runs", nlohmann::json::array()},
                         {"config_differences", nlohmann::json::array()}};
  std::vector<std::string> yaml;
  for (const ComparedRun& run : input.runs) {
    nlohmann::json item = {
        {"name", run.name}, {"source", run.source}, {"config_yaml", run.config_yaml}};
    if (run.evaluation) item["evaluation"] = to_json(*run.evaluation);
    json["runs"].push_back(std::move(item));
    yaml.push_back(run.config_yaml);
  }
  for (const ConfigDifference& difference : config_differences(yaml)) {
    nlohmann::json values = nlohmann::json::array();
    for (const auto& value : difference.values)
      values.push_back(value ? nlohmann::json(*value) : nlohmann::json(nullptr));
    json["config_differences"].push_back({{"key", difference.key}, {"values", values}});
  }
  return json;
}

std::filesystem::path write_comparison(const std::filesystem::path& folder,
                                       const ComparisonInput& input) {
  if (input.runs.size() < 2)
    throw ConfigError("report-comparison", "a comparison needs at least two runs");
  make_folder(folder);
  const std::string json =
      comparison_json(input).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  write_file_atomically(folder / "report.json", json);
  const std::vector<ResultTable> tables = comparison_tables(input);
  write_file_atomically(folder / "table.tex", latex_tables(tables));
  write_file_atomically(folder / "table.md", markdown_tables(tables));
  const std::filesystem::path page = folder / "report.html";
  write_file_atomically(page, comparison_html(input));
  return page;
}

}  // namespace equigen::report
