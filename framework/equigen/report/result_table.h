// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen::report {

/// A figure that several evaluations may have. Two figures are one column only when name, protocol,
/// unit, data set and size of the reference set are the same.
struct ResultColumn {
  std::string name;
  std::string label;
  Direction direction = Direction::neither;
  std::string unit;
  std::string protocol;
  std::string dataset;
  std::int64_t reference_count = 0;
  int decimals = 3;  ///< so that the column's numbers line up

  bool operator==(const ResultColumn&) const = default;
};

struct ResultCell {
  std::optional<double> value;  ///< nothing: not computed, or not finite
  double spread = 0;            ///< 0: not known
  std::int64_t sample_count = 0;
  bool is_best = false;     ///< of the runs
  bool is_printed = false;  ///< shown with the digits that the source printed
};

enum class ResultKind { training, published, run };

struct ResultRow {
  std::string name;
  ResultKind kind = ResultKind::run;
  std::vector<ResultCell> cells;     ///< one a column
  std::vector<std::string> sources;  ///< of published rows, each once
};

/// Figures of some runs beside the floor and verified published figures: rows are systems, the
/// runs last.
struct ResultTable {
  std::string caption;
  std::vector<ResultColumn> columns;
  std::vector<ResultRow> rows;
  std::string spread;  ///< what ± means for the runs; may be empty

  bool empty() const { return columns.empty() || rows.empty(); }
};

struct NamedEvaluation {
  std::string name;
  const Evaluation* evaluation = nullptr;
};

/// Collects the figures that have a direction (all of them with `with_statistics`). The best run of
/// a column is marked where not all that have it are equal. With `with_published`, verified
/// published figures become rows.
ResultTable result_table(std::span<const NamedEvaluation> runs, bool with_published,
                         bool with_statistics = false);

/// "0.034", "0.034 ± 0.005" with the column's decimals; "–" without a value.
std::string cell_text(const ResultCell& cell, const ResultColumn& column);

/// A LaTeX table for the package booktabs, special characters escaped; sources as comments.
std::string latex_table(const ResultTable& table);

/// A table of GitHub's Markdown, sources below.
std::string markdown_table(const ResultTable& table);

/// Several tables one behind the other; empty ones are left out.
std::string latex_tables(std::span<const ResultTable> tables);
std::string markdown_tables(std::span<const ResultTable> tables);

}  // namespace equigen::report
