// SPDX-License-Identifier: MIT
#include "equigen/report/training_log.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "equigen/base/file.h"
#include "equigen/base/text.h"

namespace equigen::report {

namespace {

bool is_figure(const std::string& key) {
  return key != "step" && key != "epoch" && key != "time" && key != "time_s";
}

LoggedSeries& series_of(TrainingLog& log, const std::string& name) {
  for (LoggedSeries& series : log.series)
    if (series.name == name) return series;
  return log.series.emplace_back(LoggedSeries{name, {}, {}});
}

/// Drops what lies at or beyond `step`: a run that was resumed has done those steps anew.
void forget_from(TrainingLog& log, double step) {
  for (LoggedSeries& series : log.series) {
    const auto first = std::lower_bound(series.steps.begin(), series.steps.end(), step);
    series.values.resize(static_cast<std::size_t>(first - series.steps.begin()));
    series.steps.erase(first, series.steps.end());
  }
}

/// Adds one line; false when it is not an object with a step.
bool add_line(TrainingLog& log, std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("step") || !json["step"].is_number()) return false;
  const double step = json["step"].get<double>();
  if (!std::isfinite(step) || std::abs(step) > 9e15) return false;
  if (step < static_cast<double>(log.last_step)) forget_from(log, step);
  log.last_step = static_cast<std::int64_t>(step);
  if (json.contains("epoch") && json["epoch"].is_number())
    log.last_epoch = json["epoch"].get<double>();
  for (const char* key : {"time", "time_s"})
    if (json.contains(key) && json[key].is_number()) log.seconds = json[key].get<double>();
  for (const auto& [key, value] : json.items()) {
    if (!is_figure(key) || !(value.is_number() || value.is_null())) continue;
    LoggedSeries& series = series_of(log, key);
    series.steps.push_back(step);
    series.values.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                            : value.get<double>());
  }
  return true;
}

}  // namespace

const LoggedSeries* TrainingLog::find(std::string_view name) const {
  const auto found = std::find_if(series.begin(), series.end(),
                                  [&](const LoggedSeries& item) { return item.name == name; });
  return found == series.end() ? nullptr : &*found;
}

TrainingLog parse_training_log(std::string_view text) {
  TrainingLog log;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text::trim(text.substr(0, end));
    if (!line.empty() && !add_line(log, line)) ++log.bad_line_count;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return log;
}

TrainingLog read_training_log(const std::filesystem::path& path) {
  return parse_training_log(read_file(path));
}

}  // namespace equigen::report
