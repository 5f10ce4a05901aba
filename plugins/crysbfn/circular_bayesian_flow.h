// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "crysbfn/observations.h"

namespace equigen::crysbfn {

/// Bayesian flow of fractional coordinates as angles on the circle ("A Periodic Bayesian Flow for
/// Material Generation", Wu et al., ICLR 2025, section 4). The belief after k observations is the
/// direction and length of their vector sum: lengths do not add up, so the network is also shown
/// how certain each coordinate is. Values are angles 2 pi f - pi.
class CircularBayesianFlow final : public FieldProcess {
 public:
  struct Config {
    double final_accuracy = 1000;
    std::string sampler = "end_back";
    std::string loss = "squared";
    std::int64_t training_paths = 4096;
    std::int64_t sampling_paths = 4096;
    static void declare(config::Declaration<Config>& keys);
  };

  CircularBayesianFlow(Config config, const FieldSetting& setting);

  FieldLayout layout() const override;
  std::string sampler() const override { return config_.sampler; }
  bool shares_noise() const override { return true; }
  void begin(ProcessUse use, const NoisePlace& place, at::Device device) override;
  at::Tensor encode(const at::Tensor& data) const override;
  NoisyField prior(const FieldRows& rows, RowNoise& noise) override;
  CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step, const FieldRows& rows,
                         RowNoise& noise) override;
  at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                  const FieldRows& rows) const override;
  NoisyField advance(const NoisyField& field, const at::Tensor& output, const Stride& stride,
                     const FieldRows& rows, RowNoise& noise) override;
  at::Tensor result(const NoisyField& field, RowNoise& noise) override;

  /// [N] float64, accuracy of each observation.
  const at::Tensor& accuracies() const { return accuracies_; }
  /// Other accuracies, such as a published table [N].
  void use_accuracies(const at::Tensor& accuracies);
  /// Observations from elsewhere than a pool that begin() draws.
  void use_observations(std::shared_ptr<Observations> observations);

 private:
  NoisyField belief(const Resultant& sums) const;
  NoisyField updated(const NoisyField& field, const at::Tensor& observation,
                     std::int64_t step) const;

  Config config_;
  std::int64_t steps_;
  at::Tensor accuracies_;
  at::Tensor weights_;  ///< [N + 1] of the loss, by step
  std::shared_ptr<Observations> observations_;
  bool observations_are_given_ = false;
  struct Pool {
    ProcessUse use;
    std::shared_ptr<PooledObservations> observations;
  };
  std::vector<Pool> pools_;
};

}  // namespace equigen::crysbfn
