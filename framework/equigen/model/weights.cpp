// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/model/checkpoint.h"

namespace equigen {
namespace {

constexpr std::size_t kNamedDifferences = 5;

std::string shape_text(const at::Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.sizes().vec(), ", "));
}

std::vector<std::string> differences(const Batch& own, const Batch& weights) {
  std::vector<std::string> found;
  for (const auto& [name, tensor] : own.tensors()) {
    if (!weights.contains(name)) {
      found.push_back(fmt::format("'{}' is missing", name));
    } else if (const at::Tensor& stored = weights.at(name); stored.sizes() != tensor.sizes()) {
      found.push_back(fmt::format("'{}' is {} where the model has {}", name, shape_text(stored),
                                  shape_text(tensor)));
    }
  }
  for (const auto& [name, tensor] : weights.tensors()) {
    if (!own.contains(name)) found.push_back(fmt::format("the model has no '{}'", name));
  }
  return found;
}

}  // namespace

Batch weights_of(const torch::nn::Module& module) {
  Batch weights;
  for (const auto& parameter : module.named_parameters())
    weights.set(parameter.key(), parameter.value());
  for (const auto& buffer : module.named_buffers()) weights.set(buffer.key(), buffer.value());
  return weights;
}

void load_weights(torch::nn::Module& module, const Batch& weights, const std::string& source) {
  const Batch own = weights_of(module);
  std::vector<std::string> found = differences(own, weights);
  if (!found.empty()) {
    const std::size_t count = found.size();
    if (count > kNamedDifferences) {
      found.resize(kNamedDifferences);
      found.push_back(fmt::format("and {} more", count - kNamedDifferences));
    }
    throw DataError(
        "checkpoint-weights",
        fmt::format("the weights of {} do not fit the model: {}", source, text::join(found, "; ")),
        "build the model with the options of the checkpoint's own configuration");
  }
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : own.tensors()) {
    at::Tensor target = tensor;
    target.copy_(weights.at(name));
  }
}

}  // namespace equigen
