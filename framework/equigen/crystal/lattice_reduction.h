// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/crystal/crystal.h"
#include "equigen/crystal/matrix3.h"

namespace equigen {

struct ReducedLattice {
  Lattice lattice;
  IntegerMatrix3 transformation = kIdentity3;  ///< lattice = transformation · given lattice
};

/// Lenstra–Lenstra–Lovász reduction of the three vectors in their order. Throws DataError for a
/// lattice that is flat, not finite, or too skewed for double precision.
ReducedLattice lll_reduced(const Lattice& lattice, double delta = 0.75);

/// `reference`: what the field's published cells come from (pymatgen): after the swap of the first
/// two vectors, the following comparison and the choice of signs still use the values from before
/// it, so that a cell may end with acute and obtuse angles mixed. `textbook`: Grosse-Kunstleve,
/// Sauter and Adams, Acta Cryst. A60 (2004) 1, as written.
enum class NiggliRule { reference, textbook };

/// The Niggli cell, right-handed, with tolerance 1e-5·V^(1/3). Throws as lll_reduced() does.
ReducedLattice niggli_reduced(const Lattice& lattice, NiggliRule rule = NiggliRule::reference);

/// Sites keep their Cartesian positions and are wrapped into the new cell.
Crystal niggli_reduced(const Crystal& crystal, NiggliRule rule = NiggliRule::reference);

}  // namespace equigen
