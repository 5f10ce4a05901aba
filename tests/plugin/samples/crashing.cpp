// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "wheel.h"

namespace {

/// Ends the program while the library is opened.
const int ended = (std::abort(), 0);

void register_crashing(equigen::RegistryBuilder& registry) {
  if (ended == 0) registry.add<equigen::testing::Part, Wheel>("broken", "goes round");
}

}  // namespace

EQUIGEN_PLUGIN("crashing", "1.0.0", "aborts while it is opened", register_crashing)
