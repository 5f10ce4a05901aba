// SPDX-License-Identifier: MIT
#include <torch/optim/lbfgs.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "equigen/data/lattice_statistics.h"
#include "flowmm/flow_matching.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

constexpr std::int64_t kSteps = 20;

FieldSetting setting(CrystalField field) {
  FieldSetting result;
  result.field = field;
  result.steps = kSteps;
  result.vocabulary = {8, 22, 38, 100};
  result.data.size_histogram = {0, 0, 0, 2, 0, 4};
  result.data.lattice.length_mean = {4, 5, 6};
  result.data.lattice.length_deviation = {0.3, 0.4, 0.5};
  result.data.lattice.log_length_mean = {1.38, 1.6, 1.78};
  result.data.lattice.log_length_deviation = {0.07, 0.08, 0.09};
  result.data.lattice.angle_logit_deviation = {1, 1, 1};
  return result;
}

/// Two crystals, of three and five atoms.
FieldRows atoms() {
  return {torch::tensor({0, 0, 0, 1, 1, 1, 1, 1}, torch::kLong), 2};
}
FieldRows crystals() {
  return {torch::arange(2, torch::kLong), 2};
}

/// From the prior to the end with the velocity that leads from the start to `data`, as a network's
/// output for which `loss` is least: found by following the loss's gradient.
at::Tensor target_output(const FieldProcess& process, const CorruptedField& corrupted,
                         const FieldRows& rows, std::int64_t columns) {
  at::Tensor output = torch::zeros({corrupted.clean.size(0), columns}).set_requires_grad(true);
  torch::optim::LBFGS search({output}, torch::optim::LBFGSOptions(1.0).max_iter(200));
  search.step([&] {
    search.zero_grad();
    const at::Tensor loss = process.loss(output, corrupted, rows).sum();
    loss.backward();
    return loss;
  });
  CHECK(process.loss(output, corrupted, rows).max().item<double>() < 1e-6);
  return output.detach();
}

/// Goes all the way with constant outputs.
at::Tensor end_of_way(FieldProcess& process, const at::Tensor& start, const at::Tensor& output,
                      const FieldRows& rows, std::int64_t strides) {
  NoiseStream stream(4, at::kCPU);
  StreamRowNoise noise(stream, start.size(0));
  NoisyField field{start, {}};
  for (std::int64_t k = 0; k < strides; ++k) {
    const Stride stride{1 + k * kSteps / strides, 1 + (k + 1) * kSteps / strides};
    field = process.advance(field, output, stride, rows, noise);
  }
  return field.value;
}

at::Tensor first_step(std::int64_t rows) {
  return torch::ones({rows}, torch::kFloat64);
}

}  // namespace

TEST_CASE("a flow on the torus takes its base to the data, up to a common movement") {
  flowmm::TorusFlow process({}, setting(CrystalField::coordinates));
  torch::manual_seed(1);
  const at::Tensor clean = torch::rand({8, 3});
  NoiseStream stream(2, at::kCPU);
  StreamRowNoise noise(stream, 8);
  const CorruptedField corrupted = process.corrupt(clean, first_step(8), atoms(), noise);
  const at::Tensor output = target_output(process, corrupted, atoms(), 3);
  for (const std::int64_t strides : {kSteps, std::int64_t{1}}) {
    const at::Tensor end = end_of_way(process, corrupted.noisy.value, output, atoms(), strides);
    at::Tensor apart = end - clean;
    apart = apart - apart.index_select(0, torch::tensor({0, 0, 0, 3, 3, 3, 3, 3}));
    check_close("coordinates", apart - torch::round(apart), torch::zeros_like(apart), 1e-3);
  }
}

TEST_CASE("velocities on the torus have no mean over a crystal and go the short way round") {
  flowmm::TorusFlow process({}, setting(CrystalField::coordinates));
  NoiseStream stream(3, at::kCPU);
  StreamRowNoise noise(stream, 8);
  const CorruptedField corrupted =
      process.corrupt(torch::rand({8, 3}), first_step(8), atoms(), noise);
  CHECK(corrupted.target.slice(0, 0, 3).sum(0).abs().max().item<double>() < 1e-5);
  CHECK(corrupted.target.slice(0, 3).sum(0).abs().max().item<double>() < 1e-5);
  CHECK(corrupted.target.abs().max().item<double>() <= 1);
}

TEST_CASE("a flow of lattice parameters takes its base to the data") {
  flowmm::LatticeParameterFlow process({}, setting(CrystalField::lattice));
  const at::Tensor parameters =
      torch::tensor({{4.2, 4.9, 6.3, 90.0, 75.0, 118.0}, {3.9, 5.2, 5.8, 61.0, 90.0, 100.0}})
          .to(torch::kFloat32);
  NoiseStream stream(5, at::kCPU);
  StreamRowNoise noise(stream, 2);
  const CorruptedField corrupted =
      process.corrupt(process.encode(parameters), first_step(2), crystals(), noise);
  const at::Tensor output = target_output(process, corrupted, crystals(), 6);
  const at::Tensor end = end_of_way(process, corrupted.noisy.value, output, crystals(), kSteps);
  check_close("parameters", lattice_parameters(process.cell(end)), parameters, 2e-2);
}

TEST_CASE("what a network sees of lattice parameters is standardised over all times") {
  flowmm::LatticeParameterFlow process({}, setting(CrystalField::lattice));
  constexpr std::int64_t kRows = 20000;
  torch::manual_seed(6);
  const FieldSetting used = setting(CrystalField::lattice);
  at::Tensor clean = torch::randn({kRows, 6});
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    const auto at = static_cast<std::size_t>(axis);
    clean.select(1, axis)
        .mul_(used.data.lattice.length_deviation[at])
        .add_(used.data.lattice.length_mean[at]);
  }
  NoiseStream stream(7, at::kCPU);
  StreamRowNoise noise(stream, kRows);
  const at::Tensor step = 1 + kSteps * torch::rand({kRows}, torch::kFloat64);
  const FieldRows rows{torch::arange(kRows), kRows};
  const at::Tensor seen = process.seen(process.corrupt(clean, step, rows, noise).noisy.value);
  check_close("mean", seen.mean(0), torch::zeros({6}), 0.05);
  check_close("deviation", seen.std(0), torch::ones({6}), 0.05);
}

TEST_CASE("cells that are not reduced do not fit a flow of lattice parameters") {
  flowmm::LatticeParameterFlow process({}, setting(CrystalField::lattice));
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters({{4, 4, 4}, {90, 90, 45}});
  CHECK_THAT(process.misfit(crystal), ContainsSubstring("reduce: niggli"));
  crystal.lattice = Lattice::from_parameters({{4, 4, 4}, {60, 60, 60}});
  CHECK(process.misfit(crystal).empty());
}

TEST_CASE("elements as bits are read back, also when a few bits are unsure") {
  flowmm::AnalogBitsFlow process({}, setting(CrystalField::elements));
  const at::Tensor places = torch::tensor({0, 1, 2, 3, 3, 1, 0, 2}, torch::kLong);
  NoiseStream stream(8, at::kCPU);
  StreamRowNoise noise(stream, 8);
  CHECK(process.result({0.3 * process.encode(places), {}}, noise).equal(places));
}

TEST_CASE("golden.flowmm.torus: shortest ways and points on them") {
  flowmm::TorusFlow process({}, setting(CrystalField::coordinates));
  // log_0.9(0.1) = 0.2 and log_0.1(0.9) = -0.2; half-way between both is 0. The second atom does
  // not move, so that the way of the first stands in the difference of the velocities.
  const at::Tensor base =
      torch::tensor({{0.9F, 0.1F, 0.9F}, {0.5F, 0.5F, 0.5F}}).to(torch::kFloat32);
  const at::Tensor data = torch::tensor({{0.1F, 0.9F, 0.9F}, {0.5F, 0.5F, 0.5F}});
  const FieldRows rows{torch::zeros({2}, torch::kLong), 1};
  RecordedNoise noise({base});
  const at::Tensor half = torch::full({2}, 1 + kSteps / 2.0, torch::kFloat64);
  const CorruptedField corrupted = process.corrupt(data, half, rows, noise);
  check_close("ways", corrupted.target[0] - corrupted.target[1], torch::tensor({0.2F, -0.2F, 0.0F}),
              1e-6);
  const at::Tensor middle = corrupted.noisy.value[0];
  check_close("half-way", middle - torch::round(middle), torch::tensor({0.0F, 0.0F, -0.1F}), 1e-6);
}

TEST_CASE("golden.flowmm.angles: degrees as logits") {
  flowmm::LatticeParameterFlow process({}, setting(CrystalField::lattice));
  const at::Tensor encoded = process.encode(torch::tensor({{4.F, 5.F, 6.F, 90.F, 75.F, 105.F}}));
  check_close("angles", encoded, torch::tensor({{4.F, 5.F, 6.F, 0.F, -1.0942F, 1.0942F}}), 1e-4);
  CHECK(angle_logit(75) == Approx(-1.0942).margin(1e-4));
}

TEST_CASE("golden.flowmm.bits: atomic number 26 is + - - + + - -") {
  FieldSetting iron = setting(CrystalField::elements);
  iron.vocabulary = {26};
  const flowmm::AnalogBitsFlow process({}, iron);
  CHECK(process.encode(torch::zeros({1}, torch::kLong))
            .equal(torch::tensor({{1.F, -1.F, -1.F, 1.F, 1.F, -1.F, -1.F}})));
}

TEST_CASE("golden.flowmm.annealing: velocities grow with time from the start on") {
  const FieldSetting of_elements = setting(CrystalField::elements);
  for (const double start : {0.0, 0.5}) {
    flowmm::AnalogBitsFlow process({.annealing = {.slope = 5, .start = start}}, of_elements);
    for (const std::int64_t from : {std::int64_t{1}, kSteps / 2 + 1, kSteps}) {
      RecordedNoise none;
      const NoisyField next =
          process.advance({torch::zeros({1, 7}), {}}, torch::ones({1, 7}), {from, from + 1},
                          {torch::zeros({1}, torch::kLong), 1}, none);
      const double time = static_cast<double>(from - 1) / kSteps;
      const double factor = 1 + 5 * std::max(time - start, 0.0);
      check_close("moved", next.value, torch::full({1, 7}, factor / kSteps), 1e-6);
    }
  }
}

TEST_CASE("a length that a flow has led past zero is no cell, not a mirrored one") {
  flowmm::LatticeParameterFlow process({}, setting(CrystalField::lattice));
  RecordedNoise none;
  const at::Tensor value =
      torch::tensor({{4.F, 5.F, 6.F, 0.F, 0.F, 0.F}, {4.F, -0.1F, 6.F, 0.F, 0.F, 0.F}});
  const at::Tensor vectors = process.result({value, {}}, none);
  CHECK(vectors[0].isfinite().all().item<bool>());
  CHECK_FALSE(vectors[1].isfinite().any().item<bool>());
  const std::vector<std::int64_t> sizes{1, 1};
  const std::vector<Sample> crystals =
      to_crystals(sizes, torch::zeros({2, 3}), vectors, torch::zeros({2}, torch::kLong),
                  ElementVocabulary({26}));
  CHECK(crystal_in(crystals[0]).size() == 1);
  CHECK(crystal_in(crystals[1]).size() == 0);
}

TEST_CASE("a process refuses a field that it is not for") {
  CHECK_THROWS_WITH(flowmm::TorusFlow({}, setting(CrystalField::lattice)),
                    ContainsSubstring("torus_flow is for the coordinates, not for the lattice"));
}

}  // namespace equigen::crystal_generator::testing
