// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crystal_generator/crystal_generator_config.h"
#include "crystal_generator/crystal_tensors.h"
#include "equigen/model/model.h"
#include "equigen/nn/crystal_network.h"
#include "equigen/process/field_process.h"

namespace equigen::crystal_generator {

/// What a network predicts for a field.
const at::Tensor& output_of(const CrystalNetworkOutput& output, CrystalField field);

/// A generative model of crystals: three fields, each with its process, and one network. Bayesian
/// flows make it CrysBFN, diffusions DiffCSP, flow matching FlowMM; other combinations work as
/// well. Elements have no process where there is nothing to generate: in structure prediction, and
/// with a vocabulary of one.
class CrystalGenerator : public Model {
 public:
  using Config = CrystalGeneratorConfig;

  /// Throws ConfigError when keys contradict each other or the data, PluginError.
  CrystalGenerator(Config config, const DataSummary& summary);

  Batch collate(std::span<const Sample> samples) const override;
  std::string misfit(const Sample& sample) const override;
  Loss loss(const Batch& batch, NoiseStream& noise) override;
  bool needs_conditions() const override { return predicts_structures_; }
  std::string unmet(const Sample& condition) const override;
  std::vector<Sample> sample(const SamplingRequest& request) override;

  FieldProcess& process(CrystalField field) const;
  CrystalNetwork& network() const { return *network_; }
  const ElementVocabulary& vocabulary() const { return vocabulary_; }

  /// The network on a state of the fields at steps [B] (whole or real). `elements` is the process's
  /// value, or places in the vocabulary when they are given.
  CrystalNetworkOutput predict(const std::shared_ptr<const AtomPairs>& pairs,
                               const NoisyField& coordinates, const at::Tensor& lattice,
                               const at::Tensor& elements, const at::Tensor& step) const;

 private:
  /// A field of one batch: its process, rows and noise, and where it is on its way.
  struct Field {
    FieldProcess* process;
    FieldRows rows;
    std::unique_ptr<RowNoise> noise;
    NoisyField state;
    CorruptedField corrupted;  ///< in training
  };
  /// Those that have a process.
  using Fields = std::map<CrystalField, Field>;

  std::shared_ptr<FieldProcess> made_process(CrystalField field,
                                             const config::ComponentChoice& choice,
                                             const DataSummary& summary) const;
  const std::shared_ptr<FieldProcess>& process_of(CrystalField field) const;
  void check_layouts() const;
  void check_samplers() const;
  void check_calls() const;
  CrystalNetworkShape network_shape() const;
  std::shared_ptr<const AtomPairs> pairs_of(std::vector<std::int64_t> sizes,
                                            at::Device device) const;
  Fields fields_of(const AtomPairs& pairs) const;
  at::Tensor drawn_steps(std::int64_t crystals, NoiseStream& noise) const;
  at::Tensor averaged(const at::Tensor& losses, const FieldRows& rows) const;
  double weight_of(CrystalField field) const;

  std::vector<std::int64_t> sizes_for(const SamplingRequest& request) const;
  at::Tensor elements_for(const SamplingRequest& request, std::int64_t atoms) const;
  CrystalNetworkOutput predict(const std::shared_ptr<const AtomPairs>& pairs, const Fields& fields,
                               const at::Tensor& given_elements, const at::Tensor& step) const;
  /// False when asked to stop.
  bool generate(Fields& fields, const std::shared_ptr<const AtomPairs>& pairs,
                const at::Tensor& given_elements, const SamplingRequest& request) const;
  std::vector<std::vector<std::size_t>> blocks_of(const SamplingRequest& request) const;
  std::vector<Sample> sample_block(const SamplingRequest& request);

  Config config_;
  bool predicts_structures_;
  ElementVocabulary vocabulary_;
  std::vector<std::int64_t> size_histogram_;
  std::shared_ptr<FieldProcess> coordinates_;
  std::shared_ptr<FieldProcess> lattice_;
  std::shared_ptr<FieldProcess> elements_;  ///< none when elements are given
  std::shared_ptr<CrystalNetwork> network_;
};

}  // namespace equigen::crystal_generator
