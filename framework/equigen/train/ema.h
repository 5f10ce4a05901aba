// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "equigen/experiment/experiment.h"
#include "equigen/tensor/batch.h"

namespace torch::nn {
class Module;
}

namespace equigen {

/// Exponential moving average of a model's parameters. At update k (from 1):
/// shadow <- shadow - (1 - d_k) (shadow - parameter), d_k = min(decay, (1 + k) / (10 + k)) with
/// warm-up, else decay. Until update `start_step` the shadow is the parameter, and k counts from
/// there.
class Ema {
 public:
  /// Starts from the parameters as they are.
  Ema(const EmaConfig& config, const torch::nn::Module& module);

  void update();
  std::int64_t updates() const { return updates_; }

  /// Averages under their parameters' names.
  Batch state() const;
  /// Throws DataError when an average is missing or has another shape.
  void load_state(const Batch& averages, std::int64_t updates);

  /// While it lives, the model's parameters hold the averages. Nothing may train meanwhile.
  class Scope {
   public:
    /// `ema` may be null: then nothing changes.
    explicit Scope(Ema* ema);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Ema* ema_;
  };

 private:
  void swap();

  EmaConfig config_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> shadows_;
  std::int64_t updates_ = 0;
};

}  // namespace equigen
