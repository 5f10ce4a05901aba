// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "equigen/data/sample.h"
#include "equigen/metrics/metric.h"
#include "equigen/metrics/molecule/described_file.h"
#include "equigen/metrics/molecule/nspdk.h"
#include "equigen/molecule/descriptors.h"

namespace equigen {

/// The molecules of samples. Throws DataError when one is a graph.
std::vector<const Molecule*> molecules_of(std::span<const Sample> samples);

/// The descriptors of the molecules of one evaluation by SMILES: computed when they are first asked
/// for, then shared by all metrics and by all sets that hold the molecule (subsets for floors and
/// spreads).
class MoleculeCache {
 public:
  MoleculeCache() = default;
  /// `reference` must live as long as the cache: what is found of the whole of it is kept, for the
  /// figures, their floor and their spread.
  explicit MoleculeCache(std::span<const Sample> reference) : reference_(reference) {}

  /// What metrics are going to ask of all molecules, and of generated ones besides, so that each
  /// molecule is read only once.
  void expect(MoleculeParts of_all, MoleculeParts of_generated);

  enum class Side { generated, reference };

  /// Large sets that are prepared with prepare() are kept in this folder for the next evaluation.
  void keep_in(std::filesystem::path folder);

  /// Finds all that is expected of a set that will be used in other evaluations, too, and keeps it
  /// on disk; does nothing without a folder, for small sets and for graphs.
  void prepare(std::span<const Sample> samples, Side side);

  /// The descriptors of the valid molecules, in order. Computes what is missing on all cores.
  /// Throws DataError when a sample is a graph, or as describe() does.
  DescribedMolecules valid(std::span<const Sample> samples, MoleculeParts parts, Side side);

  /// The mean of the NSPDK features of a reference.
  std::shared_ptr<const nspdk::Features> reference_features(std::span<const Sample> reference);

  /// Numbers that `make` finds of a reference; `what` tells them from others.
  using Numbers = std::shared_ptr<const std::vector<double>>;
  Numbers reference_numbers(std::span<const Sample> reference, const std::string& what,
                            const std::function<std::vector<double>()>& make);

 private:
  bool is_reference(std::span<const Sample> samples) const {
    return samples.data() == reference_.data() && samples.size() == reference_.size();
  }

  struct Entry {
    MoleculeParts parts = MoleculeParts::none;
    std::shared_ptr<const MoleculeDescriptors> found;
  };

  MoleculeParts expected(Side side) const;
  DescribedMolecules found(std::span<const Sample> samples, MoleculeParts parts,
                           MoleculeParts wanted);

  std::mutex mutex_;
  MoleculeParts of_all_ = MoleculeParts::none;
  MoleculeParts of_generated_ = MoleculeParts::none;
  std::unordered_map<std::string, Entry> entries_;
  std::filesystem::path folder_;
  std::span<const Sample> reference_;
  // Of reference_, as far as they were asked for.
  DescribedMolecules described_;
  MoleculeParts described_parts_ = MoleculeParts::none;
  std::shared_ptr<const nspdk::Features> features_;
  std::map<std::string, Numbers> numbers_;
};

/// The valid generated molecules of an input. Throws DataError ("metric-empty") when there are no
/// samples or none is a molecule.
DescribedMolecules generated_molecules(const MetricInput& input, MoleculeParts parts);

/// The valid molecules of both sides of a metric that compares them.
struct ComparedMolecules {
  DescribedMolecules generated;
  DescribedMolecules reference;
};

/// Throws DataError ("metric-empty") that names the metric when either side has no molecule.
ComparedMolecules compared_molecules(const MetricInput& input, MoleculeParts parts,
                                     const std::string& metric);

}  // namespace equigen
