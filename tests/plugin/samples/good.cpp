// SPDX-License-Identifier: MIT
#include "wheel.h"

namespace {

void register_good(equigen::RegistryBuilder& registry) {
  registry.add<equigen::testing::Part, Wheel>("wheel", "goes round");
}

}  // namespace

EQUIGEN_PLUGIN("good", "1.2.0", "a plugin of the tests", register_good)
