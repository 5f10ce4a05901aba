// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace equigen::chemnet {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< last dimension fastest
};

/// One layer of ChemNet's file: its tensors and settings by name.
class Weights {
 public:
  Weights(std::string source, std::string kind) : source_(std::move(source)), kind_(kind) {}

  /// "Conv1d" or "LSTM".
  const std::string& kind() const { return kind_; }
  /// Each throws DataError when there is none of that name and form.
  const Tensor& tensor(const std::string& name, std::size_t dimensions) const;
  std::int64_t integer(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  bool flag(const std::string& name) const { return integer(name) != 0; }
  /// Throws DataError with the file's name.
  [[noreturn]] void refuse(const std::string& what) const;

  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> texts;

 private:
  std::string source_;
  std::string kind_;
};

/// Reads the list of layers that fcd_torch's file holds: (kind, (tensors, sizes, settings)).
/// Throws DataError.
std::vector<Weights> read_chemnet_file(const std::filesystem::path& path);

}  // namespace equigen::chemnet
