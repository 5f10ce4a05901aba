// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_fcd.h"

#include <cmath>

#include "equigen/base/error.h"
#include "equigen/metrics/distances/frechet.h"
#include "equigen/metrics/molecule/chemnet.h"
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
}

std::vector<MetricValue> FrechetChemnetDistance::compute(const MetricInput& input) const {
  if (config_.weights.empty())
    throw DataError("fcd-weights",
                    "the Fréchet ChemNet distance needs ChemNet's weights, which are not part of "
                    "equigen: take ChemNet_v0.13_pretrained.pt from the Python package fcd_torch "
                    "(folder fcd_torch/) and name it with the key weights");
  const auto network = chemnet::Network::read(config_.weights);
  const auto generated = network.activations(smiles_of(input.generated));
  const double distance =
      frechet_distance(generated, network.activations(smiles_of(input.reference)));
  return {{"fcd",
           "Fréchet ChemNet distance (FCD)",
           distance,
           Direction::lower,
           "",
           "ChemNet states of canonical SMILES, Fréchet distance as in fcd_torch",
           generated.count,
           {}},
          {"guacamol_fcd",
           "FCD score (GuacaMol)",
           std::exp(-0.2 * distance),
           Direction::higher,
           "",
           "GuacaMol: exp(-0.2 FCD), against the reference",
           generated.count,
           {}}};
}

void register_fcd_metric(RegistryBuilder& registry) {
  registry.add<Metric, FrechetChemnetDistance>("fcd", "Fréchet ChemNet distance of molecules");
}

}  // namespace equigen
