// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "equigen-evaluation/2";
/// Without spread, overlap and sets; all else is the same.
constexpr std::string_view kFirstFormat = "equigen-evaluation/1";

/// JSON knows no NaN and no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

double read_number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

template <typename T>
std::optional<T> read_optional(const Json& json, const char* key) {
  if (!json.contains(key) || json.at(key).is_null()) return std::nullopt;
  return json.at(key).get<T>();
}

Json spread_to_json(const Spread& spread) {
  Json json = {{"method", spread.method},
               {"stdev", number(spread.stdev)},
               {"repeats", spread.repeats},
               {"sample_count", spread.sample_count}};
  if (!spread.values.empty()) json["values"] = spread.values;
  return json;
}

Spread spread_from_json(const Json& json) {
  return {json.at("method").get<std::string>(), read_number(json.at("stdev")),
          json.at("repeats").get<std::int64_t>(), json.at("sample_count").get<std::int64_t>(),
          json.value("values", std::vector<double>())};
}

Json overlap_to_json(const SplitOverlap& overlap) {
  return {{"reference_in_train", overlap.reference_in_train},
          {"reference_repeated", overlap.reference_repeated},
          {"train_repeated", overlap.train_repeated},
          {"generated_in_reference", overlap.generated_in_reference}};
}

SplitOverlap overlap_from_json(const Json& json) {
  return {json.at("reference_in_train").get<std::int64_t>(),
          json.at("reference_repeated").get<std::int64_t>(),
          json.at("train_repeated").get<std::int64_t>(),
          json.at("generated_in_reference").get<std::int64_t>()};
}

Json figure_to_json(const Figure& figure) {
  const MetricValue& value = figure.value;
  Json json = {{"name", value.name},
               {"label", value.label},
               {"value", number(value.value)},
               {"direction", direction_name(value.direction)},
               {"unit", value.unit},
               {"protocol", value.protocol},
               {"sample_count", value.sample_count},
               {"note", value.note},
               {"metric", figure.metric},
               {"published", Json::array()}};
  if (figure.floor) {
    json["floor"] = {{"value", number(figure.floor->value)},
                     {"stdev", number(figure.floor->stdev)},
                     {"repeats", figure.floor->repeats},
                     {"sample_count", figure.floor->sample_count}};
  }
  if (figure.spread) json["spread"] = spread_to_json(*figure.spread);
  if (figure.ranking)
    json["ranking"] = {{"position", figure.ranking->position}, {"count", figure.ranking->count}};
  for (const PublishedResult& row : figure.published) json["published"].push_back(to_json(row));
  return json;
}

Figure figure_from_json(const Json& json) {
  Figure figure;
  MetricValue& value = figure.value;
  value.name = json.at("name").get<std::string>();
  value.label = json.at("label").get<std::string>();
  value.value = read_number(json.at("value"));
  value.direction = direction_from_name(json.at("direction").get<std::string>());
  value.unit = json.at("unit").get<std::string>();
  value.protocol = json.at("protocol").get<std::string>();
  value.sample_count = json.at("sample_count").get<std::int64_t>();
  value.note = json.at("note").get<std::string>();
  figure.metric = json.at("metric").get<std::string>();
  if (json.contains("floor")) {
    const Json& floor = json.at("floor");
    figure.floor = Floor{read_number(floor.at("value")), read_number(floor.at("stdev")),
                         floor.at("repeats").get<std::int64_t>(),
                         floor.at("sample_count").get<std::int64_t>()};
  }
  if (json.contains("spread")) figure.spread = spread_from_json(json.at("spread"));
  if (json.contains("ranking")) {
    figure.ranking = Ranking{json.at("ranking").at("position").get<std::int64_t>(),
                             json.at("ranking").at("count").get<std::int64_t>()};
  }
  for (const Json& row : json.at("published"))
    figure.published.push_back(published_result_from_json(row));
  return figure;
}

Json counterpart_to_json(const Counterpart& counterpart) {
  Json json = {{"relation", relation_name(counterpart.relation)}, {"index", counterpart.index}};
  if (!counterpart.name.empty()) json["name"] = counterpart.name;
  if (counterpart.distance) json["distance"] = number(*counterpart.distance);
  return json;
}

Counterpart counterpart_from_json(const Json& json) {
  return {relation_from_name(json.at("relation").get<std::string>()),
          json.at("index").get<std::int64_t>(), json.value("name", std::string()),
          read_optional<double>(json, "distance")};
}

Json verdict_to_json(const SampleVerdict& verdict) {
  Json json = {{"index", verdict.index},      {"text", verdict.text},   {"size", verdict.size},
               {"edges", verdict.edge_count}, {"valid", verdict.valid}, {"unique", verdict.unique}};
  if (verdict.valid_without_correction)
    json["valid_without_correction"] = *verdict.valid_without_correction;
  if (verdict.novel) json["novel"] = *verdict.novel;
  if (!verdict.reason.empty()) json["reason"] = verdict.reason;
  for (const Counterpart& counterpart : verdict.counterparts)
    json["counterparts"].push_back(counterpart_to_json(counterpart));
  return json;
}

SampleVerdict verdict_from_json(const Json& json) {
  SampleVerdict verdict;
  verdict.index = json.at("index").get<std::int64_t>();
  verdict.text = json.at("text").get<std::string>();
  verdict.size = json.at("size").get<std::int64_t>();
  verdict.edge_count = json.at("edges").get<std::int64_t>();
  verdict.valid = json.at("valid").get<bool>();
  verdict.unique = json.at("unique").get<bool>();
  verdict.valid_without_correction = read_optional<bool>(json, "valid_without_correction");
  verdict.novel = read_optional<bool>(json, "novel");
  verdict.reason = json.value("reason", std::string());
  for (const Json& item : json.value("counterparts", Json::array()))
    verdict.counterparts.push_back(counterpart_from_json(item));
  return verdict;
}

Evaluation read_evaluation(const Json& json) {
  const auto format = json.at("format").get<std::string>();
  if (format != kFormat && format != kFirstFormat) {
    throw DataError("evaluation-format",
                    fmt::format("an evaluation of format {}, expected {}", format, kFormat));
  }
  Evaluation evaluation;
  evaluation.dataset = json.at("dataset").get<std::string>();
  evaluation.method = json.at("method").get<std::string>();
  evaluation.structure = json.at("structure").get<std::string>();
  evaluation.generated_count = json.at("generated_count").get<std::int64_t>();
  evaluation.reference_count = json.at("reference_count").get<std::int64_t>();
  evaluation.train_count = json.at("train_count").get<std::int64_t>();
  evaluation.seed = json.at("seed").get<std::uint64_t>();
  evaluation.seconds = read_number(json.at("seconds"));
  for (const Json& item : json.value("sets", Json::array())) {
    evaluation.sets.push_back({item.at("name").get<std::string>(),
                               item.at("count").get<std::int64_t>(),
                               item.at("skipped_count").get<std::int64_t>()});
  }
  if (json.contains("overlap")) evaluation.overlap = overlap_from_json(json.at("overlap"));
  for (const Json& item : json.at("figures")) evaluation.figures.push_back(figure_from_json(item));
  for (const Json& item : json.at("left_out")) {
    evaluation.left_out.push_back(
        {item.at("metric").get<std::string>(), item.at("reason").get<std::string>()});
  }
  evaluation.remarks = json.at("remarks").get<std::vector<std::string>>();
  evaluation.skipped_count = json.at("skipped_count").get<std::int64_t>();
  for (const Json& item : json.at("skipped")) {
    evaluation.skipped.push_back(
        {item.at("source").get<std::string>(), item.at("reason").get<std::string>()});
  }
  for (const Json& item : json.at("verdicts"))
    evaluation.verdicts.push_back(verdict_from_json(item));
  return evaluation;
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
  Json json = {{"format", kFormat},
               {"dataset", evaluation.dataset},
               {"method", evaluation.method},
               {"structure", evaluation.structure},
               {"generated_count", evaluation.generated_count},
               {"reference_count", evaluation.reference_count},
               {"train_count", evaluation.train_count},
               {"seed", evaluation.seed},
               {"seconds", number(evaluation.seconds)},
               {"figures", Json::array()},
               {"left_out", Json::array()},
               {"remarks", evaluation.remarks},
               {"skipped_count", evaluation.skipped_count},
               {"skipped", Json::array()},
               {"verdicts", Json::array()}};
  for (const EvaluatedSet& set : evaluation.sets) {
    json["sets"].push_back(
        {{"name", set.name}, {"count", set.count}, {"skipped_count", set.skipped_count}});
  }
  if (evaluation.overlap) json["overlap"] = overlap_to_json(*evaluation.overlap);
  for (const Figure& figure : evaluation.figures) json["figures"].push_back(figure_to_json(figure));
  for (const LeftOutMetric& item : evaluation.left_out)
    json["left_out"].push_back({{"metric", item.metric}, {"reason", item.reason}});
  for (const SkippedRow& row : evaluation.skipped)
    json["skipped"].push_back({{"source", row.source}, {"reason", row.reason}});
  for (const SampleVerdict& verdict : evaluation.verdicts)
    json["verdicts"].push_back(verdict_to_json(verdict));
  return json;
}

Evaluation evaluation_from_json(const Json& json) {
  try {
    return read_evaluation(json);
  } catch (const Json::exception& error) {
    throw DataError("evaluation-format",
                    fmt::format("not an evaluation of equigen: {}", error.what()));
  }
}

}  // namespace equigen
