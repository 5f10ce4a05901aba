// SPDX-License-Identifier: MIT
#include "equigen/train/ema.h"

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "equigen/base/error.h"

namespace equigen {

Ema::Ema(const EmaConfig& config, const torch::nn::Module& module) : config_(config) {
  const torch::NoGradGuard no_gradients;
  for (const auto& parameter : module.named_parameters()) {
    names_.push_back(parameter.key());
    parameters_.push_back(parameter.value());
    shadows_.push_back(parameter.value().detach().clone());
  }
}

void Ema::update() {
  const torch::NoGradGuard no_gradients;
  ++updates_;
  if (updates_ <= config_.start_step) {
    for (std::size_t i = 0; i < shadows_.size(); ++i) shadows_[i].copy_(parameters_[i]);
    return;
  }
  const auto k = static_cast<double>(updates_ - config_.start_step);
  const double decay =
      config_.warm_up ? std::min(config_.decay, (1 + k) / (10 + k)) : config_.decay;
  const std::vector<at::Tensor> differences = at::_foreach_sub(shadows_, parameters_);
  at::_foreach_add_(shadows_, differences, -(1 - decay));
}

Batch Ema::state() const {
  Batch state;
  for (std::size_t i = 0; i < names_.size(); ++i) state.set(names_[i], shadows_[i]);
  return state;
}

void Ema::load_state(const Batch& averages, std::int64_t updates) {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const at::Tensor& stored = averages.at(names_[i]);
    if (stored.sizes() != shadows_[i].sizes()) {
      throw DataError(
          "checkpoint-shape",
          fmt::format("the average of '{}' has another shape than the parameter", names_[i]));
    }
    shadows_[i].copy_(stored);
  }
  updates_ = updates;
}

void Ema::swap() {
  // Copies, rather than exchanged storage: what a model derives from a parameter's version stays
  // right.
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor live = parameters_[i].detach().clone();
    parameters_[i].copy_(shadows_[i]);
    shadows_[i].copy_(live);
  }
}

Ema::Scope::Scope(Ema* ema) : ema_(ema) {
  if (ema_) ema_->swap();
}

Ema::Scope::~Scope() {
  if (ema_) ema_->swap();
}

}  // namespace equigen
