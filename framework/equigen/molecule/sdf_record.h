// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "equigen/molecule/molecule_files.h"

namespace equigen {

/// Reads one record of an SD file (its text without the line `$$$$`). Throws DataError with the
/// reason. See read_molecule_file().
MoleculeRecord read_sdf_record(std::string_view text, const MoleculeFileOptions& options);

}  // namespace equigen
