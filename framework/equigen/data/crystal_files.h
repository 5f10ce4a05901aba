// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "equigen/data/sample_files.h"

/// How files of crystals become samples; read_sample_file() calls it.
namespace equigen {

/// Whether a file of this format (see sample_format()) and beginning holds crystals: .cif and
/// .poscar always; .csv and .tsv with a column of CIF; .xyz and .extxyz whose first frame has a
/// lattice; .jsonl whose first whole object has one. Of a .csv the heading and one whole row must
/// be in `text`.
bool holds_crystals(std::string_view text, const std::string& format,
                    const SampleFileOptions& options);

/// Reads the crystals of a text (see plain_text()) on all cores, in their order. Records that
/// cannot be read are skipped and counted, or with `to_be_judged` become crystals without atoms
/// that keep their name and know why; text without any record of the format is skipped. `source`
/// names the text. `cut`, if not empty, says why the text ends too early: its last record is broken
/// for that reason.
SampleFile parse_crystals(std::string_view text, const std::string& format,
                          const std::string& source, const SampleFileOptions& options,
                          const std::string& cut = {});

/// Adds a record that cannot be read as parse_crystals() does.
void add_unreadable_crystal(SampleFile& file, SkippedRow row, std::string name,
                            const SampleFileOptions& options);

/// A file's plain text, and why it ends too early where its gzip stream does (else empty). Throws
/// DataError as read_file() and plain_text() do, and for a damaged stream without any text.
struct CrystalText {
  std::string text;
  std::string cut;
};
CrystalText read_crystal_text(const std::filesystem::path& path);

/// Reads all .cif, POSCAR, .extxyz, .jsonl and .csv files (also with .gz) of a zip or tar archive,
/// one behind the other, in the order of the archive. Other files in it are passed over; those that
/// are damaged count as one record that cannot be read.
SampleFile read_crystal_archive(const std::filesystem::path& path,
                                const SampleFileOptions& options);

/// The same of a folder and those in it, in the order of their names. Throws DataError
/// ("file-is-folder") where there is none of crystals.
SampleFile read_crystal_folder(const std::filesystem::path& path, const SampleFileOptions& options);

}  // namespace equigen
