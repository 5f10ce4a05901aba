// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"

/// Files of samples, their format told by the name:
///
/// - `.smi` (`.smiles`): a molecule a line: SMILES, then a title and `name=number` properties
/// - `.csv`, `.tsv`: molecules; one column holds SMILES, numeric ones are properties
/// - `.sdf` (`.mol`): molecules; V2000 block and data fields, `$$$$`
/// - `.xyz`, `.extxyz`: molecules; elements and positions, bonds are perceived when read. A file
///   whose first frame has `Lattice=` holds crystals, which are written to `.extxyz`
/// - `.cif`: crystals, a block each; see read_cif_block()
/// - POSCAR, CONTCAR, `.poscar`, `.vasp`: one crystal
/// - `.csv`, `.tsv` with a column of CIF: crystals; the others are properties, and material_id (or
///   id, name) is the name
/// - `.zip`, `.tar`, `.tar.gz`, `.tgz`, and folders: crystals, read only: all .cif, POSCAR,
/// .extxyz,
///   .jsonl and .csv files in it, also with .gz
/// - `.jsonl` (`.ndjson`): graphs, molecules or crystals; a JSON object a line, see below
/// - `.g6` (`.graph6`): a graph a line
/// - `.edges`, `.edgelist`: graphs, parted by empty lines; see read_edge_lists()
/// - `.txt`: read only; edges when the first line begins with two whole numbers, else as `.smi`
///
/// A name may go on with `.gz`; of crystals whose gzip stream is cut off the whole records are
/// read. JSON lines: a graph is `{"n": 3, "edges": [[0, 1]]}`; a molecule is
/// `{"smiles": "CO"}` or `{"atoms": [6, 8], "charges": [0, 0], "bonds": [[0, 1, 1]],
/// "positions": [[x, y, z], ...], "smiles": ..., "name": ...}`; a crystal is
/// `{"lattice": [[ax, ay, az], ...], "atoms": [38, 22, 8, 8, 8], "fractional": [[x, y, z], ...],
/// "name": ...}`, also with symbols as atoms and `[a, b, c, alpha, beta, gamma]` as lattice; all
/// may have `"properties": {"name": number}`, molecules and crystals also `"texts": {"name":
/// text}`.
///
/// A molecule without atoms (a sample that could not be turned into one) is the word `invalid` in
/// `.smi` and `.csv`, an empty block in `.sdf` and `.xyz`, `{"atoms": []}` in `.jsonl`, and reads
/// back as such; a crystal without atoms is `data_invalid` in `.cif` and `.csv` and an empty frame
/// in
/// `.extxyz`:
/// record k of a generated file is always sample k.
namespace equigen {

struct SampleFileOptions {
  std::string smiles_column;    ///< of .csv; empty: "smiles" in any case, or the only column
  bool keep_hydrogens = false;  ///< explicit hydrogens stay atoms
  int charge = 0;               ///< of molecules in .xyz whose comment states none
  /// See MoleculeFileOptions; and rows of a file of molecules or crystals that are none become
  /// samples without atoms that say why (Sample::fault), so that they count as invalid.
  bool to_be_judged = false;
  std::string cif_column;   ///< of .csv; empty: "cif" in any case, or the only one with that word
  bool keep_texts = false;  ///< fill SampleFile::texts
};

/// What stands beside a structure and is no number: columns of .csv, fields of .sdf, ...
using SampleTexts = std::vector<std::pair<std::string, std::string>>;

/// The content of a sample file. Rows that could not be used are counted, the first 20 are named.
struct SampleFile {
  std::vector<Sample> samples;
  std::vector<std::int64_t> rows;  ///< record of each sample in the file, from 0
  std::int64_t row_count = 0;      ///< records in the file, skipped ones too
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;
  std::int64_t invalid_count = 0;   ///< samples without atoms in place of rows that are none
  std::vector<SkippedRow> invalid;  ///< the first 20 of them
  std::vector<SampleTexts>
      texts;  ///< one a sample where they were asked for; none in formats without
};

/// The format that a name tells: its ending in lower case without ".gz"; ".poscar" for POSCAR,
/// CONTCAR, "POSCAR_1" and .vasp; ".jsonl" for .ndjson.
std::string sample_format(const std::filesystem::path& path);

/// Reads a sample file. Throws DataError: missing, damaged, unknown format (lists the known ones),
/// a Git LFS pointer instead of the data. Broken records are skipped and counted.
SampleFile read_sample_file(const std::filesystem::path& path,
                            const SampleFileOptions& options = {});

/// Throws ConfigError that lists what is possible when samples of this structure ("graph",
/// "molecule" or "crystal") cannot be written to a file of this name. For checks before long work.
void require_writable_format(const std::filesystem::path& path, std::string_view structure);

/// Whether files of this name hold what stands beside a structure and is no number: .csv, .tsv,
/// .sdf, .jsonl, .cif and .extxyz.
bool holds_texts(const std::filesystem::path& path);

struct SampleWriteOptions {
  /// Å; .cif files hold the conventional cell with the space group's operations and one site an
  /// orbit, as they are found within this tolerance. Nothing: cell and sites as they are.
  std::optional<double> symmetry_tolerance;
  /// Of .csv and .tsv: the names of all numbers and texts that stand beside structures; empty:
  /// those of the first sample.
  std::vector<std::string> columns = {};
};

/// Writes samples one behind the other. What was flushed survives a kill.
class SampleWriter {
 public:
  virtual ~SampleWriter();
  /// The record of a sample with those texts that the format holds (see holds_texts()), on any
  /// thread. Throws ConfigError when the file's format cannot hold
  /// the sample, DataError when the sample cannot be written.
  virtual std::string encoded(const Sample& sample, const SampleTexts& texts = {}) const = 0;
  /// Adds a record that encoded() made. Throws ConfigError when the file takes no more,
  /// ResourceError when it cannot be written.
  virtual void add(std::string_view record) = 0;
  void write(const Sample& sample) { add(encoded(sample)); }
  /// Encodes on all cores.
  void write(std::span<const Sample> samples);
  /// Hands everything written so far to the disk. A .gz file gets one gzip member a flush.
  virtual void flush() = 0;
  /// Records in the file: those found when it was opened to append, and those written since.
  virtual std::int64_t count() const = 0;
};

/// Opens a file for writing. With `append`, a record that was cut off at the end (a kill while
/// writing) is removed, and count() tells how many are whole; without, an old file is replaced.
/// Makes missing folders. Throws ConfigError for an unknown or read-only format, ResourceError.
std::unique_ptr<SampleWriter> open_sample_writer(const std::filesystem::path& path,
                                                 bool append = false,
                                                 const SampleWriteOptions& options = {});

}  // namespace equigen
