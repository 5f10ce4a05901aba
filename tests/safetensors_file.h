// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "equigen/base/file.h"

namespace equigen::testing {

/// A tensor of a golden file as doubles, whatever its type.
struct GoldenTensor {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  std::int64_t integer(std::size_t i) const { return static_cast<std::int64_t>(values.at(i)); }
};

template <typename T>
std::vector<double> values_as(const char* data, std::size_t bytes) {
  std::vector<double> values(bytes / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

/// Reads a golden safetensors file without LibTorch, for tests of the base library.
inline std::map<std::string, GoldenTensor> read_golden_tensors(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  std::map<std::string, GoldenTensor> tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const std::size_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
    const char* data = bytes.data() + 8 + length + begin;
    const std::string type = entry["dtype"];
    GoldenTensor& tensor = tensors[name];
    tensor.shape = entry["shape"].get<std::vector<std::int64_t>>();
    if (type == "F64")
      tensor.values = values_as<double>(data, end - begin);
    else if (type == "F32")
      tensor.values = values_as<float>(data, end - begin);
    else if (type == "I64")
      tensor.values = values_as<std::int64_t>(data, end - begin);
    else if (type == "I32")
      tensor.values = values_as<std::int32_t>(data, end - begin);
    else if (type == "I16")
      tensor.values = values_as<std::int16_t>(data, end - begin);
    else if (type == "I8")
      tensor.values = values_as<std::int8_t>(data, end - begin);
    else if (type == "U8" || type == "BOOL")
      tensor.values = values_as<std::uint8_t>(data, end - begin);
    else
      throw std::runtime_error("golden tensors of type " + type + " are not read");
  }
  return tensors;
}

}  // namespace equigen::testing
