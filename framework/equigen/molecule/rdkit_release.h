// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace equigen {

/// The release of RDKit that is running ("2022.09.3"), on which canonical SMILES and descriptors
/// depend.
std::string rdkit_release();

}  // namespace equigen
