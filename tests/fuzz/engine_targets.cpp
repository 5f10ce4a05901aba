// SPDX-License-Identifier: MIT
#include <array>

#include "equigen/model/pytorch_checkpoint.h"
#include "equigen/tensor/safetensors.h"
#include "fuzz_targets.h"

namespace equigen::fuzz {
namespace {

void read_safetensors_file(std::string_view bytes) {
  (void)read_safetensors(written(bytes, ".safetensors"));
}

void read_pytorch_file(std::string_view bytes) {
  (void)read_pytorch_checkpoint(written(bytes, ".pth"));
}

}  // namespace

std::span<const Target> engine_targets() {
  static constexpr std::array targets{
      Target{"safetensors", refusing<read_safetensors_file>},
      Target{"pytorch", refusing<read_pytorch_file>},
  };
  return targets;
}

}  // namespace equigen::fuzz
