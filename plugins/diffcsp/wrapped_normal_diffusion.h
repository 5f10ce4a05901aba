// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/process/field_process.h"

namespace equigen::diffcsp {

/// Score matching of fractional coordinates under wrapped normal noise, sampled by Langevin steps
/// and ancestral steps in turn ("Crystal Structure Prediction by Joint Equivariant Diffusion", Jiao
/// et al., NeurIPS 2023, section 4.2). The network predicts the negative score over its root mean
/// square.
class WrappedNormalDiffusion final : public FieldProcess {
 public:
  struct Config {
    double smallest_deviation = 0.005;
    double largest_deviation = 0.5;
    double step_size = 1e-5;
    bool corrector = true;
    static void declare(config::Declaration<Config>& keys);
  };

  WrappedNormalDiffusion(Config config, const FieldSetting& setting);

  FieldLayout layout() const override;
  at::Tensor encode(const at::Tensor& data) const override;
  at::Tensor seen(const at::Tensor& value) const override;
  NoisyField prior(const FieldRows& rows, RowNoise& noise) override;
  CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step, const FieldRows& rows,
                         RowNoise& noise) override;
  at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                  const FieldRows& rows) const override;
  bool corrects() const override { return config_.corrector; }
  NoisyField correct(const NoisyField& field, const at::Tensor& output, std::int64_t step,
                     const FieldRows& rows, RowNoise& noise) override;
  NoisyField advance(const NoisyField& field, const at::Tensor& output, const Stride& stride,
                     const FieldRows& rows, RowNoise& noise) override;
  at::Tensor result(const NoisyField& field, RowNoise& noise) override;

  /// Another table [T + 1] of expected squared scores: published weights were trained with an
  /// estimate of it.
  void use_expected_squared_scores(const at::Tensor& table) { squared_scores_ = table; }

 private:
  Config config_;
  std::int64_t steps_;
  at::Tensor deviations_;      ///< [T + 1] by noise level t, 0 at t = 0
  at::Tensor squared_scores_;  ///< [T + 1]
};

}  // namespace equigen::diffcsp
