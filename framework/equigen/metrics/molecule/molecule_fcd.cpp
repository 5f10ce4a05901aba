// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_fcd.h"

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/metrics/distances/frechet.h"
#include "equigen/metrics/molecule/chemnet.h"
#include "equigen/metrics/molecule/molecule_guacamol.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

/// Canonical SMILES of what is a molecule.
std::vector<std::string> smiles_of(std::span<const Sample> samples) {
  std::vector<std::string> result;
  for (const Sample& sample : samples) {
    const auto* molecule = std::get_if<Molecule>(&sample.structure);
    if (!molecule)
      throw DataError("metric-structure", "a metric of molecules was given graphs",
                      "choose metrics whose structure is graph");
    if (molecule->atoms.empty()) continue;
    try {
      result.push_back(molecule->smiles.empty() ? canonical_smiles(*molecule) : molecule->smiles);
    } catch (const DataError&) {
      continue;  // impossible valences: counted as invalid by the other metrics
    }
  }
  return result;
}

}  // namespace

void FrechetChemnetDistance::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Fréchet ChemNet distance to the reference.");
  keys.field("weights", &Config::weights,
             "ChemNet_v0.13_pretrained.pt of the Python package fcd_torch");
  keys.field("against", &Config::against,
             "compare with the reference, or with the training set as GuacaMol does")
      .choices({"reference", "training"});
  keys.field("sample_count", &Config::sample_count,
             "with the training set: at most so many molecules of each side (GuacaMol: 10000)")
      .at_least(2);
}

std::vector<MetricValue> FrechetChemnetDistance::compute(const MetricInput& input) const {
  if (config_.weights.empty())
    throw DataError("fcd-weights",
                    "the Fréchet ChemNet distance needs ChemNet's weights, which are not part of "
                    "equigen: take ChemNet_v0.13_pretrained.pt from the Python package fcd_torch "
                    "(folder fcd_torch/) and name it with the key weights");
  const bool is_trained_on = config_.against == "training";
  if (is_trained_on && input.train.empty())
    throw DataError("metric-empty", "fcd against the training set needs one",
                    "name it with --train, or set against: reference");
  const auto network = chemnet::Network::read(config_.weights);
  const auto count = static_cast<std::size_t>(config_.sample_count);
  auto ours = smiles_of(input.generated);
  if (is_trained_on) ours.resize(std::min(ours.size(), count));
  const auto theirs = is_trained_on ? smiles_of(guacamol_training_subset(input.train, count))
                                    : smiles_of(input.reference);
  const auto generated = network.activations(ours);
  const double distance = frechet_distance(generated, network.activations(theirs));
  const std::string whom = is_trained_on ? "the training set" : "the reference";
  return {{"fcd",
           "Fréchet ChemNet distance (FCD)",
           distance,
           Direction::lower,
           "",
           is_trained_on
               ? "ChemNet states of canonical SMILES, Fréchet distance, against the training set"
               : "ChemNet states of canonical SMILES, Fréchet distance as in fcd_torch",
           generated.count,
           {}},
          {"guacamol_fcd",
           "FCD score (GuacaMol)",
           std::exp(-0.2 * distance),
           Direction::higher,
           "",
           "GuacaMol: exp(-0.2 FCD), against " + whom,
           generated.count,
           {}}};
}

void register_fcd_metric(RegistryBuilder& registry) {
  registry.add<Metric, FrechetChemnetDistance>("fcd", "Fréchet ChemNet distance of molecules");
}

}  // namespace equigen
