// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>

#include "equigen/crystal/crystal.h"

namespace equigen {

inline constexpr std::size_t kCompositionFingerprintSize = 132;

/// Minimum, maximum, range, mean, mean absolute deviation and mode of each of Magpie's 22 element
/// properties, weighted by the counts of atoms (Ward et al., npj Comput. Mater. 2 (2016) 16028; the
/// tables of matminer 0.7.3). A property that an element lacks makes its six numbers NaN.
using CompositionFingerprint = std::array<double, kCompositionFingerprintSize>;

/// Throws DataError for an empty composition or an element without data.
CompositionFingerprint composition_fingerprint(const Composition& composition);

/// (x - mean) / deviation with the published constants of the coverage metrics; NaN becomes 0.
CompositionFingerprint scaled_composition_fingerprint(const CompositionFingerprint& fingerprint);

}  // namespace equigen
