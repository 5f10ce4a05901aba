// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "equigen/tensor/batch.h"

namespace equigen {

/// A safetensors file: named tensors and string metadata.
struct TensorFile {
  Batch tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads a safetensors file into CPU tensors (copies). Throws DataError that names the file and
/// what is wrong: truncated, header not JSON, offsets outside the file or overlapping, unknown
/// dtype, shape against size.
TensorFile read_safetensors(const std::filesystem::path& path);

/// The bytes of a safetensors file; tensors are moved to the CPU and made contiguous.
std::string safetensors_bytes(const TensorFile& file);

/// Writes atomically. Throws ResourceError.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace equigen
