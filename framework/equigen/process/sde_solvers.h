// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/process/sde.h"

/// Solvers of the reverse-time system of SDEs of several coupled fields, such as node features and
/// adjacency ("Score-based Generative Modeling of Graphs via the System of Stochastic Differential
/// Equations", Jo et al. 2022, section 3.3 and appendix).
namespace equigen {

/// One tensor [B, ...] a field.
using FieldState = std::vector<at::Tensor>;

/// The score of one field at a state of all fields and times t [B]; shaped like that field.
using CoupledScore =
    std::function<at::Tensor(std::size_t field, const FieldState& state, const at::Tensor& t)>;

/// Where a solver gets its noise.
class FieldNoise {
 public:
  virtual ~FieldNoise();
  /// The next standard normals of a field, shaped, symmetrised and masked like it.
  virtual at::Tensor normal(std::size_t field) = 0;
};

/// What one update gives: the new value, and the same without the noise just added.
struct Update {
  at::Tensor value;
  at::Tensor mean;
};

/// Euler–Maruyama on the reverse SDE with dt = -1/num_scales. `score` and `noise` are shaped like
/// x. With `probability_flow` the score counts half and `noise` is not used (may be undefined).
Update euler_maruyama_step(const Sde& sde, const at::Tensor& x, const at::Tensor& t,
                           const at::Tensor& score, const at::Tensor& noise,
                           bool probability_flow = false);

/// Reverse diffusion: the discretised process, reversed. Arguments as above.
Update reverse_diffusion_step(const Sde& sde, const at::Tensor& x, const at::Tensor& t,
                              const at::Tensor& score, const at::Tensor& noise,
                              bool probability_flow = false);

struct LangevinOptions {
  double signal_to_noise_ratio = 0.05;
  double scale_epsilon = 0.7;  ///< factor of the noise
  std::int64_t steps = 1;
  /// Step sizes from norms averaged over the batch, as published: then a sample depends on the
  /// others. Otherwise each sample has its own, with the ratio of norms capped at 2.
  bool coupled_batch = false;
};

/// One Langevin step; `factor` [B] is Sde::langevin_factor().
Update langevin_step(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& score,
                     const at::Tensor& noise, const LangevinOptions& options);

enum class Predictor { euler, reverse, s4 };

/// "euler", "reverse" or "s4". Throws ConfigError for anything else.
Predictor predictor_named(const std::string& name);

struct SolverOptions {
  Predictor predictor = Predictor::euler;
  bool corrector = true;  ///< Langevin corrector before each predictor step; S4 always corrects
  LangevinOptions langevin;
  bool probability_flow = false;
  bool denoise = true;       ///< return the last step's mean
  double final_time = 1e-4;  ///< the time grid is linspace(1, final_time, num_scales)
};

/// Carries `state`, drawn from the prior, from t = 1 to `final_time`. All SDEs must have the same
/// num_scales (ConfigError). Returns an empty state when asked to stop. `progress` gets the share
/// done.
FieldState solve_reverse_sde(std::span<const Sde> sdes, FieldState state, const CoupledScore& score,
                             FieldNoise& noise, const SolverOptions& options,
                             const StopRequested& stop,
                             const std::function<void(double)>& progress);

}  // namespace equigen
