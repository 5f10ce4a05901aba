// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "equigen/molecule/molecule.h"

namespace equigen {

/// The most heavy atoms that enumerate_molecules() takes.
constexpr int kLargestEnumeration = 9;

/// All molecules of C, N, O, F with 1 to `heavy_atoms` heavy atoms that the rules below allow, by
/// size and then by canonical SMILES; read as parse_smiles() reads them. The same list on every
/// machine with the same RDKit. Uses all cores. (The idea of the GDB databases: Fink, Bruggesser,
/// Reymond, "Virtual exploration of the small-molecule chemical universe below 160 daltons", 2005;
/// the rules here are simpler.)
///
/// Rules. Neutral; one part; at least one carbon; bonds single, double or triple; C makes 4 bonds,
/// N 3, O 2, F 1, hydrogens included.
///
/// Rings: at most three; rings of three or four atoms share no atom with each other, at most one
/// bond with another ring, and hold at most one heteroatom; no triple bond in a ring; no double
/// bond at a three-membered ring, at most one in a four-membered one, none at a bridgehead. No atom
/// has two multiple bonds (no allenes, ketenes, CO2).
///
/// Heteroatoms: bound to each other only as N-N, N=N, N-O, three in a row only in aromatic rings; F
/// on carbon only. A saturated carbon bears at most two of N and O, these without hydrogen
/// (acetals, not hemiacetals), and not together with F. C=C bears no OH or NH (enols, enamines;
/// aromatic rings may); C#C bears no N or O; C#N no O; C=O, C=N and triple bonds no F. C=NH only as
/// amidine or imidate, no C(OH)=N, no HN=N, no carbonic or carbamic acids.
///
/// Throws ConfigError for sizes outside 1..kLargestEnumeration.
std::vector<Molecule> enumerate_molecules(int heavy_atoms);

/// The first rule of enumerate_molecules() that a molecule breaks, as a sentence; nothing when it
/// is allowed.
std::optional<std::string> broken_rule(const Molecule& molecule);

}  // namespace equigen
