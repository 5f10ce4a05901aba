// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_coverage.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/validity/validity.h"
#include "equigen/metrics/distances/wasserstein.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

/// What is computed of one golden set.
struct Set {
  std::vector<Crystal> crystals;
  std::vector<CrystalVerdict> verdicts;
  std::vector<std::optional<CrystalFingerprints>> fingerprints;

  /// The published rule: a crystal without fingerprints is invalid.
  bool valid(std::size_t i) const { return verdicts[i].valid() && fingerprints[i].has_value(); }
};

Set set_of(const GoldenTensors& tensors, const std::string& prefix) {
  Set set{golden_crystals(tensors, prefix), {}, {}};
  for (const Crystal& crystal : set.crystals) {
    set.verdicts.push_back(crystal_verdict(crystal));
    set.fingerprints.emplace_back();
    if (crystal.lattice.volume() < 0.1) continue;
    try {
      set.fingerprints.back() = crystal_fingerprints(crystal);
    } catch (const DataError&) {
    }
  }
  return set;
}

/// The one entry that depends on the order of neighbours of equal weight, which is that of the
/// published Voronoi code.
std::size_t order_dependent_entry() {
  const auto& labels = site_fingerprint_labels();
  return static_cast<std::size_t>(std::ranges::find(labels, "body-centered cubic CN_8") -
                                  labels.begin());
}

/// Returns how many crystals differ in the order-dependent entry.
std::size_t check_set(const Set& set, const GoldenTensors& tensors, const std::string& prefix) {
  std::size_t order_dependent = 0;
  for (std::size_t i = 0; i < set.crystals.size(); ++i) {
    INFO(prefix << i);
    CHECK(set.fingerprints[i].has_value() == (tensors.at(prefix + "has_fp").integer(i) == 1));
    const auto& valid = tensors.at(prefix + "valid");
    CHECK(!set.verdicts[i].composition_fault.has_value() == (valid.integer(3 * i) == 1));
    CHECK(!set.verdicts[i].structure_fault.has_value() == (valid.integer(3 * i + 1) == 1));
    CHECK(set.valid(i) == (valid.integer(3 * i + 2) == 1));
    if (!set.fingerprints[i]) continue;
    for (std::size_t k = 0; k < kSiteFingerprintSize; ++k) {
      const double gap =
          std::abs(set.fingerprints[i]->structure[k] -
                   tensors.at(prefix + "struct_fp").values.at(i * kSiteFingerprintSize + k));
      if (k == order_dependent_entry() && gap > 1e-6) {
        ++order_dependent;
        CHECK(gap < 1e-3);
      } else {
        CHECK(gap < 1e-6);
      }
    }
    CHECK(density(set.crystals[i]) ==
          Approx(tensors.at(prefix + "density").values.at(i)).epsilon(1e-6));
  }
  return order_dependent;
}

void check_nearest(const Reach& reach, const GoldenTensor& structure,
                   const GoldenTensor& composition, double tolerance) {
  std::size_t k = 0;  // the stored lists leave out crystals without fingerprints
  for (const auto& nearest : reach.nearest) {
    if (!nearest) continue;
    CHECK(nearest->structure_distance == Approx(structure.values.at(k)).margin(tolerance));
    CHECK(nearest->composition_distance == Approx(composition.values.at(k)).margin(1e-6));
    ++k;
  }
  CHECK(k == structure.values.size());
}

template <typename Function>
std::vector<double> of_each(const Set& set, bool valid_only, const Function& figure) {
  std::vector<double> values;
  for (std::size_t i = 0; i < set.crystals.size(); ++i)
    if (!valid_only || set.valid(i)) values.push_back(figure(set.crystals[i]));
  return values;
}

double element_count(const Crystal& crystal) {
  return static_cast<double>(composition(crystal).size());
}

}  // namespace

TEST_CASE("golden.crystal_metrics.set_metrics", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "generation_metrics.safetensors");
  const auto datasets = golden_cases(tensors, "metric.cov_recall");
  REQUIRE_FALSE(datasets.empty());
  for (const std::string& dataset : datasets) {
    INFO(dataset);
    const Set generated = set_of(tensors, dataset + "gen.");
    const Set reference = set_of(tensors, dataset + "gt.");
    const std::size_t order_dependent = check_set(generated, tensors, dataset + "gen.") +
                                        check_set(reference, tensors, dataset + "gt.");
    CHECK(order_dependent * 20 <= reference.crystals.size());
    const double tolerance = order_dependent > 0 ? 1e-3 : 1e-6;
    const auto stored = [&](const std::string& name) {
      return Approx(tensors.at(dataset + "metric." + name).values.at(0)).margin(1e-6);
    };
    const Coverage coverage = crystal_coverage(generated.fingerprints, reference.fingerprints,
                                               published_cutoffs(dataset));
    CHECK(coverage.recall.covered == stored("cov_recall"));
    CHECK(coverage.precision.covered == stored("cov_precision"));
    CHECK(coverage.recall.mean_structure_distance == stored("amsd_recall"));
    CHECK(coverage.precision.mean_structure_distance == stored("amsd_precision"));
    CHECK(coverage.recall.mean_composition_distance == stored("amcd_recall"));
    CHECK(coverage.precision.mean_composition_distance == stored("amcd_precision"));
    check_nearest(coverage.recall, tensors.at(dataset + "struc_recall_dist"),
                  tensors.at(dataset + "comp_recall_dist"), tolerance);
    check_nearest(coverage.precision, tensors.at(dataset + "struc_precision_dist"),
                  tensors.at(dataset + "comp_precision_dist"), tolerance);
    std::vector<CrystalFingerprints> valid;
    for (std::size_t i = 0; i < generated.crystals.size(); ++i)
      if (generated.valid(i)) valid.push_back(*generated.fingerprints[i]);
    const CrystalDiversity diversity = crystal_diversity(valid);
    CHECK(diversity.structure == stored("struct_div"));
    CHECK(diversity.composition == stored("comp_div"));
    CHECK(wasserstein_distance(of_each(generated, true, density),
                               of_each(reference, false, density)) == stored("wdist_density"));
    CHECK(wasserstein_distance(of_each(generated, true, element_count),
                               of_each(reference, false, element_count)) ==
          stored("wdist_num_elems"));
  }
}

TEST_CASE("golden.crystal_metrics.wasserstein", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "wasserstein.safetensors");
  for (const std::string& prefix : golden_cases(tensors, "w"))
    CHECK(wasserstein_distance(tensors.at(prefix + "a").values, tensors.at(prefix + "b").values) ==
          Approx(tensors.at(prefix + "w").values.at(0)).margin(1e-12));
}

TEST_CASE("nearest points are those of an exhaustive search", "[crystal]") {
  RandomStream random(5, "points");
  const auto table = [&](std::size_t size) {
    PointTable points{37, {}};
    for (std::size_t i = 0; i < size * points.dimension; ++i)
      points.values.push_back(random.uniform() < 0.5 ? 0 : random.uniform());
    return points;
  };
  const PointTable queries = table(50), pool = table(80);
  const auto found = nearest_points(queries, pool);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    double best = 1e300;
    for (std::size_t j = 0; j < pool.size(); ++j) {
      double square = 0;
      for (std::size_t k = 0; k < 37; ++k) {
        const double gap = queries.values[i * 37 + k] - pool.values[j * 37 + k];
        square += gap * gap;
      }
      best = std::min(best, std::sqrt(square));
    }
    CHECK(found[i].distance == Approx(best));
  }
  CHECK_THROWS_AS(nearest_points(queries, PointTable{37, {}}), DataError);
  CHECK_THROWS_AS(nearest_points(queries, PointTable{2, {0, 0}}), DataError);
}

TEST_CASE("coverage without fingerprints is refused", "[crystal]") {
  const std::vector<std::optional<CrystalFingerprints>> none(3), one{CrystalFingerprints{}};
  CHECK_THROWS_AS(crystal_coverage(none, one, {}), DataError);
  CHECK_THROWS_AS(crystal_coverage(one, none, {}), DataError);
}
