// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/crystal_neighbours.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr double kLargestElectronegativityGap = 3.3;
constexpr double kFullWeight = 0.5;  // Å beyond the sum of radii
constexpr double kNoWeight = 1.0;

double radius_of(int atomic_number) {
  const Element& data = element(atomic_number);
  const auto radius = data.covalent_radius ? data.covalent_radius : data.atomic_radius;
  if (!radius)
    throw DataError(
        "crystal.no-radius",
        fmt::format("neither a covalent nor an atomic radius of {} is known", data.symbol));
  return *radius;
}

double electronegativity_factor(int a, int b, double strength) {
  const auto x_a = element(a).pauling_electronegativity, x_b = element(b).pauling_electronegativity;
  if (!x_a || !x_b) return 1;
  return 1 + strength * std::sqrt(std::abs(*x_a - *x_b) / kLargestElectronegativityGap);
}

double distance_factor(double beyond_radii) {
  if (beyond_radii <= kFullWeight) return 1;
  if (beyond_radii >= kNoWeight) return 0;
  const double part = (beyond_radii - kFullWeight) / (kNoWeight - kFullWeight);
  return (std::cos(part * std::numbers::pi) + 1) / 2;
}

void sort_by_weight(std::vector<CrystalNeighbour>& neighbours) {
  std::ranges::stable_sort(neighbours, std::greater{}, &CrystalNeighbour::exact_weight);
}

/// Half the area under the quarter circle up to x.
double semicircle(double x) {
  if (x >= 1) return std::numbers::pi / 4;
  const double y = std::sqrt(1 - x * x);
  return (x * y + std::atan(x / y)) / 2;
}

std::vector<Coordination> coordinations_of(const std::vector<CrystalNeighbour>& neighbours) {
  std::vector<Coordination> result;
  double total = 0;
  for (std::size_t i = 0; i < neighbours.size();) {
    std::size_t next = i;
    while (next < neighbours.size() && neighbours[next].weight == neighbours[i].weight) ++next;
    const double lower = next < neighbours.size() ? neighbours[next].weight : 0;
    const double weight =
        (semicircle(neighbours[i].weight) - semicircle(lower)) / (std::numbers::pi / 4);
    result.push_back({next, weight});
    total += weight;
    i = next;
  }
  if (total < 1) result.insert(result.begin(), {0, 1 - total});
  return result;
}

std::vector<CrystalNeighbour> weighted_by_angle(const Crystal& crystal, std::size_t site,
                                                std::span<const VoronoiFacet> facets,
                                                const NeighbourRule& rule) {
  double largest = 0;
  for (const VoronoiFacet& facet : facets) largest = std::max(largest, facet.solid_angle);
  std::vector<CrystalNeighbour> neighbours;
  for (const VoronoiFacet& facet : facets) {
    if (!(facet.solid_angle > 0 && facet.area > 0)) continue;
    double weight = facet.solid_angle / largest;
    if (rule.porous_adjustment) weight *= facet.solid_angle / facet.area;
    if (rule.electronegativity_weight > 0)
      weight *=
          electronegativity_factor(crystal.atomic_numbers[site], crystal.atomic_numbers[facet.atom],
                                   rule.electronegativity_weight);
    neighbours.push_back({.atom = facet.atom,
                          .cell = facet.cell,
                          .vector = facet.vector,
                          .distance = facet.distance,
                          .exact_weight = weight});
  }
  return neighbours;
}

}  // namespace

std::span<const CrystalNeighbour> SiteNeighbours::shell() const {
  if (coordinations.empty()) return {};
  const auto& likeliest = *std::ranges::max_element(coordinations, {}, &Coordination::weight);
  return std::span(neighbours).first(likeliest.count);
}

SiteNeighbours site_neighbours(const Crystal& crystal, std::size_t site,
                               std::span<const VoronoiFacet> facets, const NeighbourRule& rule) {
  SiteNeighbours result;
  auto& neighbours = result.neighbours;
  neighbours = weighted_by_angle(crystal, site, facets, rule);
  sort_by_weight(neighbours);
  if (!neighbours.empty()) {
    const double largest = neighbours.front().exact_weight;
    for (CrystalNeighbour& neighbour : neighbours) neighbour.exact_weight /= largest;
  }
  if (rule.distance_cutoff) {
    const double radius = radius_of(crystal.atomic_numbers[site]);
    for (CrystalNeighbour& neighbour : neighbours)
      neighbour.exact_weight *= distance_factor(neighbour.distance - radius -
                                                radius_of(crystal.atomic_numbers[neighbour.atom]));
    sort_by_weight(neighbours);
  }
  for (CrystalNeighbour& neighbour : neighbours)
    neighbour.weight = std::nearbyint(neighbour.exact_weight * 1000) / 1000;
  std::erase_if(neighbours,
                [](const CrystalNeighbour& neighbour) { return !(neighbour.weight > 0); });
  result.coordinations = coordinations_of(neighbours);
  return result;
}

}  // namespace equigen
