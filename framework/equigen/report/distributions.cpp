// SPDX-License-Identifier: MIT
#include "equigen/report/distributions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "equigen/report/structure_distributions.h"

namespace equigen::report {

double Distribution::overlap() const {
  if (generated.empty() || reference.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < std::min(generated.size(), reference.size()); ++i)
    sum += std::min(generated[i], reference[i]);
  return sum;
}

std::vector<Distribution> compare_distributions(std::span<const Sample> generated,
                                                std::span<const Sample> reference) {
  if (generated.empty() && reference.empty()) return {};
  const Sample& first = generated.empty() ? reference.front() : generated.front();
  if (std::holds_alternative<Graph>(first.structure)) return compare_graphs(generated, reference);
  if (std::holds_alternative<Crystal>(first.structure))
    return compare_crystals(generated, reference);
  return compare_molecules(generated, reference);
}

nlohmann::json to_json(const Distribution& distribution) {
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  };
  return {{"name", distribution.name},
          {"title", distribution.title},
          {"quantity", distribution.x_label},
          {"classes", distribution.classes},
          {"edges", distribution.edges},
          {"generated", distribution.generated},
          {"reference", distribution.reference},
          {"generated_mean", number(distribution.generated_mean)},
          {"reference_mean", number(distribution.reference_mean)},
          {"overlap", number(distribution.overlap())}};
}

}  // namespace equigen::report
