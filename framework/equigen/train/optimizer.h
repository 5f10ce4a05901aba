// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "equigen/experiment/experiment.h"
#include "equigen/model/model.h"
#include "equigen/tensor/batch.h"

namespace equigen {

/// Steps the parameters of a model. Its state is its own, named tensors, so that a checkpoint does
/// not depend on LibTorch's version. A parameter without gradient is left alone: no moment, no
/// weight decay.
class Optimizer {
 public:
  explicit Optimizer(std::vector<ParameterGroup> groups) : groups_(std::move(groups)) {}
  virtual ~Optimizer();
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// Makes every gradient undefined (not zero).
  void clear_gradients();

  /// The Euclidean norm of each group's gradient [G], float32, on the parameters' device.
  at::Tensor gradient_norms() const;

  /// Scales the gradient of each group whose norm is above `largest` down to it, as
  /// torch.nn.utils.clip_grad_norm_ does: factor min(1, largest / (norm + 1e-6)). `norms` is what
  /// gradient_norms() gave.
  void clip_norm(const at::Tensor& norms, double largest);
  /// Clamps every entry of every gradient to [-largest, largest].
  void clip_value(double largest);

  virtual void step(double learning_rate) = 0;

  /// State by name: "<group>.<index>.first_moment" and the like.
  virtual Batch state() const = 0;
  /// Takes a state back. Throws DataError when it does not fit the parameters.
  virtual void load_state(const Batch& state) = 0;

  const std::vector<ParameterGroup>& groups() const { return groups_; }

 protected:
  std::vector<ParameterGroup> groups_;
};

/// Adam with weight decay as L2 in the gradient, AdamW with decoupled decay (Loshchilov & Hutter
/// 2019), or SGD with momentum; numerics of PyTorch's optimisers of these names.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerConfig& config,
                                          std::vector<ParameterGroup> groups);

}  // namespace equigen
