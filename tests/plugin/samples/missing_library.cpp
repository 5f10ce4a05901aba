// SPDX-License-Identifier: MIT
#include "wheel.h"

int absent_spokes();

namespace {

void register_missing(equigen::RegistryBuilder& registry) {
  if (absent_spokes() > 0) registry.add<equigen::testing::Part, Wheel>("spoked", "goes round");
}

}  // namespace

EQUIGEN_PLUGIN("missing_library", "1.0.0", "needs a library that is nowhere", register_missing)
