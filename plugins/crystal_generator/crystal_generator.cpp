// SPDX-License-Identifier: MIT
#include "crystal_generator/crystal_generator.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/model/drawn_size.h"
#include "equigen/plugin/registry.h"

namespace equigen::crystal_generator {
namespace {

std::vector<int> vocabulary_of(const CrystalGeneratorConfig& config, const DataSummary& summary) {
  if (config.vocabulary == "data") return summary.elements;
  std::vector<int> first(100);
  std::iota(first.begin(), first.end(), 1);
  return first;
}

void require_crystals(const DataSummary& summary) {
  if (summary.structure == "crystal") return;
  throw ConfigError(
      "crystal-generator-data",
      fmt::format("model crystal_generator is for crystals, but the data set {} is of "
                  "kind '{}'",
                  summary.dataset, summary.structure),
      "see `equigen data list` for data sets of crystals");
}

/// From step 1 to the end, in as many calls of the network as asked for.
std::vector<Stride> sampling_strides(const CrystalGeneratorConfig& config) {
  const std::int64_t calls = config.sampling_steps > 0 ? config.sampling_steps : config.steps;
  std::vector<Stride> strides;
  for (std::int64_t call = 0; call < calls; ++call) {
    strides.push_back({1 + call * config.steps / calls, 1 + (call + 1) * config.steps / calls});
  }
  return strides;
}

const at::Tensor& output_of(const CrystalNetworkOutput& output, CrystalField field) {
  switch (field) {
    case CrystalField::coordinates:
      return output.coordinates;
    case CrystalField::lattice:
      return output.lattice;
    case CrystalField::elements:
      break;
  }
  return output.elements;
}

}  // namespace

CrystalGenerator::CrystalGenerator(Config config, const DataSummary& summary)
    : config_(std::move(config)),
      predicts_structures_(config_.task == "structure_prediction"),
      vocabulary_(vocabulary_of(config_, summary)),
      size_histogram_(summary.size_histogram) {
  require_crystals(summary);
  if (config_.sampling_steps > config_.steps) {
    throw ConfigError("crystal-generator-steps",
                      fmt::format("sampling_steps = {} is more than the {} steps that are trained",
                                  config_.sampling_steps, config_.steps),
                      "give at most model.steps, or 0 for all");
  }
  coordinates_ = made_process(CrystalField::coordinates, config_.coordinates, summary);
  lattice_ = made_process(CrystalField::lattice, config_.lattice, summary);
  if (!predicts_structures_)
    elements_ = made_process(CrystalField::elements, config_.elements, summary);
  network_ = register_module(
      "network", Registry::instance().create<CrystalNetwork>(config_.network, network_shape()));
}

std::shared_ptr<FieldProcess> CrystalGenerator::made_process(CrystalField field,
                                                             const config::ComponentChoice& choice,
                                                             const DataSummary& summary) const {
  return Registry::instance().create<FieldProcess>(
      choice, FieldSetting{.field = field,
                           .steps = config_.steps,
                           .vocabulary = vocabulary_.atomic_numbers(),
                           .data = summary});
}

CrystalNetworkShape CrystalGenerator::network_shape() const {
  CrystalNetworkShape shape;
  if (elements_) {
    shape.element_inputs = elements_->layout().seen;
    shape.element_outputs = elements_->layout().predicted;
  } else {
    shape.element_classes = vocabulary_.size();
  }
  shape.atom_conditioning = coordinates_->layout().conditioning;
  shape.lattice = lattice_->layout().is_matrix ? LatticeForm::matrix : LatticeForm::parameters;
  return shape;
}

FieldProcess& CrystalGenerator::process(CrystalField field) const {
  const auto& chosen = field == CrystalField::coordinates ? coordinates_
                       : field == CrystalField::lattice   ? lattice_
                                                          : elements_;
  if (!chosen)
    throw Error(ExitCode::bug, "crystal-generator-process", "given elements have no process");
  return *chosen;
}

Batch CrystalGenerator::collate(std::span<const Sample> samples) const {
  return to_tensors(samples, vocabulary_);
}

std::string CrystalGenerator::misfit(const Sample& sample) const {
  std::string reason = crystal_generator::misfit(sample, vocabulary_);
  if (!reason.empty()) return reason;
  for (const auto& process : {coordinates_, lattice_, elements_}) {
    if (process && reason.empty()) reason = process->misfit(crystal_in(sample));
  }
  return reason;
}

std::shared_ptr<const AtomPairs> CrystalGenerator::pairs_of(std::vector<std::int64_t> sizes,
                                                            at::Device device) const {
  return std::make_shared<const AtomPairs>(std::move(sizes), network_->self_edges(), device);
}

std::vector<CrystalGenerator::Field> CrystalGenerator::fields_of(const AtomPairs& pairs) const {
  const FieldRows atoms{pairs.crystal_of_atom(), pairs.crystal_count()};
  const FieldRows crystals{torch::arange(pairs.crystal_count(), pairs.crystal_of_atom().options()),
                           pairs.crystal_count()};
  std::vector<Field> fields;
  const auto add = [&](CrystalField name, FieldProcess& process, const FieldRows& rows) {
    fields.push_back({name, &process, rows, nullptr, {}, {}});
  };
  add(CrystalField::coordinates, *coordinates_, atoms);
  add(CrystalField::lattice, *lattice_, crystals);
  if (elements_) add(CrystalField::elements, *elements_, atoms);
  return fields;
}

at::Tensor CrystalGenerator::time_of(const at::Tensor& step) const {
  const auto count = static_cast<double>(config_.steps);
  const at::Tensor number = step.to(torch::kFloat32);
  if (config_.time == "step") return number;
  return config_.time == "steps_left" ? count + 1 - number : (number - 1) / count;
}

CrystalNetworkOutput CrystalGenerator::predict(const std::shared_ptr<const AtomPairs>& pairs,
                                               const NoisyField& coordinates,
                                               const at::Tensor& lattice,
                                               const at::Tensor& elements,
                                               const at::Tensor& step) const {
  CrystalNetworkInput input;
  input.pairs = pairs;
  input.time = time_of(step);
  input.elements = elements_ ? elements_->seen(elements) : elements;
  input.angles = coordinates_->seen(coordinates.value);
  input.conditioning = coordinates.conditioning;
  input.lattice = lattice_->seen(lattice);
  input.cell = lattice_->cell(lattice);
  return network_->forward(input);
}

CrystalNetworkOutput CrystalGenerator::predict(const std::shared_ptr<const AtomPairs>& pairs,
                                               const std::vector<Field>& fields,
                                               const at::Tensor& given_elements,
                                               const at::Tensor& step) const {
  const at::Tensor& elements = elements_ ? fields[2].state.value : given_elements;
  return predict(pairs, fields[0].state, fields[1].state.value, elements, step);
}

at::Tensor CrystalGenerator::drawn_steps(std::int64_t crystals, NoiseStream& noise) const {
  const auto count = static_cast<double>(config_.steps);
  const at::Tensor share = noise.uniform({crystals}).to(torch::kFloat64) * count + 1;
  const bool real_times = coordinates_->takes_real_times() && lattice_->takes_real_times() &&
                          (!elements_ || elements_->takes_real_times());
  if (real_times) return share;
  return share.floor().clamp_max(count).to(torch::kLong);
}

at::Tensor CrystalGenerator::averaged(const at::Tensor& losses, const FieldRows& rows) const {
  if (config_.loss_average == "atoms") return losses.mean();
  const at::Tensor none = torch::zeros({rows.crystals}, losses.options());
  const at::Tensor sums = none.index_add(0, rows.crystal, losses);
  const at::Tensor counts = none.index_add(0, rows.crystal, torch::ones_like(losses));
  return (sums / counts).mean();
}

double CrystalGenerator::weight_of(CrystalField field) const {
  const LossWeights& weights = config_.loss_weights;
  return field == CrystalField::coordinates ? weights.coordinates
         : field == CrystalField::lattice   ? weights.lattice
                                            : weights.elements;
}

Loss CrystalGenerator::loss(const Batch& batch, NoiseStream& noise) {
  const at::Tensor sizes = batch.at("sizes").cpu();
  const auto* first = sizes.data_ptr<std::int64_t>();
  const at::Device device = batch.at("fractional_coordinates").device();
  const auto pairs = pairs_of({first, first + sizes.numel()}, device);
  const at::Tensor step = drawn_steps(pairs->crystal_count(), noise);

  std::vector<Field> fields = fields_of(*pairs);
  for (Field& field : fields) {
    field.process->begin(ProcessUse::training, noise.place(), device);
    const at::Tensor& data = field.name == CrystalField::coordinates
                                 ? batch.at("fractional_coordinates")
                                 : batch.at(name_of(field.name));
    field.noise = std::make_unique<StreamRowNoise>(noise, data.size(0));
    field.corrupted =
        field.process->corrupt(field.process->encode(data),
                               step.index_select(0, field.rows.crystal), field.rows, *field.noise);
    field.state = field.corrupted.noisy;
  }
  const CrystalNetworkOutput output = predict(pairs, fields, batch.at("elements"), step);
  Loss loss;
  for (const Field& field : fields) {
    const at::Tensor term =
        averaged(field.process->loss(output_of(output, field.name), field.corrupted, field.rows),
                 field.rows);
    const at::Tensor weighted = weight_of(field.name) * term;
    loss.total = loss.total.defined() ? loss.total + weighted : weighted;
    loss.terms.emplace_back(name_of(field.name), term.detach());
  }
  return loss;
}

std::vector<std::int64_t> CrystalGenerator::sizes_for(const SamplingRequest& request) const {
  std::vector<std::int64_t> sizes;
  if (predicts_structures_) {
    for (const Sample& condition : request.conditions) sizes.push_back(node_count(condition));
    return sizes;
  }
  for (const std::int64_t index : request.sample_indices)
    sizes.push_back(drawn_size(size_histogram_, RandomStream(request.seed, "crystal-size",
                                                             static_cast<std::uint64_t>(index))));
  return sizes;
}

at::Tensor CrystalGenerator::elements_for(const SamplingRequest& request) const {
  if (!predicts_structures_) return {};
  std::vector<std::int64_t> places;
  for (const Sample& condition : request.conditions) {
    for (const auto atomic_number : crystal_in(condition).atomic_numbers) {
      const std::int64_t place = vocabulary_.place_of(atomic_number);
      if (place < 0) {
        throw DataError(
            "crystal-generator-element",
            fmt::format("element {} of composition {} is not in the vocabulary {}",
                        element_symbol(atomic_number), formula(composition(crystal_in(condition))),
                        vocabulary_.text()),
            "the model was trained without it");
      }
      places.push_back(place);
    }
  }
  return torch::tensor(places, torch::kLong).to(request.device);
}

bool CrystalGenerator::generate(std::vector<Field>& fields,
                                const std::shared_ptr<const AtomPairs>& pairs,
                                const at::Tensor& given_elements,
                                const SamplingRequest& request) const {
  for (Field& field : fields) field.state = field.process->prior(field.rows, *field.noise);
  const bool corrects =
      std::ranges::any_of(fields, [](const Field& field) { return field.process->corrects(); });
  const std::vector<Stride> strides = sampling_strides(config_);
  for (std::size_t done = 0; done < strides.size(); ++done) {
    if (request.stop()) return false;
    const Stride& stride = strides[done];
    const at::Tensor step =
        torch::full({pairs->crystal_count()}, stride.from, torch::kLong).to(request.device);
    if (corrects) {
      const CrystalNetworkOutput output = predict(pairs, fields, given_elements, step);
      for (Field& field : fields) {
        if (!field.process->corrects()) continue;
        field.state = field.process->correct(field.state, output_of(output, field.name),
                                             stride.from, field.rows, *field.noise);
      }
    }
    const CrystalNetworkOutput output = predict(pairs, fields, given_elements, step);
    for (Field& field : fields) {
      field.state = field.process->advance(field.state, output_of(output, field.name), stride,
                                           field.rows, *field.noise);
    }
    request.progress(static_cast<double>(done + 1) / static_cast<double>(strides.size()));
  }
  return true;
}

std::vector<Sample> CrystalGenerator::sample(const SamplingRequest& request) {
  if (request.sample_indices.empty()) return {};
  if (predicts_structures_ && request.conditions.size() != request.sample_indices.size()) {
    throw DataError("crystal-generator-conditions",
                    "structure prediction needs a composition for each sample",
                    "give --formula, or --compositions with a file or data set");
  }
  const c10::InferenceMode inference;
  const std::vector<std::int64_t> sizes = sizes_for(request);
  const at::Tensor given_elements = elements_for(request);
  const auto pairs = pairs_of(sizes, request.device);
  std::vector<Field> fields = fields_of(*pairs);
  const std::uint64_t shared_key = derive_key(request.seed, "crystal-generator");
  for (Field& field : fields) {
    const std::uint64_t seed = derive_key(request.seed, name_of(field.name));
    const bool is_lattice = field.name == CrystalField::lattice;
    field.noise = std::make_unique<SampleRowNoise>(
        SampleNoise(seed, request.sample_indices, request.device),
        is_lattice ? std::vector<std::int64_t>(sizes.size(), 1) : sizes, request.device);
    field.process->begin(ProcessUse::sampling, {shared_key, 0}, request.device);
  }
  if (!generate(fields, pairs, given_elements, request)) return {};
  const auto result = [](Field& field) { return field.process->result(field.state, *field.noise); };
  const at::Tensor coordinates = result(fields[0]);
  const at::Tensor vectors = result(fields[1]);
  const at::Tensor elements = elements_ ? result(fields[2]) : given_elements;
  std::vector<Sample> samples = to_crystals(sizes, coordinates, vectors, elements, vocabulary_);
  for (std::size_t b = 0; b < request.conditions.size() && predicts_structures_; ++b)
    std::get<Crystal>(samples[b].structure).name = crystal_in(request.conditions[b]).name;
  return samples;
}

}  // namespace equigen::crystal_generator
