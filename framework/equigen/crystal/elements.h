// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace equigen {

/// What the crystal metrics know about an element. The tables are those of pymatgen 2022.11.7
/// (masses, radii, electronegativities), SMACT 2.2.1 and matminer 0.7.3 (Magpie), so that published
/// figures come out alike.
struct Element {
  int atomic_number = 0;
  std::string symbol;
  double atomic_mass = 0;  ///< dalton
  std::optional<double>
      pauling_electronegativity;  ///< pymatgen's; unknown for some noble gases and actinides
  std::optional<double> covalent_radius;    ///< Å
  std::optional<double> atomic_radius;      ///< Å
  std::vector<int> smact_oxidation_states;  ///< ascending; may be empty
  std::optional<double> smact_electronegativity;
  bool smact_is_metal = false;
  std::array<std::optional<double>, 22> magpie{};  ///< in the order of `magpie_features`
};

inline constexpr int kLargestAtomicNumber = 103;

/// Throws DataError for a number outside 1..103.
const Element& element(int atomic_number);

/// Atomic number of "Ti"; 0 for an unknown symbol. Case matters, charges ("Ti4+") are not
/// understood.
int atomic_number_of_element(std::string_view symbol);

}  // namespace equigen
