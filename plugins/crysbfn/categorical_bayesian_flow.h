// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/process/field_process.h"

namespace equigen::crysbfn {

/// Bayesian flow of elements as classes ("Bayesian Flow Networks", Graves et al. 2023, section 6):
/// the value is the distribution [n, K] that is believed.
class CategoricalBayesianFlow final : public FieldProcess {
 public:
  struct Config {
    double final_accuracy = 0.5;
    std::string loss = "continuous_time";
    std::int64_t loss_draws = 200;
    std::string choose = "draw";
    static void declare(config::Declaration<Config>& keys);
  };

  CategoricalBayesianFlow(Config config, const FieldSetting& setting);

  FieldLayout layout() const override;
  std::string sampler() const override { return "end_back"; }
  at::Tensor encode(const at::Tensor& data) const override;
  at::Tensor seen(const at::Tensor& value) const override;
  NoisyField prior(const FieldRows& rows, RowNoise& noise) override;
  CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step, const FieldRows& rows,
                         RowNoise& noise) override;
  at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                  const FieldRows& rows) const override;
  NoisyField advance(const NoisyField& field, const at::Tensor& output, const Stride& stride,
                     const FieldRows& rows, RowNoise& noise) override;
  at::Tensor result(const NoisyField& field, RowNoise& noise) override;

  /// The discrete-time loss [R] given observations [R, draws, K] of the data.
  at::Tensor discrete_time_loss(const at::Tensor& logits, const at::Tensor& clean,
                                const at::Tensor& observations) const;

 private:
  /// Accuracy after k observations, for a share k / N [R, 1].
  at::Tensor accuracy_after(const at::Tensor& share) const;
  /// Accuracy of the observation that follows step i.
  at::Tensor accuracy_at(const at::Tensor& step) const;
  /// The belief when distributions p [R, K] were observed with accuracy beta.
  at::Tensor believed(const at::Tensor& p, const at::Tensor& beta, RowNoise& noise) const;

  Config config_;
  std::int64_t steps_;
  std::int64_t classes_;
};

}  // namespace equigen::crysbfn
