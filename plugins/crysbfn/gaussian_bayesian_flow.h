// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "equigen/process/field_process.h"

namespace equigen::crysbfn {

/// Bayesian flow of lattice vectors: nine numbers divided by one standard deviation, observed with
/// Gaussian noise ("Bayesian Flow Networks", Graves et al. 2023, section 4).
class GaussianBayesianFlow final : public FieldProcess {
 public:
  struct Config {
    double final_deviation = 0.03162277660168379;
    std::optional<double> standard_deviation;
    std::string sampler = "end_back";
    static void declare(config::Declaration<Config>& keys);
  };

  /// Throws ConfigError when there is no standard deviation to divide by.
  GaussianBayesianFlow(Config config, const FieldSetting& setting);

  FieldLayout layout() const override;
  std::string sampler() const override { return config_.sampler; }
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
  /// What the network sees of data x when the share `gamma` of the information is there.
  at::Tensor seen_at(const at::Tensor& x, const at::Tensor& gamma, RowNoise& noise) const;

  Config config_;
  std::int64_t steps_;
  double scale_;        ///< Å
  at::Tensor gammas_;   ///< [N + 1] information after as many observations
  at::Tensor weights_;  ///< [N + 1] of the loss, by step
};

}  // namespace equigen::crysbfn
