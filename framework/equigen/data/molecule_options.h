// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/data/sample_files.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {

/// What of the options concerns files of molecules.
inline MoleculeFileOptions molecule_file_options(const SampleFileOptions& options) {
  return {.smiles_column = options.smiles_column,
          .keep_hydrogens = options.keep_hydrogens,
          .charge = options.charge,
          .to_be_judged = options.to_be_judged,
          .keep_texts = options.keep_texts};
}

}  // namespace equigen
