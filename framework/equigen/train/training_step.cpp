// SPDX-License-Identifier: MIT
#include "equigen/train/training_step.h"

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <optional>

#include "equigen/tensor/torch_version.h"

namespace equigen {
namespace {

/// Sums of the detached losses over the batches of a step, on the device.
struct LossSums {
  std::vector<std::string> names;
  std::vector<at::Tensor> values;

  void add(const Loss& loss, double weight) {
    const bool first = values.empty();
    add_value(0, "loss", loss.total, weight, first);
    for (std::size_t i = 0; i < loss.terms.size(); ++i)
      add_value(i + 1, loss.terms[i].first, loss.terms[i].second, weight, first);
  }

 private:
  void add_value(std::size_t i, const std::string& name, const at::Tensor& value, double weight,
                 bool first) {
    const at::Tensor weighted = value.detach().to(at::kFloat) * weight;
    if (first) {
      names.push_back(name);
      values.push_back(weighted);
    } else {
      values.at(i) = values.at(i) + weighted;
    }
  }
};

std::string non_finite_loss(const NamedValues& losses) {
  // The terms tell more than their sum.
  for (std::size_t i = losses.size(); i-- > 0;) {
    const auto& [name, value] = losses[i];
    if (!std::isfinite(value))
      return i == 0 ? fmt::format("the loss is {}", value)
                    : fmt::format("loss term '{}' is {}", name, value);
  }
  return {};
}

std::string non_finite_gradient(const Model& model) {
  for (const auto& parameter : model.named_parameters()) {
    const at::Tensor& gradient = parameter.value().grad();
    if (gradient.defined() && !torch::isfinite(gradient).all().item<bool>())
      return fmt::format("the gradient of '{}' is not finite", parameter.key());
  }
  return "the norm of the gradient is not finite";
}

}  // namespace

Loss loss_of(Model& model, const Batch& batch, NoiseStream& noise, bool bfloat16) {
  std::optional<torch_version::Bfloat16Guard> autocast;
  if (bfloat16) autocast.emplace(noise.device().type());
  return model.loss(batch, noise);
}

StepResult training_step(Model& model, Optimizer& optimizer, std::span<const LoadedBatch> batches,
                         NoiseStream& noise, double learning_rate, const StepOptions& options) {
  optimizer.clear_gradients();
  const double weight = 1.0 / static_cast<double>(batches.size());
  LossSums sums;
  for (const LoadedBatch& loaded : batches) {
    const Loss loss = loss_of(model, loaded.batch.to(options.device), noise, options.bfloat16);
    sums.add(loss, weight);
    (batches.size() == 1 ? loss.total : loss.total * weight).backward();
  }
  const at::Tensor norms = optimizer.gradient_norms();
  const at::Tensor figures =
      torch::cat({torch::stack(sums.values).flatten(), norms.to(at::kFloat)}).cpu();
  const auto* figure = figures.data_ptr<float>();
  StepResult result;
  for (const std::string& name : sums.names) result.losses.emplace_back(name, *figure++);
  for (const ParameterGroup& group : optimizer.groups())
    result.gradient_norms.emplace_back(group.name, *figure++);
  result.non_finite = non_finite_loss(result.losses);
  for (const auto& [group, norm] : result.gradient_norms) {
    if (result.non_finite.empty() && !std::isfinite(norm))
      result.non_finite = non_finite_gradient(model);
  }
  if (!result.non_finite.empty()) return result;
  if (options.clip_norm > 0) optimizer.clip_norm(norms, options.clip_norm);
  if (options.clip_value > 0) optimizer.clip_value(options.clip_value);
  optimizer.step(learning_rate);
  return result;
}

}  // namespace equigen
