// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace equigen {

/// An ordered set of named tensors: what a model is trained on, and the content of a safetensors
/// file.
class Batch {
 public:
  Batch() = default;
  Batch(std::initializer_list<std::pair<std::string, at::Tensor>> tensors) : tensors_(tensors) {}

  /// Throws Error when there is no such tensor; the message lists the names there are.
  const at::Tensor& at(std::string_view name) const;
  bool contains(std::string_view name) const;
  /// Adds or replaces.
  void set(std::string name, at::Tensor tensor);
  const std::vector<std::pair<std::string, at::Tensor>>& tensors() const { return tensors_; }
  std::size_t size() const { return tensors_.size(); }

  Batch to(const at::Device& device) const;

 private:
  std::vector<std::pair<std::string, at::Tensor>> tensors_;
};

}  // namespace equigen
