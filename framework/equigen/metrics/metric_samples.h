// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "equigen/data/sample.h"

/// What metrics ask of the sets they are given.
namespace equigen {

/// Copies the graphs out. Throws DataError when a sample is a molecule.
std::vector<Graph> graphs_of(std::span<const Sample> samples);

/// Throws DataError when `count` is 0; `set` is "generated" or "reference".
void require_samples(std::size_t count, std::string_view set);

}  // namespace equigen
