// SPDX-License-Identifier: MIT
#include "wheel.h"

namespace {

void register_twin(equigen::RegistryBuilder& registry) {
  registry.add<equigen::testing::Part, Wheel>("wheel", "goes round");
}

}  // namespace

EQUIGEN_PLUGIN("twin", "1.2.0", "a plugin of the tests", register_twin)
