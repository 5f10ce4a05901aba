// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/crystal/crystal.h"

/// What readers and writers of crystals share.
namespace equigen {

/// A crystal with the named numbers and texts that stood beside it.
struct CrystalRecord {
  Crystal crystal;
  std::vector<std::pair<std::string, double>> properties;
  std::vector<std::pair<std::string, std::string>> texts = {};

  bool operator==(const CrystalRecord&) const = default;
};

/// No file may make the reader build a cell of more atoms.
inline constexpr std::size_t kMostAtomsOfCell = 200'000;

/// Atomic number of "Ti", "ti", "Ti4+", "Ti1", "O2-", "Fe_pv" or "D" (deuterium and tritium are
/// hydrogen). Where two letters are an element in capitals only ("OS1"), the first letter decides
/// unless `is_symbol`. Throws DataError ("element-unknown") that names the text; the symbols of
/// elements 104 to 118 are refused, not taken as their first letters.
int element_of_label(std::string_view label, bool is_symbol);

/// Throws DataError ("crystal-lattice") for lengths outside (0, 10000] Å, angles outside (0, 180)
/// degrees and what is not finite; a lattice without volume is let pass.
void require_usable(const LatticeParameters& parameters);
/// The same of lengths alone.
void require_usable_lengths(const Vector3& lengths);

}  // namespace equigen
