// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_coverage.h"

#include "equigen/base/error.h"

namespace equigen {
namespace {

/// The fingerprints of the crystals that have any, as points, and whose they are.
struct FingerprintTables {
  std::vector<std::size_t> owners;
  PointTable structure{kSiteFingerprintSize, {}};
  PointTable composition{kCompositionFingerprintSize, {}};

  void add(const CrystalFingerprints& fingerprints) {
    structure.values.insert(structure.values.end(), fingerprints.structure.begin(),
                            fingerprints.structure.end());
    composition.values.insert(composition.values.end(), fingerprints.composition.begin(),
                              fingerprints.composition.end());
  }
};

FingerprintTables tables_of(std::span<const std::optional<CrystalFingerprints>> crystals,
                            const char* set) {
  FingerprintTables tables;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    if (!crystals[i]) continue;
    tables.owners.push_back(i);
    tables.add(*crystals[i]);
  }
  if (tables.owners.empty())
    throw DataError("crystal-coverage-empty",
                    std::string("no ") + set + " crystal has a fingerprint");
  return tables;
}

Reach reach(const FingerprintTables& from, const FingerprintTables& to, std::size_t crystals,
            const CoverageCutoffs& cutoffs) {
  const auto structure = nearest_points(from.structure, to.structure);
  const auto composition = nearest_points(from.composition, to.composition);
  Reach result;
  result.nearest.resize(crystals);
  for (std::size_t i = 0; i < structure.size(); ++i) {
    const bool near_structure = structure[i].distance <= cutoffs.structure;
    const bool near_composition = composition[i].distance <= cutoffs.composition;
    result.covered += near_structure && near_composition;
    result.structure_covered += near_structure;
    result.composition_covered += near_composition;
    result.mean_structure_distance += structure[i].distance;
    result.mean_composition_distance += composition[i].distance;
    result.nearest[from.owners[i]] =
        NearestCrystals{to.owners[structure[i].index], to.owners[composition[i].index],
                        structure[i].distance, composition[i].distance};
  }
  for (double* share : {&result.covered, &result.structure_covered, &result.composition_covered})
    *share /= static_cast<double>(crystals);
  result.mean_structure_distance /= static_cast<double>(structure.size());
  result.mean_composition_distance /= static_cast<double>(structure.size());
  return result;
}

}  // namespace

CrystalFingerprints crystal_fingerprints(const Crystal& crystal) {
  return {.structure = structure_fingerprint(crystal),
          .composition = scaled_composition_fingerprint(
              composition_fingerprint(reduced(composition(crystal))))};
}

CoverageCutoffs published_cutoffs(std::string_view dataset) {
  if (dataset.starts_with("perov") || dataset.starts_with("carbon"))
    return {.structure = 0.2, .composition = 4};
  return {};
}

Coverage crystal_coverage(std::span<const std::optional<CrystalFingerprints>> generated,
                          std::span<const std::optional<CrystalFingerprints>> reference,
                          const CoverageCutoffs& cutoffs) {
  const FingerprintTables ours = tables_of(generated, "generated");
  const FingerprintTables theirs = tables_of(reference, "reference");
  return {.recall = reach(theirs, ours, reference.size(), cutoffs),
          .precision = reach(ours, theirs, generated.size(), cutoffs)};
}

CrystalDiversity crystal_diversity(std::span<const CrystalFingerprints> crystals) {
  FingerprintTables tables;
  for (const CrystalFingerprints& fingerprints : crystals) tables.add(fingerprints);
  return {.structure = mean_pairwise_distance(tables.structure),
          .composition = mean_pairwise_distance(tables.composition)};
}

}  // namespace equigen
