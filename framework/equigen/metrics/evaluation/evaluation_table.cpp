// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/csv_rows.h"
#include "equigen/base/text.h"
#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

namespace {

using Row = std::vector<std::string>;

std::string number_text(double value) {
  if (!std::isfinite(value)) return "-";
  return std::abs(value) >= 1e-4 || value == 0 ? fmt::format("{:.4g}", value)
                                               : fmt::format("{:.2e}", value);
}

std::string value_text(const Figure& figure) {
  const MetricValue& value = figure.value;
  const std::string unit = value.unit.empty() || value.unit == "1" ? "" : " " + value.unit;
  const bool is_spread = figure.spread && figure.spread->stdev > 0;
  const std::string spread = is_spread ? fmt::format(" ± {:.2g}", figure.spread->stdev) : "";
  return number_text(value.value) + spread + unit;
}

std::string arrow(Direction direction) {
  if (direction == Direction::lower) return "lower";
  return direction == Direction::higher ? "higher" : "";
}

std::string floor_text(const Figure& figure) {
  if (!figure.floor) return "";
  const std::string value = number_text(figure.floor->value);
  return figure.floor->stdev > 0 ? fmt::format("{} ± {:.2g}", value, figure.floor->stdev) : value;
}

std::string published_text(const PublishedResult& row) {
  return number_text(row.value) + (row.verified ? "" : "*");
}

Row row_of(const Figure& figure, const std::string& method) {
  std::string own;
  std::string best;
  for (const PublishedResult& row : figure.published) {
    if (is_same_method(row.system, method)) {
      if (own.empty()) own = published_text(row);
    } else if (best.empty() && row.verified && is_of_method(row)) {
      best = fmt::format("{} ({})", published_text(row), row.system);
    }
  }
  const std::string position =
      figure.ranking ? fmt::format("{} of {}", figure.ranking->position, figure.ranking->count + 1)
                     : "";
  return {figure.value.label.empty() ? figure.value.name : figure.value.label,
          value_text(figure),
          arrow(figure.value.direction),
          floor_text(figure),
          own,
          best,
          position};
}

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string render(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  std::string result;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    std::size_t pending = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!rows[r][i].empty()) {
        line += std::string(pending, ' ') + rows[r][i];
        pending = 0;
      }
      pending += widths[i] - display_width(rows[r][i]) + (widths[i] > 0 ? 2 : 0);
    }
    result += line + "\n";
    if (r > 0) continue;
    std::size_t total = 0;
    for (const std::size_t width : widths) total += width + (width > 0 ? 2 : 0);
    for (std::size_t i = 0; i + 2 < total; ++i) result += "─";
    result += "\n";
  }
  return result;
}

std::string flag(const std::optional<bool>& value) {
  if (!value) return "";
  return *value ? "1" : "0";
}

std::string heading(const Evaluation& evaluation) {
  std::string counts =
      fmt::format("{} generated {}s", evaluation.generated_count, evaluation.structure);
  if (!evaluation.sets.empty()) counts += fmt::format(" in {} files", evaluation.sets.size());
  return fmt::format("{}, {} in the reference set, {} in the training set{}\n\n", counts,
                     evaluation.reference_count, evaluation.train_count,
                     evaluation.dataset.empty() ? "" : " of " + evaluation.dataset);
}

const Counterpart* counterpart_of(const SampleVerdict& verdict, Relation relation) {
  const auto found = std::ranges::find(verdict.counterparts, relation, &Counterpart::relation);
  return found == verdict.counterparts.end() ? nullptr : &*found;
}

std::string counterpart_fields(const Counterpart* counterpart) {
  if (!counterpart) return ",,,";
  return fmt::format(",{},{},{}", counterpart->index, csv_field(counterpart->name),
                     counterpart->distance ? text::shortest(*counterpart->distance) : "");
}

}  // namespace

std::string spread_text(const Evaluation& evaluation) {
  std::int64_t fewest = 0;
  std::int64_t most = 0;
  std::int64_t count = 0;
  for (const Figure& figure : evaluation.figures) {
    if (!figure.spread) continue;
    if (figure.spread->method == "seeds")
      return fmt::format("±: standard deviation over {} files; the value is their mean\n",
                         evaluation.sets.size());
    fewest = fewest == 0 ? figure.spread->repeats : std::min(fewest, figure.spread->repeats);
    most = std::max(most, figure.spread->repeats);
    count = std::max(count, figure.spread->sample_count);
  }
  if (most == 0) return {};
  const std::string draws =
      fewest == most ? fmt::format("{}", most) : fmt::format("{} to {}", fewest, most);
  return fmt::format(
      "±: standard error, from {} draws of up to {} of the samples without repetition\n", draws,
      count);
}

std::string evaluation_table(const Evaluation& evaluation) {
  const std::string own = evaluation.method.empty() ? "" : evaluation.method + " published";
  std::vector<Row> rows = {
      {"metric", "value", "better", "floor", own, "best published", "position"}};
  for (const Figure& figure : evaluation.figures) rows.push_back(row_of(figure, evaluation.method));
  const bool has_published =
      std::any_of(evaluation.figures.begin(), evaluation.figures.end(),
                  [](const Figure& item) { return !item.published.empty(); });
  const bool has_floor = std::any_of(evaluation.figures.begin(), evaluation.figures.end(),
                                     [](const Figure& item) { return item.floor.has_value(); });
  for (Row& row : rows) {
    if (!has_floor) row[3].clear();
    if (!has_published) row[4] = row[5] = row[6] = "";
  }
  std::string result = heading(evaluation) + render(rows);
  if (has_floor) result += "floor: the training set in place of the generated samples\n";
  result += spread_text(evaluation);
  const bool has_unverified =
      has_published && std::any_of(rows.begin() + 1, rows.end(), [](const Row& row) {
        return !row[4].empty() && row[4].back() == '*';
      });
  if (has_unverified) result += "*: remembered or weakly sourced, not verified\n";
  for (const Figure& figure : evaluation.figures)
    if (!figure.value.note.empty())
      result += fmt::format("{}: {}\n", figure.value.name, figure.value.note);
  for (const std::string& remark : evaluation.remarks) result += remark + "\n";
  for (const LeftOutMetric& item : evaluation.left_out)
    result += fmt::format("left out: {} ({})\n", item.metric, item.reason);
  if (evaluation.skipped_count > 0) {
    result += fmt::format("{} generated rows could not be read", evaluation.skipped_count);
    if (!evaluation.skipped.empty())
      result += fmt::format(", the first: {}: {}", evaluation.skipped.front().source,
                            evaluation.skipped.front().reason);
    result += "\n";
  }
  return result;
}

std::string verdicts_csv(std::span<const SampleVerdict> verdicts) {
  std::vector<Relation> relations;
  for (const Relation relation : kRelations)
    if (std::ranges::any_of(verdicts, [&](const SampleVerdict& verdict) {
          return counterpart_of(verdict, relation) != nullptr;
        }))
      relations.push_back(relation);
  std::string result = "index,text,size,edges,valid,valid_without_correction,unique,novel,reason";
  for (const Relation relation : relations)
    result += fmt::format(",{0}_index,{0}_name,{0}_distance", relation_name(relation));
  result += '\n';
  for (const SampleVerdict& verdict : verdicts) {
    result += fmt::format("{},{},{},{},{},{},{},{},{}", verdict.index, csv_field(verdict.text),
                          verdict.size, verdict.edge_count, flag(verdict.valid),
                          flag(verdict.valid_without_correction), flag(verdict.unique),
                          flag(verdict.novel), csv_field(verdict.reason));
    for (const Relation relation : relations)
      result += counterpart_fields(counterpart_of(verdict, relation));
    result += '\n';
  }
  return result;
}

}  // namespace equigen
