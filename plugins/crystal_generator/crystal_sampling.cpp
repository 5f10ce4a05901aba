// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <algorithm>

#include "crystal_generator/crystal_generator.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/model/drawn_size.h"

namespace equigen::crystal_generator {
namespace {

/// Samples whose indices are in the same block of so many share what is drawn for all rows.
constexpr std::int64_t kSamplesPerBlock = 256;

/// From step 1 to the end, in as many calls of the network as asked for.
std::vector<Stride> sampling_strides(const CrystalGeneratorConfig& config) {
  const std::int64_t calls = config.sampling_calls();
  std::vector<Stride> strides;
  for (std::int64_t call = 0; call < calls; ++call) {
    strides.push_back({1 + call * config.steps / calls, 1 + (call + 1) * config.steps / calls});
  }
  return strides;
}

}  // namespace

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

at::Tensor CrystalGenerator::elements_for(const SamplingRequest& request,
                                          std::int64_t atoms) const {
  if (elements_) return {};
  std::vector<std::int64_t> places;
  // Without a composition there is but one element to choose.
  if (!predicts_structures_) places.assign(static_cast<std::size_t>(atoms), 0);
  for (const Sample& condition : request.conditions) {
    if (!predicts_structures_) break;
    for (const auto atomic_number : crystal_in(condition).atomic_numbers)
      places.push_back(vocabulary_.place_of(atomic_number));
  }
  return torch::tensor(places, torch::kLong).to(request.device);
}

bool CrystalGenerator::generate(Fields& fields, const std::shared_ptr<const AtomPairs>& pairs,
                                const at::Tensor& given_elements,
                                const SamplingRequest& request) const {
  for (auto& [name, field] : fields) field.state = field.process->prior(field.rows, *field.noise);
  const bool corrects = std::ranges::any_of(
      fields, [](const auto& entry) { return entry.second.process->corrects(); });
  const std::vector<Stride> strides = sampling_strides(config_);
  for (std::size_t done = 0; done < strides.size(); ++done) {
    if (request.stop()) return false;
    const Stride& stride = strides[done];
    const at::Tensor step =
        torch::full({pairs->crystal_count()}, stride.from, torch::kLong).to(request.device);
    if (corrects) {
      const CrystalNetworkOutput output = predict(pairs, fields, given_elements, step);
      for (auto& [name, field] : fields) {
        if (!field.process->corrects()) continue;
        field.state = field.process->correct(field.state, output_of(output, name), stride.from,
                                             field.rows, *field.noise);
      }
    }
    const CrystalNetworkOutput output = predict(pairs, fields, given_elements, step);
    for (auto& [name, field] : fields) {
      field.state = field.process->advance(field.state, output_of(output, name), stride, field.rows,
                                           *field.noise);
    }
    request.progress(static_cast<double>(done + 1) / static_cast<double>(strides.size()));
  }
  return true;
}

/// Nothing when asked to stop. All indices are of one block where the samples share noise.
std::vector<Sample> CrystalGenerator::sample_block(const SamplingRequest& request) {
  const std::vector<std::int64_t> sizes = sizes_for(request);
  const auto pairs = pairs_of(sizes, request.device);
  const at::Tensor given_elements = elements_for(request, pairs->atom_count());
  Fields fields = fields_of(*pairs);
  const std::int64_t block = request.sample_indices.front() / kSamplesPerBlock;
  const std::uint64_t shared_key =
      derive_key(request.seed, "crystal-generator", static_cast<std::uint64_t>(block));
  for (auto& [name, field] : fields) {
    const std::uint64_t seed = derive_key(request.seed, name_of(name));
    const bool is_lattice = name == CrystalField::lattice;
    field.noise = std::make_unique<SampleRowNoise>(
        SampleNoise(seed, request.sample_indices, request.device),
        is_lattice ? std::vector<std::int64_t>(sizes.size(), 1) : sizes, request.device);
    field.process->begin(ProcessUse::sampling, {shared_key, 0}, request.device);
  }
  if (!generate(fields, pairs, given_elements, request)) return {};
  const auto result = [&](CrystalField name) {
    Field& field = fields.at(name);
    return field.process->result(field.state, *field.noise);
  };
  const at::Tensor coordinates = result(CrystalField::coordinates);
  const at::Tensor vectors = result(CrystalField::lattice);
  const at::Tensor elements = elements_ ? result(CrystalField::elements) : given_elements;
  return to_crystals(sizes, coordinates, vectors, elements, vocabulary_);
}

/// The places in the request of what is drawn together: samples of one block where they share
/// noise. What cannot be drawn is left out.
std::vector<std::vector<std::size_t>> CrystalGenerator::blocks_of(
    const SamplingRequest& request) const {
  bool shares = false;
  for (const auto& process : {coordinates_, lattice_, elements_})
    shares = shares || (process && process->shares_noise());
  std::map<std::int64_t, std::vector<std::size_t>> blocks;
  for (std::size_t b = 0; b < request.sample_indices.size(); ++b) {
    if (predicts_structures_ && !unmet(request.conditions[b]).empty()) continue;
    blocks[shares ? request.sample_indices[b] / kSamplesPerBlock : 0].push_back(b);
  }
  std::vector<std::vector<std::size_t>> result;
  for (auto& [number, places] : blocks) result.push_back(std::move(places));
  return result;
}

std::vector<Sample> CrystalGenerator::sample(const SamplingRequest& request) {
  if (request.sample_indices.empty()) return {};
  if (predicts_structures_ && request.conditions.size() != request.sample_indices.size()) {
    throw DataError("crystal-generator-conditions",
                    "structure prediction needs a composition for each sample",
                    "give --formula, or --compositions with a file or data set");
  }
  const c10::InferenceMode inference;
  const auto total = static_cast<double>(request.sample_indices.size());
  std::vector<Sample> samples(request.sample_indices.size(), Sample{Crystal{}, {}});
  double done = 0;
  for (const std::vector<std::size_t>& places : blocks_of(request)) {
    SamplingRequest part;
    part.seed = request.seed;
    part.device = request.device;
    part.stop = request.stop;
    const auto count = static_cast<double>(places.size());
    part.progress = [&](double share) { request.progress((done + share * count) / total); };
    for (const std::size_t place : places) {
      part.sample_indices.push_back(request.sample_indices[place]);
      if (predicts_structures_) part.conditions.push_back(request.conditions[place]);
    }
    std::vector<Sample> drawn = sample_block(part);
    if (drawn.empty()) return {};
    for (std::size_t k = 0; k < places.size(); ++k) samples[places[k]] = std::move(drawn[k]);
    done += count;
  }
  for (std::size_t b = 0; b < request.conditions.size() && predicts_structures_; ++b)
    std::get<Crystal>(samples[b].structure).name = crystal_in(request.conditions[b]).name;
  return samples;
}

}  // namespace equigen::crystal_generator
