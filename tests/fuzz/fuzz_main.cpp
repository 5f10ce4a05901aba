// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz_targets.h"

namespace {

const equigen::fuzz::Target& chosen_target() {
  for (const auto& target : equigen::fuzz::EQUIGEN_FUZZ_LAYER())
    if (target.name == EQUIGEN_FUZZ_TARGET) return target;
  std::fprintf(stderr, "there is no fuzz target %s\n", EQUIGEN_FUZZ_TARGET);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const equigen::fuzz::Target& target = chosen_target();
  target.read({reinterpret_cast<const char*>(data), size});
  return 0;
}
