// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace equigen {

struct Atom {
  std::uint8_t atomic_number = 6;
  std::int8_t formal_charge = 0;
  bool operator==(const Atom&) const = default;
};

struct Bond {
  std::int32_t begin = 0;
  std::int32_t end = 0;
  std::uint8_t order = 1;  ///< 1, 2, 3; aromatic bonds are kekulised before they get here; 0: could
                           ///< not be determined, so that the molecule is not a valid one
  bool operator==(const Bond&) const = default;
};

/// A molecule as plain data. Hydrogens are implicit unless the source listed them as atoms.
struct Molecule {
  std::vector<Atom> atoms;
  std::vector<Bond> bonds;
  std::vector<std::array<double, 3>> positions;  ///< Å; empty, or one for each atom
  std::string smiles;  ///< canonical SMILES where known (with stereochemistry if the source had
                       ///< any), else empty
  std::string name;    ///< title or identifier of the source, may be empty
  std::string plain_smiles;  ///< `smiles` without stereochemistry and isotopes, where it may have
                             ///< some and reading found it, else empty; see plain_smiles()

  bool operator==(const Molecule&) const = default;
};

/// Element symbol ("Cl") to atomic number and back; 0 and "" for an unknown one.
int atomic_number_of(const std::string& symbol);
const std::string& element_symbol(int atomic_number);

}  // namespace equigen
