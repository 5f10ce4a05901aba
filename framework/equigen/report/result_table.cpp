// SPDX-License-Identifier: MIT
#include "equigen/report/result_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "equigen/base/text.h"
#include "equigen/report/html.h"

namespace equigen::report {

namespace {

constexpr int kMostDecimals = 5;

ResultColumn column_of(const Figure& figure, const Evaluation& evaluation) {
  const MetricValue& value = figure.value;
  ResultColumn column;
  column.name = value.name;
  column.label = display_name(value.label, value.name);
  column.direction = value.direction;
  column.unit = value.unit == "1" ? "" : value.unit;
  column.protocol = value.protocol;
  column.dataset = evaluation.dataset;
  column.reference_count = evaluation.reference_count;
  return column;
}

const Figure* figure_of(const ResultColumn& column, const Evaluation& evaluation) {
  for (const Figure& figure : evaluation.figures)
    if (column_of(figure, evaluation) == column) return &figure;
  return nullptr;
}

std::vector<ResultColumn> columns_of(std::span<const NamedEvaluation> runs, bool with_statistics) {
  std::vector<ResultColumn> columns;
  for (const NamedEvaluation& run : runs) {
    for (const Figure& figure : run.evaluation->figures) {
      if (figure.value.direction == Direction::neither && !with_statistics) continue;
      const ResultColumn column = column_of(figure, *run.evaluation);
      if (std::find(columns.begin(), columns.end(), column) == columns.end())
        columns.push_back(column);
    }
  }
  return columns;
}

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

ResultRow run_row(const NamedEvaluation& run, const std::vector<ResultColumn>& columns) {
  ResultRow row{run.name, ResultKind::run, {}, {}};
  for (const ResultColumn& column : columns) {
    ResultCell cell;
    if (const Figure* figure = figure_of(column, *run.evaluation)) {
      cell.value = finite(figure->value.value);
      cell.sample_count = figure->value.sample_count;
      if (figure->spread) cell.spread = figure->spread->stdev;
    }
    row.cells.push_back(cell);
  }
  return row;
}

/// The floor of the first run that has one.
ResultRow training_row(std::span<const NamedEvaluation> runs,
                       const std::vector<ResultColumn>& columns) {
  ResultRow row{"Training set", ResultKind::training, {}, {}};
  for (const ResultColumn& column : columns) {
    ResultCell cell;
    for (const NamedEvaluation& run : runs) {
      const Figure* figure = figure_of(column, *run.evaluation);
      if (!figure || !figure->floor || cell.value) continue;
      cell = {finite(figure->floor->value), figure->floor->stdev, figure->floor->sample_count,
              false, false};
    }
    row.cells.push_back(cell);
  }
  return row;
}

ResultRow& row_of_system(std::vector<ResultRow>& rows, const std::string& system,
                         std::size_t cells) {
  for (ResultRow& row : rows)
    if (row.name == system) return row;
  return rows.emplace_back(
      ResultRow{system, ResultKind::published, std::vector<ResultCell>(cells), {}});
}

std::vector<ResultRow> published_rows(std::span<const NamedEvaluation> runs,
                                      const std::vector<ResultColumn>& columns) {
  std::vector<ResultRow> rows;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (const NamedEvaluation& run : runs) {
      const Figure* figure = figure_of(columns[i], *run.evaluation);
      if (!figure) continue;
      for (const PublishedResult& published : figure->published) {
        if (!published.verified) continue;
        ResultRow& row = row_of_system(rows, published.system, columns.size());
        if (!row.cells[i].value)
          row.cells[i] = {finite(published.value), published.stdev.value_or(0), 0, false, true};
        if (std::find(row.sources.begin(), row.sources.end(), published.source) ==
            row.sources.end())
          row.sources.push_back(published.source);
      }
      break;
    }
  }
  return rows;
}

void mark_best(ResultTable& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Direction direction = table.columns[i].direction;
    std::optional<double> best;
    std::set<double> values;
    for (const ResultRow& row : table.rows) {
      if (row.kind != ResultKind::run || !row.cells[i].value) continue;
      values.insert(*row.cells[i].value);
      if (!best || is_better(*row.cells[i].value, *best, direction)) best = row.cells[i].value;
    }
    if (direction == Direction::neither || values.size() < 2) continue;
    for (ResultRow& row : table.rows)
      row.cells[i].is_best = row.kind == ResultKind::run && row.cells[i].value == best;
  }
}

/// Two significant digits of the smallest number; two decimals of percentages.
int decimals_of(const std::vector<ResultRow>& rows, std::size_t column, const std::string& unit) {
  if (unit == "%") return 2;
  double smallest = 0;
  for (const ResultRow& row : rows) {
    if (!row.cells[column].value) continue;
    const double size = std::abs(*row.cells[column].value);
    // What is below the last decimal does not decide on it.
    if (size < 5e-6) continue;
    smallest = smallest == 0 ? size : std::min(smallest, size);
  }
  if (smallest == 0) return 3;
  const int leading = static_cast<int>(std::floor(std::log10(smallest)));
  return std::clamp(1 - leading, 1, kMostDecimals);
}

}  // namespace

ResultTable result_table(std::span<const NamedEvaluation> runs, bool with_published,
                         bool with_statistics) {
  ResultTable table;
  table.columns = columns_of(runs, with_statistics);
  const ResultRow training = training_row(runs, table.columns);
  if (std::any_of(training.cells.begin(), training.cells.end(),
                  [](const ResultCell& cell) { return cell.value.has_value(); }))
    table.rows.push_back(training);
  if (with_published)
    for (ResultRow& row : published_rows(runs, table.columns)) table.rows.push_back(std::move(row));
  for (const NamedEvaluation& run : runs) table.rows.push_back(run_row(run, table.columns));
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    table.columns[i].decimals = decimals_of(table.rows, i, table.columns[i].unit);
  mark_best(table);
  return table;
}

std::string cell_text(const ResultCell& cell, const ResultColumn& column) {
  if (!cell.value) return "–";
  if (cell.is_printed) {
    const std::string printed = text::shortest(*cell.value);
    return cell.spread > 0 ? fmt::format("{} ± {}", printed, text::shortest(cell.spread)) : printed;
  }
  const bool is_tiny = *cell.value != 0 && std::abs(*cell.value) < 5e-6;
  const std::string value = is_tiny ? fmt::format("{:.1e}", *cell.value)
                                    : fmt::format("{:.{}f}", *cell.value, column.decimals);
  if (cell.spread <= 0) return value;
  const bool is_below_decimals = cell.spread < 0.5 * std::pow(10.0, -column.decimals);
  if (is_below_decimals) return fmt::format("{} ± {:.1g}", value, cell.spread);
  return is_tiny ? fmt::format("{} ± {:.1e}", value, cell.spread)
                 : fmt::format("{} ± {:.{}f}", value, cell.spread, column.decimals);
}

}  // namespace equigen::report
