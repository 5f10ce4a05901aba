// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include "equigen/base/error.h"
#include "equigen/crystal/formula.h"
#include "equigen/model/sampling_overrides.h"
#include "equigen/plugin/registry.h"
#include "equigen/testing/separate_device.h"
#include "equigen/train/model_for_data.h"
#include "equigen/train/sampling_conditions.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

constexpr const char* kNetwork =
    "network: {type: cspnet, hidden_features: 32, layers: 1, frequencies: 2, time_features: 8}";
constexpr const char* kFlows =
    "coordinates: {type: torus_flow}, lattice: {type: lattice_parameter_flow}, elements: {type: "
    "analog_bits_flow}";

/// Two columns where a network takes three.
class FlatCoordinates final : public FieldProcess {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys) { keys.doc("Flat."); }
  };
  FlatCoordinates(Config, const FieldSetting&) {}
  FieldLayout layout() const override { return {.seen = 2, .predicted = 2}; }
  at::Tensor encode(const at::Tensor& data) const override { return data; }
  NoisyField prior(const FieldRows&, RowNoise&) override { return {}; }
  CorruptedField corrupt(const at::Tensor&, const at::Tensor&, const FieldRows&,
                         RowNoise&) override {
    return {};
  }
  at::Tensor loss(const at::Tensor& output, const CorruptedField&,
                  const FieldRows&) const override {
    return output;
  }
  NoisyField advance(const NoisyField& field, const at::Tensor&, const Stride&, const FieldRows&,
                     RowNoise&) override {
    return field;
  }
  at::Tensor result(const NoisyField& field, RowNoise&) override { return field.value; }
};

void register_model() {
  register_components();
  static const bool done = [] {
    RegistryBuilder builder("tests");
    builder.add<Model, CrystalGenerator>("crystal_generator", "");
    builder.add<FieldProcess, FlatCoordinates>("flat_coordinates", "");
    Registry::instance().commit(builder.take());
    return true;
  }();
  static_cast<void>(done);
}

Sample cubic(const std::string& formula, double angle = 90) {
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters({{4, 4.2, 4.4}, {angle, 90, 90}});
  double place = 0;
  for (const auto& [atomic_number, count] : parse_formula(formula)) {
    for (std::int64_t k = 0; k < count; ++k) {
      crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(atomic_number));
      crystal.fractional_coordinates.push_back({place, 0.3 * place, 0.1});
      place += 0.17;
    }
  }
  crystal.name = formula;
  return {crystal, {}};
}

std::vector<Sample> salts() {
  return {cubic("NaCl"), cubic("KCl"), cubic("NaBr"), cubic("SrTiO3")};
}

config::ComponentChoice choice_of(const std::string& options) {
  return {"crystal_generator", options_of(fmt::format("{{{}, {}}}", options, kNetwork))};
}

std::shared_ptr<Model> model_of(const std::string& options,
                                const std::vector<Sample>& train = salts()) {
  register_model();
  return Registry::instance().create<Model>(choice_of(options), summarise("test", train));
}

std::vector<Sample> drawn(Model& model, std::vector<std::int64_t> indices,
                          std::vector<Sample> conditions = {}, at::Device device = at::kCPU) {
  SamplingRequest request;
  request.device = device;
  request.seed = 3;
  request.sample_indices = std::move(indices);
  request.conditions = std::move(conditions);
  return model.sample(request);
}

}  // namespace

TEST_CASE("compositions with unknown elements are named, and their samples stay empty") {
  const auto model = model_of("task: structure_prediction, steps: 4");
  const std::vector<Sample> wanted{cubic("KBr"), cubic("PaO2"), cubic("AcPaCl"), cubic("NaCl")};
  const std::string text = unmet_conditions(*model, wanted);
  CHECK_THAT(text, ContainsSubstring("2 of 4 compositions"));
  CHECK_THAT(text, ContainsSubstring("element Pa (1)"));
  CHECK_THAT(text, ContainsSubstring("elements Ac, Pa (1)"));
  CHECK(unmet_conditions(*model, std::vector<Sample>{wanted[0], wanted[3]}).empty());
  const std::vector<Sample> samples = drawn(*model, {0, 1, 2, 3}, wanted);
  REQUIRE(samples.size() == 4);
  for (const std::size_t empty : {1, 2}) {
    CHECK(crystal_in(samples[empty]).size() == 0);
    CHECK(crystal_in(samples[empty]).name == crystal_in(wanted[empty]).name);
  }
  // What is left out takes no part in the others.
  CHECK((samples[3] == drawn(*model, {3}, {wanted[3]})[0]));
  CHECK(crystal_in(samples[0]).atomic_numbers == crystal_in(wanted[0]).atomic_numbers);
  CHECK(crystal_in(drawn(*model, {5}, {wanted[1]})[0]).size() == 0);
}

TEST_CASE("structures are predicted on another device as on the CPU") {
  const std::vector<Sample> wanted{cubic("KBr"), cubic("SrTiO3"), cubic("NaCl")};
  for (const std::string& processes :
       {std::string("coordinates: {type: circular_bayesian_flow}, lattice: {type: "
                    "gaussian_bayesian_flow}, elements: {type: categorical_bayesian_flow}"),
        std::string("coordinates: {type: wrapped_normal_diffusion}, lattice: {type: "
                    "denoising_diffusion}, elements: {type: denoising_diffusion}"),
        std::string(kFlows)}) {
    INFO(processes);
    const auto model = model_of("task: structure_prediction, steps: 4, " + processes);
    const std::vector<Sample> here = drawn(*model, {0, 1, 2}, wanted);
    const at::Device device = equigen::testing::separate_device();
    model->to(device);
    const std::vector<Sample> there = drawn(*model, {0, 1, 2}, wanted, device);
    REQUIRE(there.size() == here.size());
    for (std::size_t k = 0; k < here.size(); ++k) {
      const Crystal& a = crystal_in(here[k]);
      const Crystal& b = crystal_in(there[k]);
      CHECK(a.atomic_numbers == b.atomic_numbers);
      CHECK(b.lattice.volume() == Approx(a.lattice.volume()).epsilon(1e-3));
    }
  }
}

TEST_CASE("a vocabulary can be listed, with ranges, and misfits name it shortly") {
  CHECK(listed_elements("O, Ti Sr-Zr") == std::vector<int>{8, 22, 38, 39, 40});
  CHECK(listed_elements("H-Bi, Ac-Pu").size() == 89);
  // Of perov_5.
  CHECK(listed_elements("Li-B, N-F, Na-Si, S, K-As, Rb-Mo, Ru-Te, Cs-La, Hf-Bi").size() == 56);
  CHECK_THROWS_WITH(listed_elements("O, Xx"), ContainsSubstring("'Xx'"));
  CHECK_THROWS_AS(listed_elements("  "), ConfigError);
  CHECK_THROWS_AS(model_of("vocabulary: nonsense"), ConfigError);
  const auto model = model_of("vocabulary: 'H-Bi, Ac-Pu', task: structure_prediction");
  CHECK(model->unmet(cubic("PaO2")).empty());
  CHECK(model->misfit(cubic("AmO2")) == "element Am outside the vocabulary of 89 elements");
  CHECK(model_of("vocabulary: 'Na, Cl, K'")->misfit(cubic("NaBr")) ==
        "element Br outside the vocabulary Na, Cl, K");
}

TEST_CASE("fields that are sampled in contradicting ways are refused") {
  const std::string prediction = "task: structure_prediction, ";
  const std::string vanilla = "{type: circular_bayesian_flow, sampler: vanilla}";
  CHECK_THROWS_WITH(model_of(prediction + "coordinates: " + vanilla),
                    ContainsSubstring("model.lattice by 'end_back'") &&
                        ContainsSubstring("model.coordinates by 'vanilla'"));
  const std::string both =
      "coordinates: " + vanilla + ", lattice: {type: gaussian_bayesian_flow, sampler: vanilla}";
  CHECK_NOTHROW(model_of(prediction + both));
  CHECK_THROWS_WITH(model_of(both), ContainsSubstring("model.elements by 'end_back'"));
  CHECK_NOTHROW(
      model_of(prediction + "coordinates: " + vanilla + ", lattice: {type: denoising_diffusion}"));
}

TEST_CASE("a single call of a network that multiplies an empty lattice is refused") {
  CHECK_THROWS_WITH(model_of("steps: 10, sampling_steps: 1"),
                    ContainsSubstring("sampling_steps = 1: in its only call"));
  CHECK_THROWS_WITH(model_of("steps: 1"), ContainsSubstring("steps = 1: in its only call"));
  CHECK_NOTHROW(model_of("steps: 10, sampling_steps: 2"));
  CHECK_NOTHROW(model_of("steps: 10, sampling_steps: 1, lattice: {type: denoising_diffusion}"));
  register_model();
  CrystalGeneratorConfig biased;
  biased.sampling_steps = 1;
  biased.network = {"cspnet", options_of("{hidden_features: 8, layers: 1, lattice_bias: true}")};
  CHECK_NOTHROW(CrystalGenerator(biased, summarise("test", salts())));
}

TEST_CASE("a process whose columns no network of crystals takes is refused by name") {
  CHECK_THROWS_WITH(
      model_of("coordinates: {type: flat_coordinates}"),
      ContainsSubstring("process flat_coordinates") && ContainsSubstring("takes 3 and predicts 3"));
}

TEST_CASE("with a vocabulary of one, elements are given in generation, too") {
  const std::vector<Sample> carbon{cubic("C4"), cubic("C6")};
  for (const char* elements : {"denoising_diffusion", "categorical_bayesian_flow"}) {
    const auto model = model_of(fmt::format("steps: 4, elements: {{type: {}}}", elements), carbon);
    CHECK_FALSE(model->needs_conditions());
    NoiseStream noise(1, at::kCPU);
    const Loss loss = model->loss(model->collate(carbon), noise);
    CHECK(loss.terms.size() == 2);
    CHECK_FALSE(model->named_parameters().contains("network.type_out.weight"));
    for (const Sample& sample : drawn(*model, {0, 1, 2})) {
      REQUIRE(crystal_in(sample).size() >= 4);
      for (const auto atomic_number : crystal_in(sample).atomic_numbers) CHECK(atomic_number == 6);
    }
  }
}

TEST_CASE("samples do not depend on their batch, across the blocks that share drawn paths") {
  const auto model = model_of("steps: 6");
  const std::vector<Sample> all = drawn(*model, {254, 255, 256, 257, 600});
  REQUIRE(all.size() == 5);
  CHECK((drawn(*model, {600, 255}) == std::vector<Sample>{all[4], all[1]}));
  CHECK((drawn(*model, {256}) == std::vector<Sample>{all[2]}));
}

TEST_CASE("what a model cannot be trained on takes no part in what it knows of its data") {
  register_model();
  std::vector<Sample> train = salts();
  train.push_back(cubic("XeF6", 40));  // an angle that no reduced cell has
  const auto choice = choice_of(kFlows);
  const ModelForData fitted = model_for_data(choice, "test", train, 1);
  const DataSummary of_usable = summarise("test", salts());
  CHECK(fitted.summary.elements == of_usable.elements);
  CHECK(fitted.summary.size_histogram == of_usable.size_histogram);
  CHECK(fitted.summary.lattice == of_usable.lattice);
  CHECK(fitted.summary.count == 4);
  const ModelForData same = model_for_data(choice, "test", salts(), 1);
  CHECK(same.model->parameters()[0].equal(fitted.model->parameters()[0]));
}

TEST_CASE("a trained model lets itself be sampled otherwise, but not be made another") {
  register_model();
  const auto changed = [](const std::string& options) {
    return [=] { require_sampling_changes(choice_of("steps: 100"), choice_of(options)); };
  };
  CHECK_NOTHROW(
      changed("steps: 100, sampling_steps: 7, coordinates: {type: circular_bayesian_flow, "
              "sampler: mix, sampling_paths: 9}, lattice: {type: gaussian_bayesian_flow, "
              "sampler: mix}, elements: {type: categorical_bayesian_flow, choose: "
              "most_probable}")());
  CHECK_THROWS_WITH(changed("steps: 50, time: steps_left")(),
                    ContainsSubstring("another model.steps, model.time") ||
                        ContainsSubstring("another model.time, model.steps"));
  CHECK_THROWS_WITH(
      changed("steps: 100, coordinates: {type: circular_bayesian_flow, final_accuracy: 10}")(),
      ContainsSubstring("another model.coordinates.final_accuracy"));
  CHECK_THROWS_WITH(changed("steps: 100, lattice: {type: denoising_diffusion}")(),
                    ContainsSubstring("another model.lattice"));
  CHECK_THROWS_AS(changed("steps: 100, sampling_steps: many")(), ConfigError);
  // Plugins that are not loaded tell by their manifests.
  const config::Schema& keys = config::schema_of<CrystalGeneratorConfig>();
  CHECK(config::Schema::from_json(keys.to_json()).find("sampling_steps")->at_sampling);
  try {
    changed("steps: 50")();
  } catch (const ConfigError& error) {
    CHECK_THAT(error.remedy(), ContainsSubstring("model.sampling_steps") &&
                                   ContainsSubstring("model.coordinates.sampler") &&
                                   ContainsSubstring("model.elements.choose"));
  }
}

}  // namespace equigen::crystal_generator::testing
