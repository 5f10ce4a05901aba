// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "equigen/crystal/crystal.h"
#include "equigen/crystal/matrix3.h"

namespace equigen {

/// How different two crystals may be and still match. Lengths of lattice vectors may differ by the
/// factor 1 + ltol, angles by angle_tol degrees, positions by stol·(V/n)^(1/3).
struct MatchTolerances {
  double ltol = 0.2;
  double stol = 0.3;
  double angle_tol = 5;  ///< degrees

  bool operator==(const MatchTolerances&) const = default;
};

/// The tolerances of the field's match rates of reconstruction and structure prediction.
inline constexpr MatchTolerances kReconstructionTolerances{
    .ltol = 0.3, .stol = 0.5, .angle_tol = 10};

/// Displacements in units of (V/n)^(1/3).
struct MatchDistance {
  double rms = 0;
  double largest = 0;
};

/// A crystal reduced once (Niggli, then primitive cell), to be matched with many others.
class PreparedCrystal {
 public:
  /// The sites of one element: indices [first, first + count) of `positions()`.
  struct Block {
    int atomic_number = 0;
    std::size_t first = 0;
    std::size_t count = 0;

    bool operator==(const Block&) const = default;
  };

  /// Throws DataError for a crystal without sites or with more than 10,000, with a lattice that
  /// cannot be reduced, or with a cell many times longer than wide.
  explicit PreparedCrystal(const Crystal& crystal);

  [[nodiscard]] const Crystal& reduced() const { return reduced_; }
  [[nodiscard]] const Composition& reduced_composition() const { return composition_; }
  /// By ascending atomic number.
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  /// Fractional positions in the reduced cell, by block.
  [[nodiscard]] const std::vector<Vector3>& positions() const { return positions_; }
  /// The block of the rarest element, the one that comes first in the reduced crystal on ties.
  [[nodiscard]] std::size_t anchor_block() const { return anchor_block_; }
  [[nodiscard]] const LatticeParameters& parameters() const { return parameters_; }
  /// Å³
  [[nodiscard]] double volume() const { return volume_; }

 private:
  Crystal reduced_;
  Composition composition_;
  std::vector<Block> blocks_;
  std::vector<Vector3> positions_;
  std::size_t anchor_block_ = 0;
  LatticeParameters parameters_;
  double volume_ = 0;
};

/// True when the crystals are the same up to the tolerances: equal reduced compositions, and a
/// mapping whose *largest* displacement is below stol. Follows pymatgen's StructureMatcher.fit with
/// primitive cells and scaling to equal volume; mirror images match.
bool fit(const PreparedCrystal& a, const PreparedCrystal& b, const MatchTolerances& tolerances);

/// The mapping with the smallest root mean square displacement where that is below stol, else
/// nothing. Follows StructureMatcher.get_rms_dist; may find a match where fit() finds none, since
/// the largest displacement may exceed stol. Symmetric in a and b up to about 1e-4.
std::optional<MatchDistance> rms_distance(const PreparedCrystal& a, const PreparedCrystal& b,
                                          const MatchTolerances& tolerances);

}  // namespace equigen
