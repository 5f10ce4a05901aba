// SPDX-License-Identifier: MIT
#include "equigen/molecule/molecule.h"

#include <algorithm>

namespace equigen {
namespace {

constexpr int kElementCount = 118;

/// Symbols by atomic number; [0] is empty.
const std::array<std::string, kElementCount + 1>& symbols() {
  static const std::array<std::string, kElementCount + 1> table = {
      "",   "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg", "Al", "Si",
      "P",  "S",  "Cl", "Ar", "K",  "Ca", "Sc", "Ti", "V",  "Cr", "Mn", "Fe", "Co", "Ni", "Cu",
      "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru",
      "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I",  "Xe", "Cs", "Ba", "La", "Ce", "Pr",
      "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W",
      "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac",
      "Th", "Pa", "U",  "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf",
      "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"};
  return table;
}

}  // namespace

int atomic_number_of(const std::string& symbol) {
  if (symbol.empty()) return 0;
  const auto found = std::find(symbols().begin(), symbols().end(), symbol);
  return found == symbols().end() ? 0 : static_cast<int>(found - symbols().begin());
}

const std::string& element_symbol(int atomic_number) {
  const bool known = atomic_number >= 1 && atomic_number <= kElementCount;
  return symbols()[static_cast<std::size_t>(known ? atomic_number : 0)];
}

}  // namespace equigen
