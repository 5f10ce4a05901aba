// SPDX-License-Identifier: MIT
#include "equigen/nn/crystal_network.h"

namespace equigen {

CrystalNetwork::~CrystalNetwork() = default;

}  // namespace equigen
