// SPDX-License-Identifier: MIT
#include "equigen/tensor/batch.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

#include "equigen/base/error.h"

namespace equigen {

const at::Tensor& Batch::at(std::string_view name) const {
  const auto found =
      std::ranges::find_if(tensors_, [&](const auto& entry) { return entry.first == name; });
  if (found != tensors_.end()) return found->second;
  std::string names;
  for (const auto& [known, tensor] : tensors_) names += (names.empty() ? "" : ", ") + known;
  throw DataError("batch-tensor",
                  fmt::format("the batch has no tensor '{}'; it has: {}", name, names));
}

bool Batch::contains(std::string_view name) const {
  return std::ranges::any_of(tensors_, [&](const auto& entry) { return entry.first == name; });
}

void Batch::set(std::string name, at::Tensor tensor) {
  const auto found =
      std::ranges::find_if(tensors_, [&](const auto& entry) { return entry.first == name; });
  if (found != tensors_.end()) {
    found->second = std::move(tensor);
  } else {
    tensors_.emplace_back(std::move(name), std::move(tensor));
  }
}

Batch Batch::to(const at::Device& device) const {
  Batch moved;
  for (const auto& [name, tensor] : tensors_)
    moved.set(name, tensor.to(device, /*non_blocking=*/true));
  return moved;
}

}  // namespace equigen
