// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "equigen/metrics/molecule/molecule_set.h"

/// Tanimoto similarity of fingerprints, each with each.
namespace equigen::similarity {

/// Fingerprints of one length, one behind the other.
struct Fingerprints {
  std::size_t words = 0;  ///< 64-bit words of each
  std::vector<std::uint64_t> bits;
  std::vector<std::int32_t> set_bits;  ///< how many are set in each

  std::size_t size() const { return set_bits.size(); }
};

/// Folds the 4096 bits of each molecule to `length` (a divisor of 4096 and multiple of 64).
Fingerprints fingerprints(const DescribedMolecules& molecules, std::size_t length);

/// For each fingerprint of `of` the largest similarity to one of `among`. Two empty ones are equal.
/// Throws DataError when `among` is empty.
std::vector<double> nearest(const Fingerprints& of, const Fingerprints& among);

/// The same within one set, each but itself; 0 where there is no other.
std::vector<double> nearest_other(const Fingerprints& set);

/// For each fingerprint the mean over the set (itself too) of its similarities and of their
/// squares.
struct MeanSimilarity {
  double mean = 0;
  double mean_of_squares = 0;
};
std::vector<MeanSimilarity> mean_within(const Fingerprints& set);

}  // namespace equigen::similarity
