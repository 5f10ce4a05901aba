// SPDX-License-Identifier: MIT
#include "equigen/process/sde_solvers.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>

#include "equigen/base/error.h"

namespace equigen {

FieldNoise::~FieldNoise() = default;

Predictor predictor_named(const std::string& name) {
  if (name == "euler") return Predictor::euler;
  if (name == "reverse") return Predictor::reverse;
  if (name == "s4") return Predictor::s4;
  throw ConfigError("predictor", fmt::format("there is no predictor named '{}'", name),
                    "use euler, reverse or s4");
}

Update euler_maruyama_step(const Sde& sde, const at::Tensor& x, const at::Tensor& t,
                           const at::Tensor& score, const at::Tensor& noise,
                           bool probability_flow) {
  const double dt = -1.0 / static_cast<double>(sde.num_scales());
  const at::Tensor g = sde.diffusion(t);
  const at::Tensor weight = along_batch(g.square() * (probability_flow ? 0.5 : 1.0), x);
  const at::Tensor reverse_drift = sde.drift(x, t) - weight * score;
  const at::Tensor mean = x + reverse_drift * dt;
  if (probability_flow) return {mean, mean};
  return {mean + along_batch(g * std::sqrt(-dt), x) * noise, mean};
}

Update reverse_diffusion_step(const Sde& sde, const at::Tensor& x, const at::Tensor& t,
                              const at::Tensor& score, const at::Tensor& noise,
                              bool probability_flow) {
  const Sde::Step step = sde.discretise(x, t);
  const at::Tensor weight =
      along_batch(step.diffusion.square() * (probability_flow ? 0.5 : 1.0), x);
  const at::Tensor mean = x - (step.drift - weight * score);
  if (probability_flow) return {mean, mean};
  return {mean + along_batch(step.diffusion, x) * noise, mean};
}

Update langevin_step(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& score,
                     const at::Tensor& noise, const LangevinOptions& options) {
  at::Tensor noise_norm = noise.flatten(1).norm(2, 1);
  at::Tensor score_norm = score.flatten(1).norm(2, 1);
  if (options.coupled_batch) {
    noise_norm = noise_norm.mean();
    score_norm = score_norm.mean();
  }
  // A sample without edges has no score at all; it stays where it is.
  at::Tensor ratio =
      torch::where(score_norm > 0, noise_norm / score_norm, torch::zeros_like(score_norm));
  // The ratio is about the deviation at t, at most 1. In a field of one or two entries a score near
  // zero would make it, and the step, as large as it likes.
  if (!options.coupled_batch) ratio = ratio.clamp_max(2.0);
  const at::Tensor step = 2.0 * (options.signal_to_noise_ratio * ratio).square() * factor;
  const at::Tensor mean = x + along_batch(step, x) * score;
  const at::Tensor width = (2.0 * step).sqrt() * options.scale_epsilon;
  return {mean + along_batch(width, x) * noise, mean};
}

namespace {

/// Everything a step needs besides the state.
struct Solver {
  std::span<const Sde> sdes;
  const CoupledScore& score;
  FieldNoise& noise;
  const SolverOptions& options;

  bool corrects() const { return options.corrector && options.langevin.signal_to_noise_ratio > 0; }

  /// Each field is corrected against the other fields as they were before.
  FieldState corrected(const FieldState& state, const at::Tensor& t) const {
    FieldState result;
    for (std::size_t field = 0; field < sdes.size(); ++field) {
      FieldState current = state;
      const at::Tensor factor = sdes[field].langevin_factor(t);
      for (std::int64_t k = 0; k < options.langevin.steps; ++k) {
        const at::Tensor score_now = score(field, current, t);
        current[field] =
            langevin_step(current[field], factor, score_now, noise.normal(field), options.langevin)
                .value;
      }
      result.push_back(current[field]);
    }
    return result;
  }

  std::vector<Update> predicted(const FieldState& state, const at::Tensor& t) const {
    const auto step =
        options.predictor == Predictor::euler ? euler_maruyama_step : reverse_diffusion_step;
    std::vector<Update> updates;
    for (std::size_t field = 0; field < sdes.size(); ++field) {
      const at::Tensor z = options.probability_flow ? at::Tensor() : noise.normal(field);
      updates.push_back(
          step(sdes[field], state[field], t, score(field, state, t), z, options.probability_flow));
    }
    return updates;
  }

  std::vector<Update> predictor_corrector_step(const FieldState& state, const at::Tensor& t) const {
    return predicted(corrects() ? corrected(state, t) : state, t);
  }

  std::vector<Update> half_transitions(const FieldState& state, const at::Tensor& t,
                                       const at::Tensor& dt) const {
    std::vector<Update> updates;
    for (std::size_t field = 0; field < sdes.size(); ++field) {
      const Sde::Gaussian next = sdes[field].transition(state[field], t, dt);
      const at::Tensor deviation = along_batch(next.standard_deviation, next.mean);
      updates.push_back({next.mean + deviation * noise.normal(field), next.mean});
    }
    return updates;
  }

  /// Symmetric splitting: one score evaluation a field serves the correction and the drift, between
  /// two half steps of the process without score.
  std::vector<Update> s4_step(const FieldState& state, const at::Tensor& t) const {
    const double dt = -1.0 / static_cast<double>(sdes[0].num_scales());
    FieldState scores;
    for (std::size_t field = 0; field < sdes.size(); ++field)
      scores.push_back(score(field, state, t));
    FieldState moved = state;
    for (std::size_t field = 0; field < sdes.size(); ++field) {
      moved[field] = langevin_step(state[field], sdes[field].langevin_factor(t), scores[field],
                                   noise.normal(field), options.langevin)
                         .value;
    }
    const at::Tensor half = torch::full_like(t, dt / 2);
    const std::vector<Update> first = half_transitions(moved, t, half);
    for (std::size_t field = 0; field < sdes.size(); ++field) {
      const at::Tensor weight = along_batch(sdes[field].diffusion(t).square(), scores[field]);
      moved[field] = first[field].value - weight * scores[field] * dt;
    }
    return half_transitions(moved, t + dt / 2, half);
  }
};

void require_usable(std::span<const Sde> sdes, const SolverOptions& options) {
  for (const Sde& sde : sdes) {
    if (sde.num_scales() != sdes[0].num_scales()) {
      throw ConfigError("sde-scales", fmt::format("the fields' num_scales differ: {} and {}",
                                                  sdes[0].num_scales(), sde.num_scales()));
    }
    if (options.predictor == Predictor::s4 && sde.type() == SdeType::subvp) {
      throw ConfigError("sde-transition", "the S4 solver has no transition of the subvp SDE",
                        "use vp or ve for both fields, or another predictor");
    }
  }
}

}  // namespace

FieldState solve_reverse_sde(std::span<const Sde> sdes, FieldState state, const CoupledScore& score,
                             FieldNoise& noise, const SolverOptions& options,
                             const StopRequested& stop,
                             const std::function<void(double)>& progress) {
  require_usable(sdes, options);
  const Solver solver{sdes, score, noise, options};
  const std::int64_t scales = sdes[0].num_scales();
  const at::Tensor grid = torch::linspace(1.0, options.final_time, scales).to(state[0].device());
  const std::int64_t batch = state[0].size(0);
  for (std::int64_t k = 0; k < scales; ++k) {
    if (stop()) return {};
    const at::Tensor t = grid[k].expand({batch}).contiguous();
    const std::vector<Update> updates = options.predictor == Predictor::s4
                                            ? solver.s4_step(state, t)
                                            : solver.predictor_corrector_step(state, t);
    const bool last = k + 1 == scales;
    for (std::size_t field = 0; field < sdes.size(); ++field)
      state[field] = last && options.denoise ? updates[field].mean : updates[field].value;
    progress(static_cast<double>(k + 1) / static_cast<double>(scales));
  }
  return state;
}

}  // namespace equigen
