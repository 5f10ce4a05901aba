// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "equigen/molecule/molecule.h"

namespace equigen {

/// Reads SMILES the way the published graph models do (GDSS, spec of its data): canonical SMILES
/// without stereochemistry, parsed again, kekulised; the atoms stand in the order of that second
/// parse. `Molecule::smiles` becomes the canonical form with the stereochemistry of the source.
/// Throws DataError ("smiles-invalid", "molecule-unsupported") with the reason.
Molecule parse_smiles(std::string_view smiles);

/// The canonical SMILES of a molecule without stereochemistry and isotopes: the one it carries
/// where it was read from a file, else found now. Empty for a molecule without atoms. Throws
/// DataError ("smiles-invalid", "molecule-invalid").
std::string plain_smiles(const Molecule& molecule);

/// Canonical SMILES of the graph of atoms, charges and bonds (no stereochemistry); explicit
/// hydrogens are folded into their neighbours. Empty for a molecule without atoms.
/// Throws DataError ("molecule-invalid") when valences or aromaticity make no sense.
std::string canonical_smiles(const Molecule& molecule);

/// The same with the stereochemistry that the molecule's positions show.
std::string smiles_from_positions(const Molecule& molecule);

/// Canonical form of a SMILES, with or without stereochemistry and isotopes.
/// Throws DataError ("smiles-invalid").
std::string canonical_smiles(std::string_view smiles, bool stereo);

/// Whether SMILES carries marks of stereochemistry or isotopes, so that its canonical form without
/// them may differ. May be true for one that carries none.
bool may_have_stereochemistry(std::string_view smiles);

/// For each bond of `molecule`, whether RDKit perceives it as aromatic. Throws DataError
/// ("molecule-invalid").
std::vector<bool> aromatic_bonds(const Molecule& molecule);

}  // namespace equigen
