// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/process/diffusion_schedule.h"
#include "equigen/process/field_process.h"

namespace equigen::diffcsp {

/// Denoising diffusion with a cosine schedule, of lattice vectors in Å or of elements as one-hot
/// rows (Ho et al. 2020; Nichol and Dhariwal 2021; as DiffCSP uses it). The network predicts the
/// noise.
class DenoisingDiffusion final : public FieldProcess {
 public:
  struct Config {
    double offset = 0.008;
    static void declare(config::Declaration<Config>& keys);
  };

  DenoisingDiffusion(Config config, const FieldSetting& setting);

  FieldLayout layout() const override;
  at::Tensor encode(const at::Tensor& data) const override;
  at::Tensor cell(const at::Tensor& value) const override;
  NoisyField prior(const FieldRows& rows, RowNoise& noise) override;
  CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step, const FieldRows& rows,
                         RowNoise& noise) override;
  at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                  const FieldRows& rows) const override;
  NoisyField advance(const NoisyField& field, const at::Tensor& output, const Stride& stride,
                     const FieldRows& rows, RowNoise& noise) override;
  at::Tensor result(const NoisyField& field, RowNoise& noise) override;

 private:
  bool is_lattice_;
  std::int64_t steps_;
  std::int64_t columns_;
  at::Tensor cumulative_alphas_;  ///< [T + 1] by noise level
};

}  // namespace equigen::diffcsp
