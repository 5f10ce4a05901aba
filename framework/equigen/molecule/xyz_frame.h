// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/molecule/molecule_files.h"

namespace equigen {

/// A frame cut out of an .xyz file, before its atoms are understood.
struct XyzFrame {
  std::string_view text;
  std::int64_t line = 0;
  std::string problem;  ///< why it is none; empty for a whole frame
};

/// Cuts a multi-frame .xyz or .extxyz file: the number of atoms, a comment, the atoms. What is no
/// frame goes up to the next line that is a number only, so that one damaged frame costs one
/// record. The frequencies and names behind a frame of QM9's own files are passed over.
std::vector<XyzFrame> frames_of_xyz(std::string_view text);

/// Reads a whole frame and perceives its bonds. Elements are symbols in any case, with a number
/// behind them ("C12") or atomic numbers; further columns are ignored. `name=value` in the comment
/// become properties when numeric; `charge` (or `total_charge`) is the molecule's charge, else
/// `options.charge`; the rest is the title. The extended format's `Properties` tells the columns.
/// Throws DataError: an atom that cannot be read, a periodic frame, no bond orders.
MoleculeRecord read_xyz_frame(std::string_view text, const MoleculeFileOptions& options);

}  // namespace equigen
