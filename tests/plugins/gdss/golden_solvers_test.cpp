// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <regex>

#include "catch.h"
#include "equigen/base/text.h"
#include "plugins/gdss/golden.h"

namespace equigen::gdss::testing {
namespace {

/// "vp_0.1_20_N10": type, schedule and number of scales (1000 unless named).
Sde sde_of_name(const std::string& name) {
  const std::vector<std::string> parts = text::split(name, '_');
  const std::int64_t scales = parts.size() > 3 ? std::stol(parts[3].substr(1)) : 1000;
  return {sde_type_named(parts[0]), {std::stod(parts[1]), std::stod(parts[2])}, scales};
}

at::Tensor computed(const Sde& sde, const std::string& key, const Batch& file) {
  const at::Tensor& x = file.at("x");
  const at::Tensor& t = file.at("t");
  if (key == "drift") return sde.drift(x, t);
  if (key == "diffusion") return sde.diffusion(t);
  if (key == "mean") return sde.marginal(x, t).mean;
  if (key == "std") return sde.marginal(x, t).standard_deviation;
  if (key == "discrete_f") return sde.discretise(x, t).drift;
  if (key == "discrete_G") return sde.discretise(x, t).diffusion;
  if (key == "transition_mean") return sde.transition(x, t, file.at("dt")).mean;
  if (key == "transition_std") return sde.transition(x, t, file.at("dt")).standard_deviation;
  if (key == "discrete_betas") return sde.discrete_betas();
  if (key == "alphas") return 1 - sde.discrete_betas();
  if (key == "discrete_sigmas") return sde.discrete_sigmas();
  if (key == "prior_logp") return sde.prior_log_density(x);
  return {};
}

}  // namespace

TEST_CASE("golden.gdss.sde") {
  const auto file = golden_file("sde.safetensors");
  if (!file) return;
  for (const auto& [full, expected] : file->tensors.tensors()) {
    const auto dot = full.rfind('.');
    if (dot == std::string::npos) continue;
    const Sde sde = sde_of_name(full.substr(0, dot));
    const at::Tensor actual = computed(sde, full.substr(dot + 1), file->tensors);
    INFO(full << " is not a tensor this test knows");
    REQUIRE(actual.defined());
    check_close(full, actual, expected, 1e-6, 1e-5);
  }
  const at::Tensor grid = file->tensors.at("time_grid");
  check_close("time_grid", torch::linspace(1.0, 1e-4, grid.size(0)), grid, 1e-6, 1e-5);
  const Sde sde(SdeType::vp, {0.1, 1.0}, grid.size(0));
  CHECK(sde.step_index(grid).equal(file->tensors.at("index_of_time_grid")));
}

namespace {

class FixedNoise : public FieldNoise {
 public:
  FixedNoise(at::Tensor x, at::Tensor adjacency) : noise_{std::move(x), std::move(adjacency)} {}
  at::Tensor normal(std::size_t field) override { return noise_[field]; }

 private:
  std::array<at::Tensor, 2> noise_;
};

constexpr LangevinOptions kStoredLangevin{
    .signal_to_noise_ratio = 0.2, .scale_epsilon = 0.7, .steps = 1, .coupled_batch = true};

Update langevin(const GdssModel& model, std::size_t field, FieldState state, const at::Tensor& t,
                const at::Tensor& z, const GraphMask& mask, int steps) {
  Update update;
  for (int k = 0; k < steps; ++k) {
    update = langevin_step(state[field], model.sdes()[field].langevin_factor(t),
                           model.score(field, state, t, mask), z, kStoredLangevin);
    state[field] = update.value;
  }
  return update;
}

Update step_named(const std::string& name, const GdssModel& model, std::size_t field,
                  const FieldState& state, const at::Tensor& t, const at::Tensor& z,
                  const GraphMask& mask) {
  const Sde& sde = model.sdes()[field];
  const at::Tensor score = model.score(field, state, t, mask);
  if (name == "euler") return euler_maruyama_step(sde, state[field], t, score, z);
  if (name == "reverse") return reverse_diffusion_step(sde, state[field], t, score, z);
  if (name == "reverse_ode") return reverse_diffusion_step(sde, state[field], t, score, z, true);
  if (name.starts_with("langevin"))
    return langevin(model, field, state, t, z, mask, std::stoi(name.substr(8)));
  return {};
}

}  // namespace

TEST_CASE("golden.gdss.solver_step") {
  const auto file = golden_file("solver_step.safetensors");
  if (!file) return;
  const Batch& stored = file->tensors;
  const at::NoGradGuard no_gradient;
  for (const std::string& set : cases_of(stored)) {
    const auto model = published_model(set);
    if (!model) continue;
    const auto at = [&](const std::string& key) { return stored.at(set + "." + key); };
    const GraphMask mask(at("flags"));
    const FieldState state{at("x"), at("adj")};
    const std::regex pattern(set + R"(\.(\w+)\.(x|adj)(_mean)?)");
    for (const auto& [full, expected] : stored.tensors()) {
      std::smatch parts;
      if (!std::regex_match(full, parts, pattern)) continue;
      const std::size_t field = parts[2] == "x" ? 0 : 1;
      const Update update = step_named(parts[1], *model, field, state, at("t"),
                                       at(field == 0 ? "z_x" : "z_adj"), mask);
      REQUIRE(update.mean.defined());
      check_close(full, parts[3].length() > 0 ? update.mean : update.value, expected, 1e-5, 1e-4);
    }
  }
}

namespace {

/// Noise in the stored order of use.
class StoredNoise : public FieldNoise {
 public:
  StoredNoise(at::Tensor x, at::Tensor adjacency, GraphMask mask)
      : noise_{std::move(x), std::move(adjacency)}, mask_(std::move(mask)) {}
  at::Tensor normal(std::size_t field) override {
    return noise_[field][used_[field]++] * (field == 0 ? mask_.nodes : mask_.pairs);
  }
  bool all_used() const { return used_[0] == noise_[0].size(0) && used_[1] == noise_[1].size(0); }

 private:
  std::array<at::Tensor, 2> noise_;
  std::array<std::int64_t, 2> used_{0, 0};
  GraphMask mask_;
};

void check_chain(const std::string& key, const std::smatch& parts, const Batch& file) {
  const at::Tensor params = file.at(key + ".params");
  const auto parameter = [&](std::int64_t i) { return params[i].item<double>(); };
  Changes changes;
  changes.num_scales = static_cast<std::int64_t>(parameter(3));
  const auto model = published_model(parts[1], changes);
  if (!model) return;
  const GraphMask mask(file.at(key + ".flags"));
  StoredNoise noise(file.at(key + ".noise_x"), file.at(key + ".noise_adj"), mask);
  SolverOptions options;
  options.predictor = predictor_named(text::lower(parts[2].str()));
  options.corrector = parts[3] == "Langevin";
  options.langevin = {.signal_to_noise_ratio = parameter(0),
                      .scale_epsilon = parameter(1),
                      .steps = static_cast<std::int64_t>(parameter(2)),
                      .coupled_batch = true};
  const c10::InferenceMode inference;
  const CoupledScore score = [&](std::size_t field, const FieldState& state, const at::Tensor& t) {
    return model->score(field, state, t, mask);
  };
  const FieldState result = solve_reverse_sde(
      model->sdes(),
      {file.at(key + ".prior_x") * mask.nodes, file.at(key + ".prior_adj") * mask.pairs}, score,
      noise, options, [] { return false; }, [](double) {});
  CHECK(noise.all_used());
  check_close(key + ".out_x", result[0], file.at(key + ".out_x"), 1e-4, 1e-4);
  check_close(key + ".out_adj", result[1], file.at(key + ".out_adj"), 1e-4, 1e-4);
}

}  // namespace

TEST_CASE("golden.gdss.sampler_chain") {
  const auto file = golden_file("sampler_chain.safetensors");
  if (!file) return;
  const std::regex pattern(R"((\w+?)\.(Euler|Reverse|S4)_(Langevin|None)_(\d+))");
  for (const auto& [name, tensor] : file->tensors.tensors()) {
    if (!name.ends_with(".params")) continue;
    const std::string key = name.substr(0, name.size() - std::string(".params").size());
    std::smatch parts;
    INFO(key);
    REQUIRE(std::regex_match(key, parts, pattern));
    check_chain(key, parts, file->tensors);
  }
}

}  // namespace equigen::gdss::testing
