// SPDX-License-Identifier: MIT
#pragma once

// Private to the molecule module.

#include <GraphMol/Atom.h>

#include <bitset>
#include <cstddef>

/// Elements, each aromatic or not, by which most atoms of a pattern are ruled out at once.
namespace equigen::rdkit {

/// What an atom of a pattern may be.
using AtomClasses = std::bitset<24>;

/// The class of an atom of a molecule, below AtomClasses().size().
std::size_t atom_class(const RDKit::Atom& atom);

/// The classes that an atom of a pattern may match; never too few.
AtomClasses possible_classes(const RDKit::Atom& atom);

}  // namespace equigen::rdkit
