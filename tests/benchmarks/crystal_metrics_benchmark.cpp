// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/data/sample_files.h"
#include "equigen/metrics/crystal/crystal_metrics.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/plugin/registry.h"
#include "paths.h"

/// Times of whole metrics of crystals, each with all that it needs and nothing cached: 1,000
/// crystals (those of the test part, moved at random) against 1,000 of the test part, with 1,000 of
/// the validation part as training set. Of the data sets beside the checkout; says so where they
/// are not there.
namespace {

using namespace equigen;  // NOLINT

constexpr std::size_t kCrystals = 1000;
constexpr std::size_t kGrouped = 10'000;
constexpr double kNoise = 0.05;  // Å

struct Sets {
  std::vector<Sample> generated, reference, train;
};

std::vector<Sample> first_samples(const std::string& file, std::size_t count) {
  const auto path = testing::data_beside_checkout(file);
  if (!path) return {};
  std::vector<Sample> samples = read_sample_file(*path).samples;
  samples.resize(std::min(samples.size(), count));
  return samples;
}

Crystal shaken(Crystal crystal, RandomStream& random) {
  for (Vector3& position : crystal.fractional_coordinates)
    position = sum(
        position, crystal.lattice.to_fractional({kNoise * random.normal(), kNoise * random.normal(),
                                                 kNoise * random.normal()}));
  return crystal;
}

std::vector<Sample> shaken(const std::vector<Sample>& samples, std::size_t count) {
  RandomStream random(1, "crystal metrics benchmark");
  std::vector<Sample> moved;
  for (std::size_t i = 0; i < count && !samples.empty(); ++i)
    moved.push_back({shaken(crystal_in(samples[i % samples.size()]), random), {}});
  return moved;
}

const Sets& sets_of(const std::string& dataset) {
  static std::map<std::string, Sets> known;
  const auto [place, is_new] = known.try_emplace(dataset);
  if (is_new) {
    Sets& sets = place->second;
    sets.reference = first_samples(dataset + "/test.csv.gz", kCrystals);
    sets.train = first_samples(dataset + "/val.csv.gz", kCrystals);
    sets.generated = shaken(sets.reference, sets.reference.size());
  }
  return place->second;
}

bool is_missing(benchmark::State& timing, const std::string& dataset,
                const std::vector<Sample>& samples) {
  if (!samples.empty()) return false;
  timing.SkipWithError(("skipped: " + dataset + " is not beside the checkout").c_str());
  return true;
}

void register_metrics() {
  if (Registry::instance().find("metric", "crystal_validity")) return;
  RegistryBuilder builder("equigen");
  register_crystal_metrics(builder);
  Registry::instance().commit(builder.take());
}

/// "per_structure": seconds of one generated crystal.
void count(benchmark::State& timing, std::size_t items) {
  timing.counters["per_structure"] =
      benchmark::Counter(static_cast<double>(items), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

void compute(benchmark::State& timing, const std::string& dataset, const std::string& name) {
  register_metrics();
  const Sets& sets = sets_of(dataset);
  if (is_missing(timing, dataset, sets.reference)) return;
  const auto metric = Registry::instance().create<Metric>({name, {}});
  set_parallel_threads(static_cast<int>(timing.range(0)));
  for (auto _ : timing)
    benchmark::DoNotOptimize(metric->compute({sets.generated,
                                              sets.reference,
                                              sets.train,
                                              {},
                                              std::make_shared<CrystalCache>(),
                                              dataset}));
  set_parallel_threads(0);
  count(timing, sets.generated.size());
}

/// Ten thousand crystals, each of the test part about once or several times, moved at random.
struct Grouped {
  std::vector<PreparedCrystal> crystals;
  std::vector<const PreparedCrystal*> pointers;
  std::vector<int> space_groups;
};

Grouped grouped_crystals(const std::string& dataset) {
  const auto moved = shaken(first_samples(dataset + "/test.csv.gz", kGrouped), kGrouped);
  std::vector<std::unique_ptr<PreparedCrystal>> prepared(moved.size());
  Grouped result;
  result.space_groups.resize(moved.size());
  parallel_for(std::ssize(moved), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    prepared[k] = std::make_unique<PreparedCrystal>(crystal_in(moved[k]));
    result.space_groups[k] = space_group_number(crystal_in(moved[k]), {0.1, {}});
  });
  for (auto& crystal : prepared) result.crystals.push_back(std::move(*crystal));
  for (const PreparedCrystal& crystal : result.crystals) result.pointers.push_back(&crystal);
  return result;
}

const Grouped& grouped_of(const std::string& dataset) {
  static std::map<std::string, Grouped> known;
  const auto [place, is_new] = known.try_emplace(dataset);
  if (is_new) place->second = grouped_crystals(dataset);
  return place->second;
}

/// Of crystals that are reduced, and whose space groups are known.
void group_10000(benchmark::State& timing, const std::string& dataset, bool by_space_group) {
  const Grouped& grouped = grouped_of(dataset);
  if (grouped.pointers.empty()) {
    timing.SkipWithError(("skipped: " + dataset + " is not beside the checkout").c_str());
    return;
  }
  set_parallel_threads(static_cast<int>(timing.range(0)));
  for (auto _ : timing)
    benchmark::DoNotOptimize(group_structures(
        grouped.pointers, {},
        by_space_group ? std::span<const int>(grouped.space_groups) : std::span<const int>()));
  set_parallel_threads(0);
  count(timing, grouped.pointers.size());
}

void time_on_one_and_all_cores(benchmark::internal::Benchmark* registered) {
  registered->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();
}

bool register_benchmarks() {
  for (const std::string dataset : {"perov_5", "mp_20_biternary"}) {
    for (const std::string metric : {"crystal_validity", "crystal_coverage", "crystal_statistics",
                                     "crystal_uniqueness_novelty", "crystal_match"})
      time_on_one_and_all_cores(benchmark::RegisterBenchmark(
          (metric + "/" + dataset).c_str(),
          [=](benchmark::State& timing) { compute(timing, dataset, metric); }));
    for (const bool by_space_group : {false, true})
      time_on_one_and_all_cores(benchmark::RegisterBenchmark(
          ("group_10000/" + dataset + (by_space_group ? "/space_groups" : "/compositions")).c_str(),
          [=](benchmark::State& timing) { group_10000(timing, dataset, by_space_group); }));
  }
  return true;
}

const bool are_registered = register_benchmarks();

}  // namespace
