// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/molecule/molecule.h"

/// Files of molecules: `.smi`, `.csv` and `.tsv` (read only), `.sdf`, `.xyz` and `.extxyz`, each
/// also as `.gz`.
///
/// A line of `.smi` is SMILES, then optionally a title and `key=number` properties, separated by
/// tabs (or spaces, when the line has no tab). Empty lines, lines that start with # and a heading
/// "smiles ..." are no rows. A sample that could not be turned into a molecule is the word
/// `invalid` in place of the SMILES: other programs skip it as unreadable, here it reads back as a
/// Molecule without atoms, so that record k stays sample k. In `.sdf` and `.xyz` it is a record
/// without atoms.
///
/// `.xyz` and `.extxyz` hold elements and positions only, hydrogens too: bonds are perceived (see
/// bond_perception.h), with the charge that the comment states.
namespace equigen {

using MoleculeProperties = std::vector<std::pair<std::string, double>>;
using MoleculeTexts = std::vector<std::pair<std::string, std::string>>;

struct MoleculeRecord {
  Molecule molecule;
  MoleculeProperties properties;
  std::int64_t row = 0;      ///< number of the record in the file, from 0, broken ones counted
  std::int64_t line = 0;     ///< line where it starts, from 1
  MoleculeTexts texts = {};  ///< what else stood beside it, where `keep_texts` asked for it
};

struct BrokenMoleculeRow {
  std::int64_t row = 0;
  std::int64_t line = 0;
  std::string reason;
};

/// What a file held, in its order.
struct MoleculeFile {
  std::vector<MoleculeRecord> records;
  std::vector<BrokenMoleculeRow> broken;
  std::int64_t row_count = 0;  ///< records and broken rows together
};

struct MoleculeFileOptions {
  /// Of .csv; empty: see find_smiles_column(), or where no column is named so the only one whose
  /// first rows are all SMILES.
  std::string smiles_column;
  bool keep_hydrogens = false;  ///< of .sdf: explicit hydrogens stay atoms
  int charge = 0;               ///< of molecules in .xyz whose comment states none
  /// Samples that are to be judged: hydrogens of molecules with positions stay atoms, and what is
  /// no possible molecule is a record, not a broken row. In .sdf its canonical SMILES cannot be
  /// written; in .xyz its bonds have the order 0, not determined.
  bool to_be_judged = false;
  bool keep_texts = false;  ///< of .csv and .sdf: fields that are no numbers, too
};

/// Reads a file of molecules on all cores; its format is told by the name. Molecules of `.sdf` with
/// 3-D coordinates keep them [Å] and the file's order of atoms; all others are read like
/// parse_smiles() does. Numbers in data fields or columns become properties.
/// Throws DataError: missing or damaged file, unknown format, no such column.
MoleculeFile read_molecule_file(const std::filesystem::path& path,
                                const MoleculeFileOptions& options = {});

/// The same for text that is already there; `extension` is ".smi", ".csv", ".tsv", ".sdf",
/// ".xyz" or ".extxyz", `source` names it in messages. A .csv is parted by what its heading has
/// most of: commas, semicolons or tabs.
MoleculeFile parse_molecule_file(std::string_view text, const std::string& extension,
                                 const std::string& source,
                                 const MoleculeFileOptions& options = {});

/// Index of the column that holds SMILES: `wanted` where it is given; else the one named "smiles"
/// in any case; else the only one whose name contains it; else the only column. Throws DataError
/// ("csv-column") that lists the columns.
std::size_t find_smiles_column(std::span<const std::string> names, const std::string& wanted,
                               const std::string& source);

/// What stands for a molecule where a file has its SMILES: `Molecule::smiles`, else the canonical
/// SMILES of the graph; the word for none where it has no atoms. Throws DataError for a graph that
/// is no possible molecule.
std::string smiles_field(const Molecule& molecule);

/// One line of `.smi` with its end: `Molecule::smiles`, else the canonical SMILES of the graph.
std::string smi_line(const Molecule& molecule,
                     std::span<const std::pair<std::string, double>> properties);

/// One record of `.sdf` (V2000, kekulised) with its `$$$$`. Positions are written as 3-D
/// coordinates; where there are none, 2-D coordinates are computed. An empty line in a text would
/// end its field and becomes a blank one.
std::string sdf_record(const Molecule& molecule,
                       std::span<const std::pair<std::string, double>> properties,
                       std::span<const std::pair<std::string, std::string>> texts = {});

/// One frame of `.xyz`, or of `.extxyz` when `extended`, which alone holds texts. Throws DataError
/// for a molecule without positions.
std::string xyz_record(const Molecule& molecule,
                       std::span<const std::pair<std::string, double>> properties, bool extended,
                       std::span<const std::pair<std::string, std::string>> texts = {});

/// Writes all records, `.smi`, `.sdf`, `.xyz` or `.extxyz`, gzip by name. Throws ConfigError for
/// another format, ResourceError when the file cannot be written.
void write_molecule_file(const std::filesystem::path& path,
                         std::span<const MoleculeRecord> records);

}  // namespace equigen
