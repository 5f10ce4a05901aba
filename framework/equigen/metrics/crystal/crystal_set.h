// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "equigen/crystal/matching/structure_groups.h"
#include "equigen/crystal/validity/validity.h"
#include "equigen/metrics/crystal/crystal_coverage.h"
#include "equigen/metrics/metric.h"

namespace equigen {

/// What takes time to find of a crystal, and is found only when it is asked for.
enum class CrystalParts : unsigned {
  none = 0,
  fingerprints = 1,
  reduced = 2,
  space_group = 4,
  order_free_structure = 8,
};

constexpr CrystalParts operator|(CrystalParts a, CrystalParts b) {
  return static_cast<CrystalParts>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool contains(CrystalParts all, CrystalParts part) {
  return (static_cast<unsigned>(all) & static_cast<unsigned>(part)) == static_cast<unsigned>(part);
}

/// Whether an atom may be as near to its own periodic images as it likes, as the published rule of
/// validity has it.
enum class ComparedImages { of_others, all };

constexpr ComparedImages compared_images(bool own_images) {
  return own_images ? ComparedImages::all : ComparedImages::of_others;
}

/// What metrics know of a crystal.
struct DescribedCrystal {
  CrystalVerdict verdict;        ///< by CDVAE's rules
  bool near_own_images = false;  ///< an atom and its own images, which those rules do not compare
  std::size_t atom_count = 0;
  Composition elements;                             ///< counts as in the cell
  double density = 0;                               ///< g/cm³
  double volume = 0;                                ///< Å³
  std::optional<CrystalFingerprints> fingerprints;  ///< of a crystal that has them
  std::string fingerprint_fault;                    ///< why it has none
  /// Of a crystal with fingerprints: the structure's by NeighbourOrder::independent.
  std::optional<SiteFingerprint> order_free_structure;
  std::optional<PreparedCrystal> reduced;  ///< nothing where the cell cannot be reduced
  int space_group = 0;                     ///< at 0.1 Å; 0: none was found
  std::uint64_t draw = 0;                  ///< a random number that depends on the crystal alone

  [[nodiscard]] bool has_valid_structure(ComparedImages images) const {
    return !verdict.structure_fault && (images == ComparedImages::of_others || !near_own_images);
  }
  /// The published rule, where fingerprints were asked for: a crystal without them is invalid.
  [[nodiscard]] bool valid_with_fingerprints(
      ComparedImages images = ComparedImages::of_others) const {
    return has_valid_structure(images) && !verdict.composition_fault && fingerprints.has_value();
  }
};

using DescribedCrystals = std::vector<std::shared_ptr<const DescribedCrystal>>;

/// The numbers of a crystal, byte by byte: equal for equal crystals only.
std::string bytes_of(const Crystal& crystal);

/// The crystals of samples. Throws DataError when one is no crystal.
std::vector<const Crystal*> crystals_of(std::span<const Sample> samples);

/// One entry a crystal, as group_structures() and KnownStructures::first_fits() give them.
struct CrystalMatches {
  std::vector<std::size_t> groups;
  std::vector<std::size_t> known;  ///< in the training data; kNoStructure without any
  /// Crystals that the matcher does not take (too large, too long and thin), and which are compared
  /// as they are written; see written_identity().
  std::int64_t as_written = 0;
};

/// How a generated crystal and the reference crystal it was made for match.
struct TargetMatch {
  std::size_t target = 0;
  double rms = 0;
};

/// What metrics found out of each crystal of a set, beside their figures; empty where none did.
struct CrystalFindings {
  std::vector<std::optional<NearestCrystals>> nearest;
  std::vector<std::optional<TargetMatch>> targets;
  std::vector<std::string> faults;  ///< why each one is not valid; empty for a valid one
};

/// What is known of the crystals of one evaluation: found when it is first asked for, then shared
/// by all metrics and by all sets that hold the crystal (subsets for floors and spreads).
class CrystalCache {
 public:
  /// One a sample, in order, with at least `parts`; what is missing is found on all cores.
  DescribedCrystals describe(std::span<const Sample> samples, CrystalParts parts);

  /// Equal crystals among `samples`, and in `train` (may be empty), which must live as long as the
  /// cache. Asked again for the same sets it answers at once.
  std::shared_ptr<const CrystalMatches> matches(std::span<const Sample> samples,
                                                std::span<const Sample> train,
                                                const MatchTolerances& tolerances);

  /// From now on, what metrics find out of these samples is kept.
  void watch(std::span<const Sample> samples);
  /// Of other samples than those watched nothing is kept.
  void note(std::span<const Sample> samples, std::vector<std::optional<NearestCrystals>> nearest);
  void note(std::span<const Sample> samples, std::vector<std::optional<TargetMatch>> targets);
  void note(std::span<const Sample> samples, std::vector<std::string> faults);
  [[nodiscard]] const CrystalFindings& findings() const { return findings_; }

 private:
  [[nodiscard]] bool is_watched(std::span<const Sample> samples) const {
    return samples.data() == watched_.data() && samples.size() == watched_.size();
  }
  std::shared_ptr<const KnownStructures> known(std::span<const Sample> train);

  struct Entry {
    bool described = false;
    CrystalParts parts = CrystalParts::none;
    std::shared_ptr<const DescribedCrystal> found;
  };

  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::span<const Sample> known_of_;
  std::shared_ptr<const KnownStructures> known_;
  std::vector<std::uint64_t> matched_;  ///< the numbers of the crystals of matches_
  MatchTolerances matched_with_;
  bool matched_train_ = false;
  std::shared_ptr<const CrystalMatches> matches_;
  std::span<const Sample> watched_;
  CrystalFindings findings_;
};

/// The cache of the input, or a new one.
std::shared_ptr<CrystalCache> crystal_cache(const MetricInput& input);

/// The generated crystals. Throws DataError ("metric-empty") when there are none.
DescribedCrystals generated_crystals(const MetricInput& input, CrystalParts parts);

struct ComparedCrystals {
  DescribedCrystals generated;
  DescribedCrystals reference;
};

/// Throws DataError ("metric-empty") that names the metric when either set is empty.
ComparedCrystals compared_crystals(const MetricInput& input, CrystalParts parts,
                                   std::string_view metric);

/// At most `count` of the crystals that are valid with fingerprints (0: all), drawn without
/// replacement: by their own random numbers, so that the draw does not depend on their order.
DescribedCrystals drawn_valid(const DescribedCrystals& crystals, std::size_t count,
                              ComparedImages images = ComparedImages::of_others);

}  // namespace equigen
