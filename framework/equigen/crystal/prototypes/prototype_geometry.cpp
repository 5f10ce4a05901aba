// SPDX-License-Identifier: MIT
#include "equigen/crystal/prototypes/prototype_geometry.h"

#include <cmath>
#include <numbers>

namespace equigen {
namespace {

using Cell = std::optional<PrototypeCell>;
using Distances = std::span<const double>;
using std::numbers::sqrt2;
using std::numbers::sqrt3;

// Goldschmidt's tolerance factors within which perovskites form.
constexpr double kLeastTolerance = 0.85, kMostTolerance = 1.05;

LatticeParameters cubic(double a) {
  return {{a, a, a}, {90, 90, 90}};
}

LatticeParameters tetragonal(double a, double c) {
  return {{a, a, c}, {90, 90, 90}};
}

LatticeParameters hexagonal(double a, double c) {
  return {{a, a, c}, {90, 90, 120}};
}

Cell rock_salt(Distances d) {
  return PrototypeCell{cubic(2 * d[0]), {{0, 'a', {}}, {1, 'b', {}}}};
}

Cell caesium_chloride(Distances d) {
  return PrototypeCell{cubic(2 * d[0] / sqrt3), {{0, 'a', {}}, {1, 'b', {}}}};
}

Cell zinc_blende(Distances d) {
  return PrototypeCell{cubic(4 * d[0] / sqrt3), {{0, 'a', {}}, {1, 'c', {}}}};
}

/// Ideal: c/a = sqrt(8/3), u = 3/8.
Cell wurtzite(Distances d) {
  const double ratio = std::sqrt(8.0 / 3);
  const double a = d[0] * ratio;
  return PrototypeCell{hexagonal(a, a * ratio), {{0, 'b', {0, 0, 0}}, {1, 'b', {0, 0, 0.375}}}};
}

Cell nickel_arsenide(Distances d) {
  const double a = d[0] * sqrt2;
  return PrototypeCell{hexagonal(a, a * std::sqrt(8.0 / 3)), {{0, 'a', {}}, {1, 'c', {}}}};
}

Cell fluorite(Distances d) {
  return PrototypeCell{cubic(4 * d[0] / sqrt3), {{0, 'a', {}}, {1, 'c', {}}}};
}

Cell antifluorite(Distances d) {
  return PrototypeCell{cubic(4 * d[0] / sqrt3), {{0, 'c', {}}, {1, 'a', {}}}};
}

/// c/a and x of TiO2; a from the mean of the six distances.
Cell rutile(Distances d) {
  constexpr double kRatio = 0.644, kX = 0.305;
  const double axial = sqrt2 * kX;
  const double equatorial = std::hypot(sqrt2 * (0.5 - kX), kRatio / 2);
  const double a = d[0] / ((2 * axial + 4 * equatorial) / 6);
  return PrototypeCell{tetragonal(a, kRatio * a), {{0, 'a', {}}, {1, 'f', {kX, kX, 0}}}};
}

Cell beta_cristobalite(Distances d) {
  return PrototypeCell{cubic(8 * d[0] / sqrt3), {{0, 'a', {}}, {1, 'c', {}}}};
}

Cell rhenium_trioxide(Distances d) {
  return PrototypeCell{cubic(2 * d[0]), {{0, 'a', {}}, {1, 'd', {}}}};
}

/// c/a, z and x of Al2O3, in which the mean of the six distances is 0.402 a.
Cell corundum(Distances d) {
  constexpr double kRatio = 2.73, kZ = 0.3522, kX = 0.3063, kMeanDistance = 0.402;
  const double a = d[0] / kMeanDistance;
  return PrototypeCell{hexagonal(a, kRatio * a), {{0, 'c', {0, 0, kZ}}, {1, 'e', {kX, 0, 0.25}}}};
}

bool forms_perovskite(double to_a, double to_b) {
  const double tolerance = to_a / (sqrt2 * to_b);
  return tolerance >= kLeastTolerance && tolerance <= kMostTolerance;
}

Cell perovskite(Distances d) {
  if (!forms_perovskite(d[0], d[1])) return std::nullopt;
  const double a = std::max(2 * d[1], sqrt2 * d[0]);
  return PrototypeCell{cubic(a), {{0, 'b', {}}, {1, 'a', {}}, {2, 'd', {}}}};
}

Cell double_perovskite(Distances d) {
  if (!forms_perovskite(d[0], (d[1] + d[2]) / 2)) return std::nullopt;
  const double a = std::max(2 * (d[1] + d[2]), 2 * sqrt2 * d[0]);
  const double x = 0.5 * d[1] / (d[1] + d[2]);
  return PrototypeCell{cubic(a), {{0, 'c', {}}, {1, 'a', {}}, {2, 'b', {}}, {3, 'e', {x, 0, 0}}}};
}

/// Both distances fix a and the anion's parameter u: A at 1/8, B at 1/2.
Cell spinel(Distances d) {
  const auto parameter = [&](double a) { return 0.125 + d[0] / (sqrt3 * a); };
  const auto octahedral = [&](double a) {
    const double u = parameter(a);
    return a * std::sqrt(std::pow(0.5 - u, 2) + 2 * std::pow(u - 0.25, 2));
  };
  double low = 3 * d[1], high = 6 * d[1];
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (octahedral(middle) < d[1] ? low : high) = middle;
  }
  const double u = parameter(low);
  if (u < 0.25 || u > 0.28) return std::nullopt;
  return PrototypeCell{cubic(low), {{0, 'a', {}}, {1, 'd', {}}, {2, 'e', {u, u, u}}}};
}

/// K2NiF4: perovskite layers, each A on the axis of the next layer's anion.
Cell ruddlesden_popper(Distances d) {
  if (!forms_perovskite(d[0], d[1])) return std::nullopt;
  const double c = 2 * (2 * d[1] + d[0]);
  return PrototypeCell{tetragonal(2 * d[1], c),
                       {{0, 'e', {0, 0, (d[0] + d[1]) / c}},
                        {1, 'a', {}},
                        {2, 'c', {}},
                        {2, 'e', {0, 0, d[1] / c}}}};
}

Cell chalcopyrite(Distances d) {
  const double a = 2 * (d[0] + d[1]) / sqrt3;
  const double x = 0.25 + (d[0] * d[0] - d[1] * d[1]) / (a * a);
  return PrototypeCell{tetragonal(a, 2 * a),
                       {{0, 'a', {}}, {1, 'b', {}}, {2, 'd', {x, 0.25, 0.125}}}};
}

/// Half-Heusler: zinc blende with the other tetrahedra filled, too.
Cell half_heusler(Distances d) {
  return PrototypeCell{cubic(2 * (d[0] + d[1]) / sqrt3),
                       {{0, 'b', {}}, {1, 'a', {}}, {2, 'c', {}}}};
}

}  // namespace

std::span<const Prototype> prototypes() {
  static const std::vector<Prototype> all{
      {"rock_salt", 225, {1}, {6}, 1, 6, rock_salt},
      {"caesium_chloride", 221, {1}, {8}, 1, 8, caesium_chloride},
      {"zinc_blende", 216, {1}, {4}, 1, 4, zinc_blende},
      {"wurtzite", 186, {1}, {4}, 1, 4, wurtzite},
      {"nickel_arsenide", 194, {1}, {6}, 1, 6, nickel_arsenide},
      {"fluorite", 225, {1}, {8}, 2, 4, fluorite},
      {"antifluorite", 225, {2}, {4}, 1, 8, antifluorite},
      {"rutile", 136, {1}, {6}, 2, 3, rutile},
      {"beta_cristobalite", 227, {1}, {4}, 2, 2, beta_cristobalite},
      {"rhenium_trioxide", 221, {1}, {6}, 3, 2, rhenium_trioxide},
      {"corundum", 167, {2}, {6}, 3, 4, corundum},
      {"perovskite", 221, {1, 1}, {12, 6}, 3, 6, perovskite},
      {"double_perovskite", 225, {2, 1, 1}, {12, 6, 6}, 6, 6, double_perovskite, true},
      {"spinel", 227, {1, 2}, {4, 6}, 4, 4, spinel},
      {"ruddlesden_popper", 139, {2, 1}, {9, 6}, 4, 6, ruddlesden_popper},
      {"chalcopyrite", 122, {1, 1}, {4, 4}, 2, 4, chalcopyrite},
      {"half_heusler", 216, {1, 1}, {4, 4}, 1, 8, half_heusler}};
  return all;
}

}  // namespace equigen
