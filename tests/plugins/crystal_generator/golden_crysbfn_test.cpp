// SPDX-License-Identifier: MIT
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "crysbfn/categorical_bayesian_flow.h"
#include "crysbfn/gaussian_bayesian_flow.h"
#include "equigen/base/file.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/crystal/matching/structure_matching.h"
#include "equigen/data/sample_files.h"
#include "equigen/process/von_mises.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

constexpr double kPublishedDeviation = 3.866470446562982;

FieldSetting setting(CrystalField field, std::int64_t steps, std::int64_t classes = 1) {
  FieldSetting result;
  result.field = field;
  result.steps = steps;
  for (std::int64_t k = 1; k <= classes; ++k) result.vocabulary.push_back(static_cast<int>(k));
  return result;
}

FieldRows rows_of(std::int64_t rows) {
  return {torch::arange(rows, torch::kLong), rows};
}

/// Compares angles round the circle.
void check_angles(const std::string& name, const at::Tensor& actual, const at::Tensor& expected,
                  double atol) {
  check_close(name, von_mises::wrap_angle(actual - expected), torch::zeros_like(expected), atol);
}

/// A model with the weights and sizes of an end-to-end file.
struct PublishedModel {
  std::shared_ptr<CrystalGenerator> model;
  std::int64_t steps;
  at::Tensor accuracies;
  bool generates;

  crysbfn::CircularBayesianFlow& coordinates() const {
    return dynamic_cast<crysbfn::CircularBayesianFlow&>(model->process(CrystalField::coordinates));
  }
};

PublishedModel published_model(const Batch& tensors, const std::string& sampler) {
  register_components();
  PublishedModel published;
  const std::int64_t classes = tensors.at("w/net.type_out.weight").size(0);
  published.steps = tensors.at("loss/y").size(0);
  published.generates = tensors.contains("w/net.node_embedding.bias");
  published.accuracies = published_accuracies(published.steps);
  CrystalGeneratorConfig config;
  config.task = published.generates ? "generation" : "structure_prediction";
  config.steps = published.steps;
  config.coordinates = {"circular_bayesian_flow", options_of("{sampler: " + sampler + "}")};
  config.lattice = {"gaussian_bayesian_flow",
                    options_of(fmt::format("{{sampler: {}, standard_deviation: {:.17g}}}", sampler,
                                           kPublishedDeviation))};
  config.elements = {"categorical_bayesian_flow", options_of("{final_accuracy: 0.5}")};
  config.network = {"cspnet", options_of(network_options(tensors, "w/net.", 3))};
  DataSummary summary;
  summary.structure = "crystal";
  for (std::int64_t k = 1; k <= classes; ++k) summary.elements.push_back(static_cast<int>(k));
  summary.size_histogram = {0, 1};
  published.model = std::make_shared<CrystalGenerator>(config, summary);
  load_parameters(published.model->network(), tensors, "w/net.");
  published.coordinates().use_accuracies(published.accuracies);
  return published;
}

std::shared_ptr<const AtomPairs> pairs_of(const at::Tensor& sizes) {
  return std::make_shared<const AtomPairs>(
      std::vector<std::int64_t>(sizes.data_ptr<std::int64_t>(),
                                sizes.data_ptr<std::int64_t>() + sizes.numel()),
      true, at::kCPU);
}

void check_losses(const std::string& name) {
  const auto file = golden_tensors("crysbfn", name);
  if (!file) return;
  const Batch& tensors = file->tensors;
  const PublishedModel published = published_model(tensors, "end_back");
  CrystalGenerator& model = *published.model;
  const auto pairs = pairs_of(tensors.at("loss/num_atoms"));
  const FieldRows atoms{pairs->crystal_of_atom(), pairs->crystal_count()};
  const FieldRows crystals = rows_of(pairs->crystal_count());
  const at::Tensor step = tensors.at("loss/k_randint") + 1;
  const at::Tensor step_of_atom = step.index_select(0, atoms.crystal);

  auto& circular = published.coordinates();
  circular.use_observations(
      std::make_shared<RecordedObservations>(tensors.at("loss/y"), published.accuracies, false));
  RecordedNoise coordinate_noise({tensors.at("loss/prior_uniform")});
  const CorruptedField coordinates = circular.corrupt(circular.encode(tensors.at("loss/frac")),
                                                      step_of_atom, atoms, coordinate_noise);
  auto& lattice_process = model.process(CrystalField::lattice);
  RecordedNoise lattice_noise({tensors.at("loss/eps_lattice")});
  const at::Tensor parameters =
      torch::cat({tensors.at("loss/lengths"), tensors.at("loss/angles")}, 1);
  const CorruptedField lattice =
      lattice_process.corrupt(lattice_process.encode(parameters), step, crystals, lattice_noise);
  at::Tensor elements = tensors.at("loss/types");
  CorruptedField noisy_elements;
  if (published.generates) {
    RecordedNoise element_noise({tensors.at("loss/eps_type")});
    auto& process = model.process(CrystalField::elements);
    noisy_elements = process.corrupt(process.encode(elements), step_of_atom, atoms, element_noise);
    elements = noisy_elements.noisy.value;
  }
  const CrystalNetworkOutput output =
      model.predict(pairs, coordinates.noisy, lattice.noisy.value, elements, step);
  const at::Tensor coordinate_loss = circular.loss(output.coordinates, coordinates, atoms).mean();
  const at::Tensor lattice_loss = lattice_process.loss(output.lattice, lattice, crystals).mean();
  check_close(name + " coordinates", coordinate_loss.view({1}), tensors.at("loss/out_coord"), 0,
              1e-5);
  check_close(name + " lattice", lattice_loss.view({1}), tensors.at("loss/out_lattice"), 0, 1e-5);
  at::Tensor total = coordinate_loss + lattice_loss;
  if (published.generates) {
    const at::Tensor element_loss =
        model.process(CrystalField::elements).loss(output.elements, noisy_elements, atoms).mean();
    check_close(name + " elements", element_loss.view({1}), tensors.at("loss/out_type"), 0, 1e-5);
    total = total + element_loss;
  }
  total.backward();
  for (const auto& parameter : model.network().named_parameters()) {
    const at::Tensor& expected = tensors.at("loss/grad/net." + parameter.key());
    // Losses are in the hundreds: the stated 1e-5 is of gradients of order one.
    check_close(name + " gradient of " + parameter.key(), parameter.value().grad(), expected,
                1e-5 * std::max(1.0, expected.abs().max().item<double>()), 1e-3);
  }
}

/// One recorded sampling: every step from the recorded state, then the whole way on its own.
void check_sampling(const std::string& name, const std::string& sampler) {
  const auto file = golden_tensors("crysbfn", name);
  if (!file) return;
  const Batch& tensors = file->tensors;
  const std::string at = "sample_" + sampler + "/";
  if (!tensors.contains(at + "mu_pos")) return;
  INFO(name << " " << sampler);
  const torch::NoGradGuard no_gradient;
  const PublishedModel published = published_model(tensors, sampler);
  CrystalGenerator& model = *published.model;
  const auto pairs = pairs_of(tensors.at(at + "num_atoms"));
  const FieldRows atoms{pairs->crystal_of_atom(), pairs->crystal_count()};
  const FieldRows crystals = rows_of(pairs->crystal_count());
  auto& coordinates = published.coordinates();
  auto& lattice = model.process(CrystalField::lattice);
  coordinates.use_observations(std::make_shared<RecordedObservations>(tensors.at(at + "y_flat"),
                                                                      published.accuracies, true));
  RecordedNoise uniform({tensors.at(at + "prior_uniform")});
  RecordedNoise lattice_noise;
  RecordedNoise element_noise;
  for (const at::Tensor& row : tensors.at(at + "eps_lattice").unbind()) lattice_noise.add(row);
  NoisyField angles = coordinates.prior(atoms, uniform);
  NoisyField cell = lattice.prior(crystals, lattice_noise);
  NoisyField types;
  at::Tensor elements;
  if (published.generates) {
    for (const at::Tensor& row : tensors.at(at + "eps_type").unbind()) element_noise.add(row);
    types = model.process(CrystalField::elements).prior(atoms, element_noise);
  } else {
    elements = tensors.at(at + "types");
  }
  for (std::int64_t step = 1; step <= published.steps; ++step) {
    INFO("step " << step);
    const auto recorded = [&](const char* tensor) { return tensors.at(at + tensor)[step - 1]; };
    const at::Tensor steps = torch::full({pairs->crystal_count()}, step, torch::kLong);
    const CrystalNetworkOutput alone =
        model.predict(pairs, {recorded("mu_pos"), recorded("log_acc")}, recorded("mu_lattice"),
                      published.generates ? recorded("theta_type") : elements, steps);
    check_angles("predicted coordinates", alone.coordinates + recorded("mu_pos"),
                 recorded("pred_coord"), 2e-5);
    check_close("predicted lattice", alone.lattice, recorded("pred_lattice"), 2e-5, 2e-5);

    check_angles("angles", angles.value, recorded("mu_pos"), 1e-3);
    check_close("certainty", angles.conditioning, recorded("log_acc"), 1e-3);
    check_close("lattice", cell.value, recorded("mu_lattice"), 1e-3);
    if (published.generates) {
      elements = types.value;
      check_close("elements", elements, recorded("theta_type"), 1e-3);
      check_close("predicted elements", torch::softmax(alone.elements, 1),
                  recorded("pred_type_probs"), 2e-5);
    }
    const CrystalNetworkOutput output = model.predict(pairs, angles, cell.value, elements, steps);
    angles = coordinates.advance(angles, output.coordinates, {step, step + 1}, atoms, uniform);
    cell = lattice.advance(cell, output.lattice, {step, step + 1}, crystals, lattice_noise);
    if (published.generates) {
      types = model.process(CrystalField::elements)
                  .advance(types, output.elements, {step, step + 1}, atoms, element_noise);
    }
  }
  check_angles("final angles", angles.value, tensors.at(at + "final_coord"), 1e-3);
  check_close("final lattice", cell.value, tensors.at(at + "final_lattice"), 1e-3);
  const at::Tensor turns =
      2 * M_PI * (coordinates.result(angles, uniform) - tensors.at(at + "final_frac"));
  check_close("final coordinates", von_mises::wrap_angle(turns), torch::zeros_like(turns), 1e-2);
  const at::Tensor parameters = lattice_parameters(lattice.result(cell, lattice_noise));
  check_close("final lengths", parameters.slice(1, 0, 3), tensors.at(at + "final_lengths"), 1e-3,
              1e-3);
  check_close("final angles between vectors", parameters.slice(1, 3),
              tensors.at(at + "final_angles"), 0.1);
  if (published.generates) {
    // The published draw is not recorded; what it gave must be possible.
    const at::Tensor chosen = tensors.at(at + "final_type_sample").unsqueeze(1);
    CHECK((types.value.gather(1, chosen) > 0).all().item<bool>());
  }
}

}  // namespace

TEST_CASE("golden.crysbfn.losses: of each field, on recorded predictions") {
  const auto file = golden_tensors("crysbfn", "flows_losses.safetensors");
  if (!file) return;
  const Batch& tensors = file->tensors;
  constexpr std::int64_t kSteps = 50;
  const at::Tensor step = tensors.at("loss/i").squeeze(1).to(torch::kLong);
  const FieldRows rows = rows_of(step.size(0));

  crysbfn::GaussianBayesianFlow lattice({.standard_deviation = 1.0},
                                        setting(CrystalField::lattice, kSteps));
  const at::Tensor lattice_loss =
      lattice
          .loss(tensors.at("loss/lattice_pred"), {{}, tensors.at("loss/lattice_x"), {}, step}, rows)
          .mean();
  check_close("lattice", lattice_loss.view({1}), tensors.at("loss/lattice_mult1_norm0"), 0, 1e-5);
  check_close("lattice without steps", lattice_loss.view({1}) / kSteps,
              tensors.at("loss/lattice_mult0_norm0"), 0, 1e-5);

  for (const char* kind : {"squared", "cosine"}) {
    crysbfn::CircularBayesianFlow circular({.loss = kind},
                                           setting(CrystalField::coordinates, kSteps));
    circular.use_accuracies(published_accuracies(kSteps));
    const at::Tensor& predicted = tensors.at("loss/coord_pred");
    const at::Tensor loss =
        circular
            .loss(predicted,
                  {{torch::zeros_like(predicted), {}}, tensors.at("loss/coord_x"), {}, step}, rows)
            .mean();
    const bool squared = std::string(kind) == "squared";
    check_close(kind, loss.view({1}), tensors.at(squared ? "loss/coord_mse" : "loss/coord_cos"), 0,
                1e-5);
  }

  const at::Tensor& truth = tensors.at("disc_b0.5/onehot");
  const at::Tensor logits = tensors.at("loss/type_probs").log();
  crysbfn::CategoricalBayesianFlow types({.final_accuracy = 0.5},
                                         setting(CrystalField::elements, kSteps, truth.size(1)));
  const at::Tensor real_step =
      tensors.at("disc_b0.5/t").squeeze(1).to(torch::kFloat64) * kSteps + 1;
  check_close("types", types.loss(logits, {{}, truth, {}, real_step}, rows).mean().view({1}),
              tensors.at("loss/type_ctime"), 0, 1e-5);
  const at::Tensor observations = tensors.at("loss/type_dtime_y").transpose(0, 1);
  check_close("types in discrete time",
              types.discrete_time_loss(logits, truth, observations).mean().view({1}),
              tensors.at("loss/type_dtime"), 0, 1e-3);
}

TEST_CASE("golden.crysbfn.flows: beliefs of lattices and elements") {
  const auto file = golden_tensors("crysbfn", "flows_losses.safetensors");
  if (!file) return;
  const Batch& tensors = file->tensors;
  constexpr std::int64_t kSteps = 1;  // steps count as shares of one
  for (const auto& [name, tensor] : tensors.tensors()) {
    if (!name.starts_with("disc_b") || !name.ends_with("/theta")) continue;
    const std::string at = name.substr(0, name.find('/') + 1);
    const double accuracy = std::stod(name.substr(6));
    const std::int64_t classes = tensor.size(1);
    crysbfn::CategoricalBayesianFlow types({.final_accuracy = accuracy},
                                           setting(CrystalField::elements, kSteps, classes));
    RecordedNoise noise({tensors.at(at + "eps")});
    const at::Tensor step = tensors.at(at + "t").squeeze(1).to(torch::kFloat64) + 1;
    check_close(
        name,
        types.corrupt(tensors.at(at + "onehot"), step, rows_of(step.size(0)), noise).noisy.value,
        tensor, 1e-5);
  }
  // A Gaussian belief at real times, from two whole steps of a flow that has them.
  const at::Tensor times = tensors.at("cont/t").squeeze(1).to(torch::kFloat64);
  for (std::int64_t row = 0; row < times.size(0); ++row) {
    const double share = times[row].item<double>();
    const double deviation = tensors.at("cont/sigma1").item<double>();
    if (share <= 0 || share >= 1) continue;
    // One step of N = 2 is the share 1/2; sigma^(2 t) is reached by another final deviation.
    crysbfn::GaussianBayesianFlow lattice(
        {.final_deviation = std::pow(deviation, 2 * share), .standard_deviation = 1.0},
        setting(CrystalField::lattice, 2));
    RecordedNoise noise({tensors.at("cont/eps").narrow(0, row, 1)});
    const CorruptedField corrupted =
        lattice.corrupt(tensors.at("cont/x").narrow(0, row, 1), torch::full({1}, 2, torch::kLong),
                        rows_of(1), noise);
    check_close("gaussian", corrupted.noisy.value, tensors.at("cont/mu").narrow(0, row, 1), 1e-5);
  }
}

TEST_CASE("golden.crysbfn.training_step: losses and gradients") {
  for (const char* name : {"e2e_csp_s10.safetensors", "e2e_csp_s50.safetensors",
                           "e2e_gen_s10.safetensors", "e2e_gen_s50.safetensors"})
    check_losses(name);
}

TEST_CASE("golden.crysbfn.samplers: every step and whole paths") {
  for (const char* name : {"e2e_csp_s10.safetensors", "e2e_csp_s50.safetensors",
                           "e2e_gen_s10.safetensors", "e2e_gen_s50.safetensors"}) {
    for (const char* sampler : {"end_back", "vanilla", "mix"}) check_sampling(name, sampler);
  }
}

TEST_CASE("golden.crysbfn.geometry: lattices, angles and times") {
  const auto file = golden_tensors("crysbfn", "geometry.safetensors");
  if (!file) return;
  const Batch& tensors = file->tensors;
  const at::Tensor parameters = torch::cat({tensors.at("lengths"), tensors.at("angles")}, 1);
  const at::Tensor vectors = lattice_vectors(parameters);
  check_close("vectors", vectors.view({-1, 3, 3}), tensors.at("matrix"), 1e-4);
  const at::Tensor back = lattice_parameters(vectors);
  check_close("lengths", back.slice(1, 0, 3), tensors.at("params_back/lengths"), 1e-4);
  check_close("angles", back.slice(1, 3), tensors.at("params_back/angles"), 1e-2);

  crysbfn::CircularBayesianFlow flow({}, setting(CrystalField::coordinates, 10));
  check_angles("circle", flow.encode(tensors.at("frac_unwrapped")), tensors.at("circle"), 1e-5);
  RecordedNoise none;
  const at::Tensor turns =
      2 * M_PI * (flow.result({tensors.at("angle_in"), {}}, none) - tensors.at("angle_to_frac"));
  check_close("turns", von_mises::wrap_angle(turns), torch::zeros_like(turns), 1e-5);
}

TEST_CASE("golden.crysbfn.preparation: reduced cells of rows of the data sets") {
  const auto file = golden_tensors("crysbfn", "geometry.safetensors");
  const auto rows_file = equigen::testing::golden_folder("crysbfn") / "geometry_rows.json";
  if (!file || !std::filesystem::exists(rows_file)) {
    WARN("skipped: " << rows_file.string() << " is not there");
    return;
  }
  const Batch& tensors = file->tensors;
  const auto rows = nlohmann::json::parse(read_file(rows_file));
  const at::Tensor& sizes = tensors.at("prep/num_atoms");
  std::map<std::string, SampleFile> files;
  std::int64_t atom = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::string name = rows[k].at("file");
    INFO(name << " row " << rows[k].at("row"));
    const auto data = equigen::testing::data_beside_checkout(name);
    if (!data) {
      WARN("skipped: " << name << " is not beside the checkout");
      return;
    }
    if (!files.contains(name)) files.emplace(name, read_sample_file(*data));
    const auto row = rows[k].at("row").get<std::int64_t>();
    const SampleFile& samples = files.at(name);
    const auto place = std::ranges::find(samples.rows, row) - samples.rows.begin();
    const Crystal reduced =
        niggli_reduced(crystal_in(samples.samples.at(static_cast<std::size_t>(place))));
    const LatticeParameters parameters = reduced.lattice.parameters();
    const auto index = static_cast<std::int64_t>(k);
    const auto size = sizes[index].item<std::int64_t>();
    REQUIRE(static_cast<std::int64_t>(reduced.size()) == size);
    for (std::int64_t axis = 0; axis < 3; ++axis) {
      const auto at = static_cast<std::size_t>(axis);
      CHECK(parameters.lengths[at] ==
            Approx(tensors.at("prep/lengths")[index][axis].item<double>()).margin(1e-4));
      CHECK(parameters.angles[at] ==
            Approx(tensors.at("prep/angles")[index][axis].item<double>()).margin(1e-3));
    }
    Crystal published;
    published.lattice = Lattice::from_parameters(parameters);
    for (std::int64_t i = atom; i < atom + size; ++i) {
      const auto coordinate = [&](std::int64_t axis) {
        return tensors.at("prep/frac")[i][axis].item<double>();
      };
      published.fractional_coordinates.push_back({coordinate(0), coordinate(1), coordinate(2)});
      published.atomic_numbers.push_back(
          static_cast<std::uint8_t>(tensors.at("prep/atomic_numbers")[i].item<std::int64_t>()));
    }
    atom += size;
    // The published reader lists the sites of an element together.
    CHECK(composition(reduced) == composition(published));
    const auto distance =
        rms_distance(PreparedCrystal(reduced), PreparedCrystal(published), MatchTolerances{});
    CHECK((distance && distance->rms < 1e-3));
  }
}

}  // namespace equigen::crystal_generator::testing
