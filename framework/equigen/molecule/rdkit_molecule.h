// SPDX-License-Identifier: MIT
#pragma once

// Private to the molecule module: the only header of equigen that shows RDKit's types.

#include <GraphMol/RWMol.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "equigen/molecule/molecule.h"

namespace equigen::rdkit {

using MoleculePointer = std::unique_ptr<RDKit::RWMol>;

/// Keeps RDKit from writing to the terminal, for the whole process; cheap to call again. What it
/// would have printed as errors is kept for reason_of_failure().
void silence();

/// Forgets what RDKit said on this thread so far.
void forget_failure();

/// What RDKit said on this thread since forget_failure(), in one line without its time stamps;
/// `otherwise` when it said nothing.
std::string reason_of_failure(std::string_view otherwise);

/// Parses and sanitises SMILES. Throws DataError ("smiles-invalid") with the reason.
MoleculePointer parse(std::string_view smiles);

/// to_plain(*parse(smiles)) for SMILES that RDKit wrote, several times faster: what it wrote needs
/// no second look at aromaticity and stereochemistry.
Molecule parse_canonical(const std::string& smiles);

/// Builds atoms, charges and bonds, and nothing more: no sanitising, no positions.
MoleculePointer build(const Molecule& molecule);

/// Builds and sanitises. Throws DataError ("molecule-invalid") with the reason.
MoleculePointer build_sanitised(const Molecule& molecule);

/// Adds the positions of `molecule` as a 3-D conformer.
void add_positions(RDKit::RWMol& target, const Molecule& molecule);

/// Canonical SMILES without the listed hydrogens; stereochemistry is that of the 3-D conformer or
/// the one the molecule has.
std::string written_without_hydrogens(const RDKit::RWMol& molecule, bool stereo_from_positions);

/// Takes atoms and bonds in RDKit's order, kekulising a copy where there are aromatic bonds.
/// Throws DataError ("molecule-unsupported") for wildcard atoms and bonds that are not single,
/// double or triple.
Molecule to_plain(const RDKit::ROMol& source);

}  // namespace equigen::rdkit
