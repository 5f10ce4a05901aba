// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/molecule/molecule.h"

namespace equigen {

/// The molecule without those listed hydrogens that are neutral and bound by a single bond to
/// another element; they become implicit. Atoms keep their order.
Molecule without_hydrogens(const Molecule& molecule);

}  // namespace equigen
