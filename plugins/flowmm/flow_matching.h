// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "equigen/process/field_process.h"

/// Flow matching on the manifolds of a crystal's fields ("FlowMM: Generating Materials with
/// Riemannian Flow Matching", Miller et al., ICML 2024): from a base sample x0 to data x1 along the
/// shortest path, time t from 0 to 1; the network predicts the velocity. Step i of N is t = (i - 1)
/// / N; steps need not be whole.
namespace equigen::flowmm {

/// How fast a sampler goes: 1 + slope max(t - start, 0) times the velocity.
struct AnnealingConfig {
  double slope = 0;
  double start = 0;
  static void declare(config::Declaration<AnnealingConfig>& keys);
};

/// Fractional coordinates on the flat torus, from a uniform base. Velocities have no mean over the
/// atoms of a crystal.
class TorusFlow final : public FieldProcess {
 public:
  struct Config {
    AnnealingConfig annealing;
    static void declare(config::Declaration<Config>& keys);
  };

  TorusFlow(Config config, const FieldSetting& setting);
  bool takes_real_times() const override { return true; }
  FieldLayout layout() const override;
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

 private:
  Config config_;
  std::int64_t steps_;
  double velocity_deviation_;  ///< of the target, in cell lengths
};

/// Lattice parameters: lengths from a log-normal base, angles between 59.9 and 120.1 degrees as
/// logits from a base that is uniform in the angle. For reduced cells.
class LatticeParameterFlow final : public FieldProcess {
 public:
  struct Config {
    std::optional<std::vector<double>> log_length_mean;
    std::optional<std::vector<double>> log_length_deviation;
    AnnealingConfig annealing;
    static void declare(config::Declaration<Config>& keys);
  };

  LatticeParameterFlow(Config config, const FieldSetting& setting);
  bool takes_real_times() const override { return true; }
  std::string misfit(const Crystal& crystal) const override;
  FieldLayout layout() const override;
  at::Tensor encode(const at::Tensor& data) const override;
  at::Tensor seen(const at::Tensor& value) const override;
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
  at::Tensor velocity(const at::Tensor& output) const;

  Config config_;
  std::int64_t steps_;
  at::Tensor log_mean_;       ///< [3]
  at::Tensor log_deviation_;  ///< [3]
  at::Tensor seen_mean_;      ///< [6] of noisy parameters over all times
  at::Tensor seen_deviation_;
  at::Tensor velocity_mean_;  ///< [6]
  at::Tensor velocity_deviation_;
};

/// Elements as the binary digits of atomic number - 1, lowest first, each +1 or -1, from a normal
/// base ("Analog Bits", Chen et al. 2023).
class AnalogBitsFlow final : public FieldProcess {
 public:
  struct Config {
    AnnealingConfig annealing;
    static void declare(config::Declaration<Config>& keys);
  };

  AnalogBitsFlow(Config config, const FieldSetting& setting);
  bool takes_real_times() const override { return true; }
  FieldLayout layout() const override;
  at::Tensor encode(const at::Tensor& data) const override;
  NoisyField prior(const FieldRows& rows, RowNoise& noise) override;
  CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step, const FieldRows& rows,
                         RowNoise& noise) override;
  at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                  const FieldRows& rows) const override;
  NoisyField advance(const NoisyField& field, const at::Tensor& output, const Stride& stride,
                     const FieldRows& rows, RowNoise& noise) override;
  at::Tensor result(const NoisyField& field, RowNoise& noise) override;

 private:
  Config config_;
  std::int64_t steps_;
  at::Tensor bits_;  ///< [K, 7] of each element of the vocabulary
};

}  // namespace equigen::flowmm
