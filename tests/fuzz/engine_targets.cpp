// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "equigen/model/pytorch_checkpoint.h"
#include "equigen/tensor/safetensors.h"
#include "fuzz_targets.h"

namespace equigen::fuzz {
namespace {

/// The readers take files; this one stays in memory where the system has such a folder.
std::filesystem::path written(std::string_view bytes, const std::string& extension) {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code ignored;
  const auto folder = std::filesystem::is_directory(memory, ignored)
                          ? memory
                          : std::filesystem::temp_directory_path();
  const auto path = folder / ("equigen-fuzz-" + std::to_string(getpid()) + extension);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

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
