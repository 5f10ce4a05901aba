// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_release.h"

#include <RDGeneral/versions.h>

namespace equigen {

std::string rdkit_release() {
  return RDKit::rdkitVersion;
}

}  // namespace equigen
