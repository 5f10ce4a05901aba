// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "equigen/crystal/crystal.h"
#include "equigen/crystal/files/cif_columns.h"

namespace equigen {

/// How the atoms of a cell agree with the formula that the file states.
enum class FormulaAgreement {
  lacking,       ///< fewer of an element than one formula has: atoms are missing
  contrary,      ///< other shares of the elements, but none is missing
  whole_number,  ///< a whole number of formulas, or none that could be compared is stated
  exact,         ///< as many as are stated
};

/// _chemical_formula_sum of a block. Formulas with fractions of atoms, or that are not plain
/// elements and counts, are not compared; hydrogen that is not among the atoms is passed over,
/// since measured crystals often leave it out.
class StatedFormula {
 public:
  explicit StatedFormula(const CifColumns& block);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] FormulaAgreement agreement(const Crystal& crystal) const;

 private:
  std::string text_;
  std::map<int, std::int64_t> counts_;  ///< by atomic number; empty: nothing to compare
  std::int64_t units_ = 1;              ///< _cell_formula_units_Z
};

}  // namespace equigen
