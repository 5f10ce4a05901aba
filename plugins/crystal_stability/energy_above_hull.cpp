// SPDX-License-Identifier: MIT
#include "crystal_stability/energy_above_hull.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "crystal_stability/linear_program.h"
#include "equigen/base/csv_rows.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/crystal/formula.h"

namespace equigen::crystal_stability {
namespace {

std::size_t column_of(const CsvRow& heading, const std::string& name,
                      const std::filesystem::path& path) {
  const auto found = std::ranges::find(heading.fields, name);
  if (found == heading.fields.end()) {
    throw DataError("crystal-stability-hull",
                    fmt::format("{} has no column {}", path.string(), name),
                    "the table of phases needs the columns formula and energy_per_atom (eV)");
  }
  return static_cast<std::size_t>(found - heading.fields.begin());
}

std::int64_t atoms_in(const Composition& composition) {
  std::int64_t atoms = 0;
  for (const auto& [element, count] : composition) atoms += count;
  return atoms;
}

double fraction_of(const Composition& composition, int element) {
  for (const auto& [number, count] : composition)
    if (number == element)
      return static_cast<double>(count) / static_cast<double>(atoms_in(composition));
  return 0.0;
}

bool is_made_of(const Composition& phase, const Composition& whole) {
  return std::ranges::all_of(phase, [&](const auto& entry) {
    return std::ranges::any_of(whole, [&](const auto& own) { return own.first == entry.first; });
  });
}

}  // namespace

std::vector<Phase> read_phases(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  const std::vector<CsvRow> rows = split_csv(text, ',');
  if (rows.empty())
    throw DataError("crystal-stability-hull", fmt::format("{} is empty", path.string()));
  const std::size_t formula = column_of(rows.front(), "formula", path);
  const std::size_t energy = column_of(rows.front(), "energy_per_atom", path);
  std::vector<Phase> phases;
  for (const CsvRow& row : std::span(rows).subspan(1)) {
    const auto refuse = [&](const std::string& reason) {
      throw DataError("crystal-stability-hull",
                      fmt::format("{}:{}: {}", path.string(), row.line, reason));
    };
    if (row.fields.size() <= std::max(formula, energy)) refuse("too few columns");
    const auto value = text::to_real(row.fields[energy]);
    if (!value || !std::isfinite(*value))
      refuse(fmt::format("'{}' is not an energy in eV per atom", row.fields[energy]));
    try {
      phases.push_back({reduced(parse_formula(row.fields[formula])), *value});
    } catch (const DataError& error) {
      refuse(error.message());
    }
  }
  return phases;
}

std::optional<double> hull_energy(std::span<const Phase> phases, const Composition& composition) {
  LinearProgram program;
  std::vector<std::vector<double>> columns;
  for (const Phase& phase : phases) {
    if (!is_made_of(phase.composition, composition)) continue;
    std::vector<double> column;
    for (const auto& [element, count] : composition)
      column.push_back(fraction_of(phase.composition, element));
    columns.push_back(std::move(column));
    program.costs.push_back(phase.energy_per_atom);
  }
  for (std::size_t row = 0; row < composition.size(); ++row) {
    std::vector<double> coefficients;
    for (const auto& column : columns) coefficients.push_back(column[row]);
    program.rows.push_back(std::move(coefficients));
    program.right_sides.push_back(fraction_of(composition, composition[row].first));
  }
  return least_cost(program);
}

}  // namespace equigen::crystal_stability
