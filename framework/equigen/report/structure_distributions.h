// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "equigen/report/distributions.h"

/// compare_distributions() of sets of one kind of structure.
namespace equigen::report {

std::vector<Distribution> compare_graphs(std::span<const Sample> generated,
                                         std::span<const Sample> reference);
std::vector<Distribution> compare_molecules(std::span<const Sample> generated,
                                            std::span<const Sample> reference);
std::vector<Distribution> compare_crystals(std::span<const Sample> generated,
                                           std::span<const Sample> reference);

}  // namespace equigen::report
