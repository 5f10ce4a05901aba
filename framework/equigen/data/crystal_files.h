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
/// lattice. Of a .csv the heading and one whole row must be in `text`.
bool holds_crystals(std::string_view text, const std::string& format,
                    const SampleFileOptions& options);

/// Reads the crystals of a text on all cores, in their order. Records that cannot be read are
/// skipped and counted, or with `to_be_judged` become crystals without atoms. `source` names the
/// text.
SampleFile parse_crystals(std::string_view text, const std::string& format,
                          const std::string& source, const SampleFileOptions& options);

/// Reads all .cif, POSCAR, .extxyz, .jsonl and .csv files of a zip or tar archive, one behind the
/// other, in the order of the archive. Other files in it are passed over.
SampleFile read_crystal_archive(const std::filesystem::path& path,
                                const SampleFileOptions& options);

}  // namespace equigen
