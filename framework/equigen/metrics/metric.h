// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/data/sample.h"
#include "equigen/molecule/descriptors.h"

namespace equigen {

class CrystalCache;
class MoleculeCache;

enum class Direction { lower, higher, neither };

/// One figure of a metric.
struct MetricValue {
  std::string name;  ///< "degree_mmd", "validity_without_correction"; stable, used in YAML and JSON
  std::string label;  ///< for people: "MMD of degrees (EMD kernel)"
  double value = 0;
  Direction direction = Direction::neither;
  std::string unit;      ///< "%", "" ...
  std::string protocol;  ///< how it was computed, in a few words; figures of different protocols
                         ///< are never compared
  std::int64_t sample_count = 0;  ///< how many generated samples entered
  std::string note;               ///< a warning or remark, may be empty
};

/// The sets a metric compares. `reference` is usually the test split; `train` may be empty (novelty
/// is then left out).
struct MetricInput {
  std::span<const Sample> generated;
  std::span<const Sample> reference;
  std::span<const Sample> train;
  /// What the metrics of molecules share, may be empty; see molecule_set.h.
  std::shared_ptr<MoleculeCache> molecules = {};
  /// What the metrics of crystals share, may be empty; see crystal_set.h.
  std::shared_ptr<CrystalCache> crystals = {};
  std::string_view dataset = {};  ///< name of the reference, where the protocol depends on it
};

/// A metric of a set of samples, chosen in YAML and by --metrics.
class Metric {
 public:
  static constexpr std::string_view kind = "metric";
  using Create = std::shared_ptr<Metric>();

  virtual ~Metric();
  /// "graph", "molecule" or "crystal": which structures it takes.
  virtual std::string structure() const = 0;
  /// What it asks of every generated and reference molecule, so that all metrics of an evaluation
  /// can share it.
  virtual MoleculeParts molecule_parts() const { return MoleculeParts::none; }
  /// What it asks of the generated ones only.
  virtual MoleculeParts generated_parts() const { return MoleculeParts::none; }
  /// True where each generated sample belongs to one of the reference: floors and parts of the
  /// samples then mean nothing.
  virtual bool is_paired() const { return false; }
  /// Computes the figures on all cores. Throws DataError when a set it needs is empty.
  virtual std::vector<MetricValue> compute(const MetricInput& input) const = 0;
};

}  // namespace equigen
