// SPDX-License-Identifier: MIT
#include "wheel.h"

namespace equigen::absent {
int measure(const std::string& what);
}

namespace {

void register_missing(equigen::RegistryBuilder& registry) {
  if (equigen::absent::measure("wheel") > 0)
    registry.add<equigen::testing::Part, Wheel>("unmeasured", "goes round");
}

}  // namespace

EQUIGEN_PLUGIN("missing_symbol", "1.0.0", "uses a function that is nowhere", register_missing)
