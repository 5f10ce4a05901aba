// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <regex>

#include "catch.h"
#include "equigen/process/accuracy_schedule.h"
#include "equigen/process/circular_paths.h"
#include "equigen/process/diffusion_schedule.h"
#include "equigen/process/von_mises.h"
#include "equigen/process/wrapped_normal.h"
#include "equigen/tensor/safetensors.h"
#include "paths.h"

namespace equigen {
namespace {

Batch golden(const std::string& system, const std::string& file) {
  return read_safetensors(testing::golden_folder(system) / file).tensors;
}

/// The largest |actual - expected| / (absolute + relative |expected|).
double worst_error(const at::Tensor& actual, const at::Tensor& expected, double relative,
                   double absolute = 0) {
  const at::Tensor want = expected.to(torch::kFloat64);
  const at::Tensor error = (actual.to(torch::kFloat64) - want).abs();
  const at::Tensor allowed = absolute + relative * want.abs();
  // Where nothing is allowed, nothing must differ: 0 / 0 counts as 0.
  const at::Tensor share = torch::where(error == 0, torch::zeros_like(error), error / allowed);
  return share.max().item<double>();
}

double worst_angle(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor difference = actual.to(torch::kFloat64) - expected.to(torch::kFloat64);
  return von_mises::wrap_angle(difference).abs().max().item<double>();
}

struct Table {
  std::string name;  ///< such as s1000_b10000
  std::int64_t steps;
  double final_concentration;
};

/// The accuracy schedules of a golden file, whatever their sizes.
std::vector<Table> tables_of(const Batch& file) {
  const std::regex pattern("(s([0-9]+)_b([0-9.]+))/alphas");
  std::vector<Table> tables;
  for (const auto& [name, tensor] : file.tensors()) {
    std::smatch match;
    if (std::regex_match(name, match, pattern))
      tables.push_back({match[1], std::stoll(match[2]), std::stod(match[3])});
  }
  return tables;
}

double root_mean_square(const at::Tensor& x) {
  return x.square().mean().sqrt().item<double>();
}

/// The published accuracies of a flow of some steps; one of the tables has them.
at::Tensor published_accuracies(std::int64_t steps) {
  const Batch file = golden("crysbfn", "schedules.safetensors");
  return file.at(fmt::format("s{}_b1000/alphas", steps));
}

}  // namespace

TEST_CASE("golden.crysbfn.von_mises: Bessel functions, entropy and their inverses") {
  const Batch file = golden("crysbfn", "von_mises.safetensors");
  const at::Tensor kappa = file.at("kappa");
  CHECK(worst_error(von_mises::log_bessel_i0(kappa), file.at("log_i0"), 1e-10, 1e-15) <= 1);
  CHECK(worst_error(von_mises::mean_resultant(kappa), file.at("mean_resultant"), 1e-10) <= 1);
  // The stored entropies contain log 2 pi as a float32.
  const double log_two_pi = std::log(2 * std::numbers::pi);
  const at::Tensor entropy =
      file.at("entropy") + (log_two_pi - static_cast<double>(static_cast<float>(log_two_pi)));
  CHECK(worst_error(von_mises::entropy(kappa), entropy, 1e-10, 1e-12) <= 1);
  CHECK(worst_error(von_mises::inverse_mean_resultant(file.at("mean_resultant")), kappa, 1e-8) <=
        1);
  const at::Tensor steep = kappa > 0.05;
  const at::Tensor found =
      von_mises::inverse_entropy(entropy.index({steep}), kappa.max().item<double>());
  CHECK(worst_error(found, kappa.index({steep}), 1e-8) <= 1);
}

TEST_CASE("golden.crysbfn.von_mises.densities: log densities and divergences") {
  const Batch file = golden("crysbfn", "von_mises.safetensors");
  const at::Tensor logs = von_mises::log_density(file.at("logprob/x"), file.at("logprob/loc"),
                                                 file.at("logprob/kappa"));
  CHECK(worst_error(logs, file.at("logprob/value"), 1e-10, 1e-10) <= 1);
  CHECK(worst_error(logs, file.at("logprob/torch_poly"), 0, 1e-6) <= 1);
  const at::Tensor divergence = von_mises::kl_divergence(file.at("kl/mu1"), file.at("kl/kappa1"),
                                                         file.at("kl/mu2"), file.at("kl/kappa2"));
  CHECK(worst_error(divergence, file.at("kl/value"), 1e-10, 1e-10) <= 1);
}

TEST_CASE("golden.crysbfn.von_mises.sampler: the stored uniforms give the stored angles") {
  const Batch file = golden("crysbfn", "von_mises.safetensors");
  const at::Tensor uniforms = file.at("sampler/uniforms");
  std::int64_t round = 0;
  const auto uniform = [&](at::IntArrayRef shape) {
    REQUIRE(round < uniforms.size(0));
    REQUIRE(shape == uniforms[round].sizes());
    return uniforms[round++];
  };
  const at::Tensor exact =
      von_mises::sample(file.at("sampler/loc"), file.at("sampler/kappa"), uniform);
  CHECK(round == file.at("sampler/rounds").item<std::int64_t>());
  CHECK(worst_error(exact, file.at("sampler/sample_f64"), 0, 1e-9) <= 1);
  round = 0;
  const at::Tensor single = von_mises::sample(file.at("sampler/loc").to(torch::kFloat32),
                                              file.at("sampler/kappa"), uniform);
  CHECK(worst_error(single, file.at("sampler/helper_sample_f32"), 0, 1e-6) <= 1);
}

TEST_CASE("golden.crysbfn.von_mises.update: beliefs after one and ten observations") {
  const Batch file = golden("crysbfn", "von_mises.safetensors");
  const von_mises::Belief belief{file.at("update/m"), file.at("update/c")};
  for (const bool offset : {false, true}) {
    const std::string suffix = offset ? "_eps" : "";
    const von_mises::Belief after =
        update(belief, file.at("update/y"), file.at("update/alpha"), offset ? 1e-6 : 0.0);
    CHECK(worst_angle(after.mean, file.at("update/m_out" + suffix)) < 1e-5);
    CHECK(worst_error(after.concentration, file.at("update/c_out" + suffix), 1e-5, 1e-5) <= 1);
  }
  const at::Tensor observations = file.at("chain/y");
  const at::Tensor start = torch::zeros_like(observations.select(1, 0));
  von_mises::Belief chained{start, start};
  for (std::int64_t j = 0; j < observations.size(1); ++j) {
    chained = update(chained, observations.select(1, j), file.at("chain/alphas")[j]);
    CHECK(worst_angle(chained.mean, file.at("chain/m").select(1, j)) < 1e-9);
    CHECK(worst_error(chained.concentration, file.at("chain/c").select(1, j), 1e-9) <= 1);
  }
}

TEST_CASE("golden.crysbfn.geometry.wrap: angles wrap into one turn") {
  const Batch file = golden("crysbfn", "geometry.safetensors");
  const at::Tensor wrapped = von_mises::wrap_angle(file.at("angle_in"));
  CHECK(worst_error(wrapped, file.at("angle_wrapped"), 0, 1e-6) <= 1);
}

TEST_CASE("golden.crysbfn.schedules: every published accuracy table") {
  const Batch file = golden("crysbfn", "schedules.safetensors");
  const std::vector<Table> tables = tables_of(file);
  REQUIRE_FALSE(tables.empty());
  for (const Table& table : tables) {
    INFO(table.name);
    const AccuracySchedule& own = linear_entropy_schedule(table.steps, table.final_concentration);
    const at::Tensor published = file.at(table.name + "/alphas").to(torch::kFloat64);
    CHECK(worst_error(own.target_entropy, file.at(table.name + "/target_entropy"), 1e-10, 1e-12) <=
          1);
    CHECK(worst_error(own.concentrations, file.at(table.name + "/betas"), 1e-8) <= 1);
    CHECK(worst_error(own.accuracies, file.at(table.name + "/alphas_quadrature"), 1e-6) <= 1);
    // The published tables carry the noise of 1e5 draws a step.
    const at::Tensor noise = published / own.accuracies - 1;
    CHECK(std::abs(noise.mean().item<double>()) < 3e-4);
    CHECK(root_mean_square(noise) < 8e-3);
    const at::Tensor weight =
        static_cast<double>(table.steps) * published * von_mises::mean_resultant(published);
    CHECK(worst_error(weight.mean(), file.at(table.name + "/cir_weight_norm")[0], 1e-5) <= 1);
  }
}

TEST_CASE("golden.crysbfn.circle: beliefs from the stored observations of training") {
  const Batch file = golden("crysbfn", "flows_losses.safetensors");
  const std::regex pattern("(circ([0-9]+))/y");
  int cases = 0;
  for (const auto& [name, y] : file.tensors()) {
    std::smatch match;
    if (!std::regex_match(name, match, pattern)) continue;
    const std::string prefix = match[1];
    const at::Tensor accuracies = published_accuracies(std::stoll(match[2]));
    const at::Tensor step = file.at(prefix + "/t_index_per_atom");
    for (std::int64_t atom = 0; atom < step.size(0); ++atom) {
      const std::int64_t taken = step[atom].item<std::int64_t>() - 1;
      const Resultant sum =
          sum_of_observations(y.narrow(0, 0, taken).narrow(1, atom, 1), accuracies);
      const at::Tensor known = normalised_log_accuracy(sum, 1000)[0];
      CHECK(worst_error(known, file.at(prefix + "/log_acc_norm")[atom], 0, 1e-5) <= 1);
      if (taken > 0) {
        const at::Tensor mean = torch::atan2(sum.sine, sum.cosine)[0];
        CHECK(worst_angle(mean, file.at(prefix + "/mu")[atom]) < 1e-5);
      }
    }
    ++cases;
  }
  CHECK(cases > 0);
}

TEST_CASE("golden.crysbfn.circle.sampler: beliefs from the stored observations of sampling") {
  const Batch file = golden("crysbfn", "flows_losses.safetensors");
  const std::regex pattern("(circ_sample_s([0-9]+)_i[0-9]+)/y");
  int cases = 0;
  for (const auto& [name, y] : file.tensors()) {
    std::smatch match;
    if (!std::regex_match(name, match, pattern)) continue;
    const std::string prefix = match[1];
    const Resultant sum = sum_of_observations(y, published_accuracies(std::stoll(match[2])));
    CHECK(worst_angle(torch::atan2(sum.sine, sum.cosine), file.at(prefix + "/mu")) < 1e-5);
    CHECK(worst_error(normalised_log_accuracy(sum, 1000), file.at(prefix + "/log_acc_norm"), 0,
                      1e-5) <= 1);
    ++cases;
  }
  CHECK(cases > 0);
}

TEST_CASE("golden.diffcsp.schedules: noise of lattices, types and coordinates") {
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(testing::golden_folder("diffcsp"))) {
    if (entry.path().extension() != ".safetensors") continue;
    const Batch file = read_safetensors(entry.path()).tensors;
    if (!file.contains("sched/betas")) continue;
    INFO(entry.path().filename().string());
    const std::int64_t steps = file.at("sched/betas").size(0) - 1;
    const at::Tensor own = cosine_cumulative_alphas(steps);
    CHECK(worst_error(own, file.at("sched/alphas_cumprod"), 1e-5, 1e-5) <= 1);
    const at::Tensor alphas = own.narrow(0, 1, steps) / own.narrow(0, 0, steps);
    const at::Tensor betas = 1 - alphas;
    const auto after_data = [&](const char* name) { return file.at(name).narrow(0, 1, steps); };
    // The reference computes in float32; its betas are 1 - (a ratio near 1).
    CHECK(worst_error(betas, after_data("sched/betas"), 1e-5, 3.5e-5) <= 1);
    CHECK(worst_error(alphas, after_data("sched/alphas"), 1e-5, 3.5e-5) <= 1);
    const char* name = file.contains("sched/ddpm_sigmas") ? "sched/ddpm_sigmas" : "sched/sigmas";
    const at::Tensor posterior =
        (betas * (1 - own.narrow(0, 0, steps)) / (1 - own.narrow(0, 1, steps))).sqrt();
    CHECK(worst_error(posterior, after_data(name), 1e-4, 3.5e-5) <= 1);
    const at::Tensor sigmas = wrapped_normal::geometric_deviations(0.005, 0.5, steps);
    CHECK(worst_error(sigmas, file.at("sched/wn_sigmas"), 1e-6) <= 1);
    ++cases;
  }
  CHECK(cases > 0);
}

TEST_CASE("golden.diffcsp.wrapped_normal: densities, scores and their expected squares") {
  const Batch file = golden("diffcsp", "schedules.safetensors");
  const at::Tensor x = file.at("wn/x"), sigma = file.at("wn/sigma");
  const at::Tensor density = wrapped_normal::density(x.to(torch::kFloat64), sigma);
  const at::Tensor constant = sigma.to(torch::kFloat64) * std::sqrt(2 * std::numbers::pi);
  CHECK(worst_error(density * constant, file.at("wn/p"), 1e-4, 1e-37) <= 1);
  const at::Tensor score = wrapped_normal::negative_score(x, sigma);
  CHECK(score.isfinite().all().item<bool>());
  const at::Tensor stored = file.at("wn/neg_score");
  const at::Tensor defined = stored.isfinite();
  CHECK(worst_error(score.index({defined}), stored.index({defined}), 1e-4, 1e-4) <= 1);

  const at::Tensor sigmas = file.at("sched/wn_sigmas").to(torch::kFloat64);
  const at::Tensor expected = wrapped_normal::expected_squared_score(sigmas);
  CHECK(worst_error(expected, file.at("sched/wn_sigmas_norm_quadrature"), 1e-6) <= 1);
  const at::Tensor drawn = file.at("sched/wn_sigmas_norm_mc10000").to(torch::kFloat64);
  CHECK(root_mean_square(drawn / expected - 1) < 0.02);
}

}  // namespace equigen
