// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

namespace equigen {

/// Effective ionic radius in Å (Shannon, Acta Cryst. A32, 751 (1976); high spin where there are
/// both; P3-, As3- and Sb3-: Pauling). An anion whose coordination is not in the table has its
/// radius of six neighbours; a cation has none then.
std::optional<double> ionic_radius(int atomic_number, int charge, int coordination);

struct IonKind {
  int atomic_number = 0;
  int charge = 0;

  bool operator==(const IonKind&) const = default;
};

/// Cations that are common in solids, radioactive elements apart, by atomic number and charge.
std::span<const IonKind> common_cations();
/// N3-, O2-, F-, P3-, S2-, Cl-, As3-, Se2-, Br-, Sb3-, Te2-, I-.
std::span<const IonKind> common_anions();

}  // namespace equigen
