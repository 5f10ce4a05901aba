// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

#include "equigen/molecule/molecule.h"

/// From the atoms and bond orders that a model generated to a molecule, as GDSS and the methods
/// compared with it do (Jo, Lee, Hwang, "Score-based Generative Modeling of Graphs via the System
/// of Stochastic Differential Equations", ICML 2022): build, correct the valences, keep the largest
/// part.
namespace equigen::generated_molecule {

/// Builds atoms [N] (atomic numbers) and bonds [N, N] (orders 0..3, row-major; the strict lower
/// triangle is read). Bonds are added row by row, and after each the valences are checked: when the
/// first complaint is about N, O or S with one bond too many, that atom gets the charge +1.
/// Throws DataError when the sizes do not fit, an element is unknown or an order is not in 0..3.
Molecule build(std::span<const int> atomic_numbers, std::span<const int> bond_orders);

/// Whether every valence is possible. This is what "validity without correction" counts;
/// aromaticity and separate parts do not matter.
bool valid_without_correction(const Molecule& built);

/// While an atom has too many bonds, lowers its bond of the highest order (the first of equal ones)
/// by one. A lowered bond moves to the end of the list of bonds, a single bond goes away.
/// Throws DataError when an atom without bonds is impossible (a charge no bond explains).
Molecule correct(const Molecule& built);

/// Keeps the part with the longest SMILES (the first of equal ones) and reads it again; nothing
/// when that cannot be read or there is no atom. `smiles` of the result is canonical.
std::optional<Molecule> finish(const Molecule& corrected);

/// A molecule from a model's output. `molecule` has no atoms when nothing could be made of it.
struct Outcome {
  Molecule molecule;
  bool valid_without_correction = false;
};

/// build, valid_without_correction, correct, finish.
Outcome make(std::span<const int> atomic_numbers, std::span<const int> bond_orders);

}  // namespace equigen::generated_molecule
