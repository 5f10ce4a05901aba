// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "wheel.h"

namespace {

void register_throwing(equigen::RegistryBuilder& registry) {
  registry.add<equigen::testing::Part, Wheel>("half", "registered before the failure");
  throw std::runtime_error("the table of constants is missing");
}

}  // namespace

EQUIGEN_PLUGIN("throwing", "1.0.0", "fails while registering", register_throwing)
