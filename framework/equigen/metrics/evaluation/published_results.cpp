// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/published_results.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {

namespace embedded {
std::string_view published_results_crystals_json();
std::string_view published_results_graphs_json();
}  // namespace embedded

namespace {

constexpr std::string_view kFormat = "equigen-published-results/1";

PublishedProtocol protocol_from(const std::string& id, const nlohmann::json& json) {
  PublishedProtocol protocol;
  protocol.id = id;
  protocol.title = json.at("title").get<std::string>();
  protocol.sample_count = json.value("sample_count", std::int64_t{0});
  if (json.contains("recognised_by"))
    protocol.recognised_by = json.at("recognised_by").get<std::vector<std::string>>();
  if (json.contains("metrics")) {
    for (const auto& [ours, theirs] : json.at("metrics").items())
      protocol.metrics.emplace(ours, theirs.get<std::vector<std::string>>());
  }
  return protocol;
}

PublishedResult row_from(const nlohmann::json& block, const nlohmann::json& row) {
  PublishedResult result;
  result.dataset = block.at("dataset").get<std::string>();
  result.protocol = block.at("protocol").get<std::string>();
  result.protocol_note = block.at("protocol_note").get<std::string>();
  result.source = block.at("source").get<std::string>();
  result.verified = block.at("verified").get<bool>();
  result.evidence = block.at("evidence").get<std::string>();
  result.system = row.at(0).get<std::string>();
  result.metric = row.at(1).get<std::string>();
  result.value = row.at(2).get<double>();
  result.unit = row.at(3).get<std::string>();
  result.direction = direction_from_name(row.at(4).get<std::string>());
  if (row.size() > 5) result.stdev = row.at(5).get<double>();
  return result;
}

/// "ZINC-250k" and "zinc250k" are one name.
std::string plain_name(std::string_view name) {
  std::string result;
  for (const char c : text::lower(name))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) result += c;
  return result;
}

/// Nothing for pure numbers: "1", or "1 (divided by ...)".
std::string plain_unit(const std::string& unit) {
  return unit == "1" || unit.starts_with("1 (") ? std::string() : unit;
}

/// The row in the unit of a figure, where a share printed in % is all that differs.
std::optional<PublishedResult> in_unit(const PublishedResult& row, const std::string& unit) {
  if (plain_unit(row.unit) == plain_unit(unit)) return row;
  if (row.unit != "%" || !plain_unit(unit).empty()) return std::nullopt;
  PublishedResult share = row;
  share.unit = unit;
  share.value /= 100.0;
  if (share.stdev) *share.stdev /= 100.0;
  return share;
}

bool is_recognised(const PublishedProtocol& protocol, const std::string& text) {
  const std::string lowered = text::lower(text);
  return std::any_of(
      protocol.recognised_by.begin(), protocol.recognised_by.end(),
      [&](const std::string& word) { return lowered.find(word) != std::string::npos; });
}

}  // namespace

const PublishedResults& PublishedResults::builtin() {
  static const PublishedResults table = [] {
    PublishedResults both =
        parse(embedded::published_results_graphs_json(), "published_results_graphs.json");
    both.add(parse(embedded::published_results_crystals_json(), "published_results_crystals.json"));
    return both;
  }();
  return table;
}

void PublishedResults::add(PublishedResults other) {
  for (PublishedProtocol& item : other.protocols_) {
    if (protocol(item.id)) {
      throw DataError("published-results-protocol",
                      fmt::format("two tables declare the protocol {}", item.id));
    }
    protocols_.push_back(std::move(item));
  }
  for (auto& [name, aliases] : other.datasets_) {
    if (!datasets_.emplace(name, std::move(aliases)).second) {
      throw DataError("published-results-dataset",
                      fmt::format("two tables declare the data set {}", name));
    }
  }
  parts_.merge(other.parts_);
  rows_.insert(rows_.end(), std::make_move_iterator(other.rows_.begin()),
               std::make_move_iterator(other.rows_.end()));
}

PublishedResults PublishedResults::parse(std::string_view json, const std::string& source_name) {
  try {
    const auto document = nlohmann::json::parse(json);
    if (document.at("format").get<std::string>() != kFormat) {
      throw DataError("published-results-format",
                      fmt::format("{}: the format is {}, expected {}", source_name,
                                  document.at("format").dump(), kFormat));
    }
    PublishedResults table;
    for (const auto& [id, protocol] : document.at("protocols").items())
      table.protocols_.push_back(protocol_from(id, protocol));
    for (const auto& [ours, theirs] : document.at("datasets").items())
      table.datasets_.emplace(plain_name(ours), theirs.get<std::vector<std::string>>());
    if (document.contains("parts")) {
      for (const auto& [ours, part] : document.at("parts").items())
        table.parts_.emplace(plain_name(ours), part.get<std::string>());
    }
    for (const auto& block : document.at("blocks")) {
      if (!table.protocol(block.at("protocol").get<std::string>())) {
        throw DataError("published-results-protocol",
                        fmt::format("{}: a block names the protocol {}, which is not declared",
                                    source_name, block.at("protocol").dump()));
      }
      for (const auto& row : block.at("rows")) table.rows_.push_back(row_from(block, row));
    }
    return table;
  } catch (const nlohmann::json::exception& error) {
    throw DataError(
        "published-results-format",
        fmt::format("{}: not a table of published results: {}", source_name, error.what()));
  }
}

const PublishedProtocol* PublishedResults::protocol(std::string_view id) const {
  const auto found = std::find_if(protocols_.begin(), protocols_.end(),
                                  [&](const PublishedProtocol& item) { return item.id == id; });
  return found == protocols_.end() ? nullptr : &*found;
}

bool PublishedResults::same_dataset(std::string_view ours, const std::string& published) const {
  const std::string name = plain_name(ours);
  const auto aliases = datasets_.find(name);
  if (aliases == datasets_.end()) return name == plain_name(published);
  return std::find(aliases->second.begin(), aliases->second.end(), published) !=
         aliases->second.end();
}

std::vector<PublishedResult> PublishedResults::comparable(std::string_view dataset,
                                                          const MetricValue& figure) const {
  std::vector<PublishedResult> result;
  for (const PublishedResult& row : rows_) {
    const PublishedProtocol& protocol = *this->protocol(row.protocol);
    const auto names = protocol.metrics.find(figure.name);
    if (names == protocol.metrics.end() || !is_recognised(protocol, figure.protocol)) continue;
    const bool same_metric =
        std::find(names->second.begin(), names->second.end(), row.metric) != names->second.end();
    if (!same_metric || !same_dataset(dataset, row.dataset)) continue;
    if (const auto converted = in_unit(row, figure.unit)) result.push_back(*converted);
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    if (a.verified != b.verified) return a.verified;
    return is_better(a.value, b.value, a.direction);
  });
  return result;
}

std::string PublishedResults::part_of_published(std::string_view dataset) const {
  const auto part = parts_.find(plain_name(dataset));
  return part == parts_.end() ? std::string() : part->second;
}

std::string PublishedResults::why_nothing_comparable(std::string_view dataset,
                                                     const MetricValue& figure) const {
  if (dataset.empty()) return "the name of the data set is not known";
  std::set<std::string> datasets;
  std::set<std::string> protocols;
  bool has_dataset = false;
  for (const PublishedResult& row : rows_) {
    datasets.insert(row.dataset);
    if (!same_dataset(dataset, row.dataset)) continue;
    has_dataset = true;
    const PublishedProtocol& protocol = *this->protocol(row.protocol);
    const auto names = protocol.metrics.find(figure.name);
    if (names != protocol.metrics.end() &&
        std::find(names->second.begin(), names->second.end(), row.metric) != names->second.end())
      protocols.insert(protocol.title);
  }
  if (!has_dataset) {
    return fmt::format("there are no published figures of '{}'; there are of {}", dataset,
                       fmt::join(datasets, ", "));
  }
  if (protocols.empty())
    return fmt::format("nobody's figure of this kind is in the table for {}", dataset);
  return fmt::format("computed otherwise ({}); the published figures of {} are of: {}",
                     figure.protocol.empty() ? "protocol not stated" : figure.protocol, dataset,
                     fmt::join(protocols, "; "));
}

std::string published_method(const std::string& system) {
  return system.substr(0, system.find(','));
}

bool is_of_method(const PublishedResult& row) {
  return text::lower(row.system).find("training ") == std::string::npos;
}

std::optional<Ranking> ranking_of(const MetricValue& figure,
                                  std::span<const PublishedResult> comparable) {
  if (!std::isfinite(figure.value) || figure.direction == Direction::neither) return std::nullopt;
  std::map<std::string, double> best;
  for (const PublishedResult& row : comparable) {
    if (!row.verified || !is_of_method(row)) continue;
    const auto [place, is_new] = best.emplace(published_method(row.system), row.value);
    if (!is_new && is_better(row.value, place->second, figure.direction)) place->second = row.value;
  }
  if (best.empty()) return std::nullopt;
  Ranking ranking{1, static_cast<std::int64_t>(best.size())};
  for (const auto& [system, value] : best)
    if (is_better(value, figure.value, figure.direction)) ++ranking.position;
  return ranking;
}

bool is_better(double value, double other, Direction direction) {
  if (direction == Direction::lower) return value < other;
  if (direction == Direction::higher) return value > other;
  return false;
}

std::string direction_name(Direction direction) {
  if (direction == Direction::lower) return "lower";
  return direction == Direction::higher ? "higher" : "neither";
}

Direction direction_from_name(std::string_view name) {
  if (name == "lower") return Direction::lower;
  if (name == "higher") return Direction::higher;
  if (name == "neither" || name == "none") return Direction::neither;
  throw DataError("metric-direction", fmt::format("'{}' is no direction of a metric", name),
                  "write lower, higher or neither");
}

nlohmann::json to_json(const PublishedResult& row) {
  nlohmann::json json = {{"system", row.system},     {"dataset", row.dataset},
                         {"metric", row.metric},     {"value", row.value},
                         {"unit", row.unit},         {"direction", direction_name(row.direction)},
                         {"protocol", row.protocol}, {"protocol_note", row.protocol_note},
                         {"source", row.source},     {"verified", row.verified},
                         {"evidence", row.evidence}};
  if (row.stdev) json["stdev"] = *row.stdev;
  return json;
}

PublishedResult published_result_from_json(const nlohmann::json& json) {
  PublishedResult row;
  row.system = json.at("system").get<std::string>();
  row.dataset = json.at("dataset").get<std::string>();
  row.metric = json.at("metric").get<std::string>();
  row.value = json.at("value").get<double>();
  row.unit = json.at("unit").get<std::string>();
  row.direction = direction_from_name(json.at("direction").get<std::string>());
  row.protocol = json.at("protocol").get<std::string>();
  row.protocol_note = json.at("protocol_note").get<std::string>();
  row.source = json.at("source").get<std::string>();
  row.verified = json.at("verified").get<bool>();
  row.evidence = json.at("evidence").get<std::string>();
  if (json.contains("stdev")) row.stdev = json.at("stdev").get<double>();
  return row;
}

}  // namespace equigen
