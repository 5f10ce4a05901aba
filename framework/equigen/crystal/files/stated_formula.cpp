// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/stated_formula.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr int kHydrogen = 1;

std::string value_of(const CifColumns& block, const char* tag) {
  const CifValues* column = block.find(tag);
  return column != nullptr ? cif_string(column->front()) : std::string();
}

bool is_small_letter(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}

/// "Al2 O3", "C24" and "NaCl"; empty for all else.
std::map<int, std::int64_t> plain_counts(std::string_view formula) {
  std::map<int, std::int64_t> counts;
  while (!formula.empty()) {
    if (std::isspace(static_cast<unsigned char>(formula.front())) != 0) {
      formula.remove_prefix(1);
      continue;
    }
    const std::size_t length = formula.size() > 1 && is_small_letter(formula[1]) ? 2 : 1;
    const auto symbol = formula.substr(0, length);
    const int number =
        symbol == "D" || symbol == "T" ? kHydrogen : atomic_number_of_element(symbol);
    formula.remove_prefix(length);
    const auto digits =
        formula.substr(0, std::min(formula.find_first_not_of("0123456789."), formula.size()));
    formula.remove_prefix(digits.size());
    const auto count = digits.empty() ? std::optional<std::int64_t>(1) : text::to_integer(digits);
    if (number == 0 || !count || *count <= 0) return {};
    counts[number] += *count;
  }
  return counts;
}

}  // namespace

StatedFormula::StatedFormula(const CifColumns& block)
    : text_(value_of(block, "_chemical_formula_sum")), counts_(plain_counts(text_)) {
  if (const auto units = text::to_integer(value_of(block, "_cell_formula_units_z")))
    units_ = std::max<std::int64_t>(*units, 1);
}

FormulaAgreement StatedFormula::agreement(const Crystal& crystal) const {
  std::map<int, std::int64_t> atoms;
  for (const auto number : crystal.atomic_numbers) ++atoms[number];
  std::map<int, std::int64_t> stated = counts_;
  if (!atoms.contains(kHydrogen)) stated.erase(kHydrogen);
  if (stated.empty()) return FormulaAgreement::whole_number;
  const bool any_lacks = std::ranges::any_of(
      stated, [&](const auto& entry) { return atoms[entry.first] < entry.second; });
  if (any_lacks) return FormulaAgreement::lacking;
  const std::int64_t count = stated.begin()->second;
  const std::int64_t ours = atoms[stated.begin()->first];
  const bool agree = std::ranges::all_of(stated, [&](const auto& entry) {
    return atoms[entry.first] == entry.second * (ours / count);
  });
  if (!agree || atoms.size() != stated.size()) return FormulaAgreement::contrary;
  return ours == count || ours == count * units_ ? FormulaAgreement::exact
                                                 : FormulaAgreement::whole_number;
}

}  // namespace equigen
