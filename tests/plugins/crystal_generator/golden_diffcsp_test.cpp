// SPDX-License-Identifier: MIT
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "diffcsp/wrapped_normal_diffusion.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

std::shared_ptr<const AtomPairs> pairs_of(const at::Tensor& sizes) {
  return std::make_shared<const AtomPairs>(
      std::vector<std::int64_t>(sizes.data_ptr<std::int64_t>(),
                                sizes.data_ptr<std::int64_t>() + sizes.numel()),
      true, at::kCPU);
}

/// The published model with its recorded estimate of the expected squared scores.
std::shared_ptr<CrystalGenerator> published_model(const Batch& tensors) {
  register_components();
  const std::int64_t steps = tensors.at("sched/betas").size(0) - 1;
  CrystalGeneratorConfig config;
  config.task = tensors.contains("w/node_embedding.bias") ? "generation" : "structure_prediction";
  config.steps = steps;
  config.time = "steps_left";
  config.vocabulary = "first_100";
  config.coordinates = {
      "wrapped_normal_diffusion",
      options_of(fmt::format("{{step_size: {:.17g}}}", tensors.at("samp/step_lr").item<double>()))};
  config.lattice = {"denoising_diffusion"};
  config.elements = {"denoising_diffusion"};
  config.network = {"cspnet", options_of(network_options(tensors, "w/", 0))};
  DataSummary summary;
  summary.structure = "crystal";
  summary.size_histogram = {0, 1};
  auto model = std::make_shared<CrystalGenerator>(config, summary);
  load_parameters(model->network(), tensors, "w/");
  dynamic_cast<diffcsp::WrappedNormalDiffusion&>(model->process(CrystalField::coordinates))
      .use_expected_squared_scores(tensors.at("sched/wn_sigmas_norm").to(torch::kFloat64));
  return model;
}

/// The three fields of a file's batch.
struct Fields {
  explicit Fields(const Batch& tensors)
      : model(published_model(tensors)),
        pairs(pairs_of(tensors.at("in/num_atoms"))),
        atoms{pairs->crystal_of_atom(), pairs->crystal_count()},
        crystals{torch::arange(pairs->crystal_count()), pairs->crystal_count()},
        places(tensors.at("in/Z") - 1),
        generates(tensors.contains("w/node_embedding.bias")) {}

  FieldProcess& process(CrystalField field) const { return model->process(field); }

  std::shared_ptr<CrystalGenerator> model;
  std::shared_ptr<const AtomPairs> pairs;
  FieldRows atoms;
  FieldRows crystals;
  at::Tensor places;  ///< elements in the vocabulary of the first 100
  bool generates;
};

void check_forward(const Batch& tensors, const Fields& fields) {
  const torch::NoGradGuard no_gradient;
  const std::int64_t steps = tensors.at("sched/betas").size(0) - 1;
  const at::Tensor step = steps + 1 - tensors.at("fwd/t");
  const CrystalNetworkOutput output = fields.model->predict(
      fields.pairs, {tensors.at("in/frac"), {}}, tensors.at("fwd/lattice_in").flatten(1),
      fields.generates ? tensors.at("fwd/types_in") : fields.places, step);
  check_close("coordinates", output.coordinates, tensors.at("fwd/out_coord"), 2e-5);
  check_close("lattice", output.lattice.view({-1, 3, 3}), tensors.at("fwd/out_lattice"), 2e-5,
              1e-5);
  if (fields.generates) check_close("elements", output.elements, tensors.at("fwd/out_types"), 2e-5);
}

void check_loss(const Batch& tensors, const Fields& fields) {
  const std::int64_t steps = tensors.at("sched/betas").size(0) - 1;
  const at::Tensor step = steps + 1 - tensors.at("loss/times");
  const at::Tensor step_of_atom = step.index_select(0, fields.atoms.crystal);
  auto& coordinates = fields.process(CrystalField::coordinates);
  auto& lattice = fields.process(CrystalField::lattice);
  RecordedNoise coordinate_noise({tensors.at("loss/rand_x")});
  RecordedNoise lattice_noise({tensors.at("loss/rand_l")});
  const CorruptedField noisy_coordinates = coordinates.corrupt(
      coordinates.encode(tensors.at("in/frac")), step_of_atom, fields.atoms, coordinate_noise);
  const at::Tensor parameters = torch::cat({tensors.at("in/lengths"), tensors.at("in/angles")}, 1);
  const CorruptedField noisy_lattice =
      lattice.corrupt(lattice.encode(parameters), step, fields.crystals, lattice_noise);
  CorruptedField noisy_elements;
  if (fields.generates) {
    auto& elements = fields.process(CrystalField::elements);
    RecordedNoise noise({tensors.at("loss/rand_t")});
    noisy_elements =
        elements.corrupt(elements.encode(fields.places), step_of_atom, fields.atoms, noise);
  }
  const CrystalNetworkOutput output =
      fields.model->predict(fields.pairs, noisy_coordinates.noisy, noisy_lattice.noisy.value,
                            fields.generates ? noisy_elements.noisy.value : fields.places, step);
  const at::Tensor coordinate_loss =
      coordinates.loss(output.coordinates, noisy_coordinates, fields.atoms).mean();
  const at::Tensor lattice_loss =
      lattice.loss(output.lattice, noisy_lattice, fields.crystals).mean();
  check_close("coordinate loss", coordinate_loss.view({1}), tensors.at("loss/loss_coord"), 0, 1e-5);
  check_close("lattice loss", lattice_loss.view({1}), tensors.at("loss/loss_lattice"), 0, 1e-5);
  at::Tensor total = coordinate_loss + lattice_loss;
  if (fields.generates) {
    const at::Tensor element_loss = fields.process(CrystalField::elements)
                                        .loss(output.elements, noisy_elements, fields.atoms)
                                        .mean();
    check_close("element loss", element_loss.view({1}), tensors.at("loss/loss_type"), 0, 1e-5);
    total = total + 20 * element_loss;
  }
  check_close("total", total.view({1}), tensors.at("loss/loss"), 0, 1e-5);
}

void check_path(const Batch& tensors, const Fields& fields) {
  const torch::NoGradGuard no_gradient;
  const std::int64_t steps = tensors.at("sched/betas").size(0) - 1;
  auto& coordinates = fields.process(CrystalField::coordinates);
  auto& lattice = fields.process(CrystalField::lattice);
  RecordedNoise coordinate_noise({tensors.at("samp/x_T")});
  RecordedNoise lattice_noise({tensors.at("samp/l_T")});
  RecordedNoise element_noise;
  for (std::int64_t row = 0; row < steps - 1; ++row) {
    coordinate_noise.add(tensors.at("samp/corr_rand_x")[row]);
    coordinate_noise.add(tensors.at("samp/pred_rand_x")[row]);
    lattice_noise.add(tensors.at("samp/pred_rand_l")[row]);
  }
  NoisyField position = coordinates.prior(fields.atoms, coordinate_noise);
  NoisyField cell = lattice.prior(fields.crystals, lattice_noise);
  NoisyField types{fields.places, {}};
  if (fields.generates) {
    element_noise.add(tensors.at("samp/t_T"));
    for (const at::Tensor& row : tensors.at("samp/pred_rand_t").unbind()) element_noise.add(row);
    types = fields.process(CrystalField::elements).prior(fields.atoms, element_noise);
  }
  for (std::int64_t step = 1; step <= steps; ++step) {
    INFO("step " << step);
    const at::Tensor number = torch::full({fields.pairs->crystal_count()}, step, torch::kLong);
    const auto predict = [&] {
      return fields.model->predict(fields.pairs, position, cell.value, types.value, number);
    };
    position =
        coordinates.correct(position, predict().coordinates, step, fields.atoms, coordinate_noise);
    const CrystalNetworkOutput output = predict();
    position = coordinates.advance(position, output.coordinates, {step, step + 1}, fields.atoms,
                                   coordinate_noise);
    cell = lattice.advance(cell, output.lattice, {step, step + 1}, fields.crystals, lattice_noise);
    if (fields.generates) {
      types = fields.process(CrystalField::elements)
                  .advance(types, output.elements, {step, step + 1}, fields.atoms, element_noise);
    }
    const at::Tensor apart = position.value - tensors.at("samp/traj_frac")[step];
    check_close("coordinates", apart - torch::round(apart), torch::zeros_like(apart), 1e-3);
    // The first step divides by sqrt(alpha_T) = 0.01, so what counts is the size of what there is.
    const at::Tensor expected = tensors.at("samp/traj_lattice")[step].flatten(1);
    check_close("lattice", cell.value, expected, 1e-3 * expected.abs().max().item<double>());
  }
  CHECK(coordinate_noise.is_used_up());
  CHECK(lattice_noise.is_used_up());
  CHECK(element_noise.is_used_up());
  if (fields.generates) {
    const at::Tensor& expected = tensors.at("samp/final_types_continuous");
    check_close("elements", types.value, expected, 1e-3 * expected.abs().max().item<double>());
  }
}

void check_file(const std::string& name) {
  const auto file = golden_tensors("diffcsp", name);
  if (!file) return;
  INFO(name);
  const Fields fields(file->tensors);
  check_forward(file->tensors, fields);
  check_loss(file->tensors, fields);
  check_path(file->tensors, fields);
}

}  // namespace

TEST_CASE("golden.diffcsp.structure_prediction: network, losses and a whole path") {
  check_file("csp_T20.safetensors");
}

TEST_CASE("golden.diffcsp.generation: network, losses and a whole path") {
  check_file("gen_T20.safetensors");
}

}  // namespace equigen::crystal_generator::testing
