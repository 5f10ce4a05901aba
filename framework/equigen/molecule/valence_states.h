// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace equigen {

/// A valence that an element takes with a formal charge. `penalty` says how unusual it is: 0 for
/// the element's normal valence.
struct ValenceState {
  int charge;
  int valence;
  double penalty;
};

/// The states of an element; none for one of which no valences are known.
std::span<const ValenceState> valence_states(int atomic_number);

/// Covalent radius [Å] whatever the bond (Cordero et al., "Covalent radii revisited", 2008; low
/// spin); 1.7 for the elements behind curium.
double covalent_radius(int atomic_number);

/// Covalent radius [Å] for a bond of order 1, 2 or 3 (Pyykkö, Atsumi, "Molecular Single-Bond
/// Covalent Radii for Elements 1-118", 2009, and its companions for double and triple bonds); 0
/// where it is not tabulated here.
double bond_radius(int atomic_number, int order);

}  // namespace equigen
