// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "equigen/data/sample.h"
#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen::report {

/// Drawings of the first `count` samples. Without verdicts the cards have no badges.
struct Gallery {
  std::span<const Sample> samples;
  std::span<const SampleVerdict> verdicts;  ///< one a sample, or none
  std::size_t count = 0;
  bool with_controls = true;  ///< filters and sorting; the page's script shows them
};

/// Cards as HTML, complete without script: the controls above them are hidden until it runs. Cards
/// can be filtered by verdict and by a range of, and sorted by, size and every named number of the
/// samples.
std::string gallery_element(const Gallery& gallery);

}  // namespace equigen::report
