// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <vector>

#include "crystal/golden_crystals.h"
#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/crystal/fingerprints/composition_fingerprint.h"
#include "equigen/crystal/fingerprints/site_fingerprint.h"
#include "equigen/crystal/matching/structure_groups.h"
#include "equigen/crystal/validity/validity.h"
#include "paths.h"

/// Times of each metric of crystals, a structure or pair: perovskites, carbon and mp_20 crystals of
/// the golden files.
namespace {

using namespace equigen;           // NOLINT
using namespace equigen::testing;  // NOLINT

constexpr double kNoise = 0.05;  // Å

/// `dataset`: "perovskite", "carbon" or "mp20".
std::vector<Crystal> crystals_of(const std::string& dataset) {
  return golden_crystals(
      read_golden_tensors(golden_folder("crystal_metrics") / "generation_metrics.safetensors"),
      dataset + ".gt.");
}

Crystal shaken(const Crystal& crystal, RandomStream& random) {
  Crystal moved = crystal;
  for (Vector3& position : moved.fractional_coordinates) {
    const Vector3 step = crystal.lattice.to_fractional(
        {kNoise * random.normal(), kNoise * random.normal(), kNoise * random.normal()});
    position = sum(position, step);
  }
  return moved;
}

void count(benchmark::State& timing, const char* name, std::size_t items) {
  timing.counters[name] =
      benchmark::Counter(static_cast<double>(items), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

void judge(benchmark::State& timing, const std::string& dataset) {
  const auto crystals = crystals_of(dataset);
  for (auto _ : timing)
    for (const Crystal& crystal : crystals) benchmark::DoNotOptimize(crystal_verdict(crystal));
  count(timing, "per_structure", crystals.size());
}

void fingerprint(benchmark::State& timing, const std::string& dataset) {
  const auto crystals = crystals_of(dataset);
  for (auto _ : timing)
    for (const Crystal& crystal : crystals) {
      benchmark::DoNotOptimize(structure_fingerprint(crystal));
      benchmark::DoNotOptimize(composition_fingerprint(composition(crystal)));
    }
  count(timing, "per_structure", crystals.size());
}

void reduce(benchmark::State& timing, const std::string& dataset) {
  const auto crystals = crystals_of(dataset);
  for (auto _ : timing)
    for (const Crystal& crystal : crystals) benchmark::DoNotOptimize(PreparedCrystal(crystal));
  count(timing, "per_structure", crystals.size());
}

/// Each crystal against its copy with noise, with the tolerances of reconstruction.
void match(benchmark::State& timing, const std::string& dataset) {
  RandomStream random(1, "crystal benchmark");
  std::vector<PreparedCrystal> crystals, copies;
  for (const Crystal& crystal : crystals_of(dataset)) {
    crystals.emplace_back(crystal);
    copies.emplace_back(shaken(crystal, random));
  }
  for (auto _ : timing)
    for (std::size_t i = 0; i < crystals.size(); ++i)
      benchmark::DoNotOptimize(rms_distance(crystals[i], copies[i], kReconstructionTolerances));
  count(timing, "per_pair", crystals.size());
}

/// A thousand crystals, half of them copies with noise, on all cores.
void group(benchmark::State& timing, const std::string& dataset) {
  RandomStream random(2, "crystal benchmark");
  const auto originals = crystals_of(dataset);
  std::vector<PreparedCrystal> crystals;
  while (crystals.size() < 1000)
    for (const Crystal& crystal : originals) crystals.emplace_back(shaken(crystal, random));
  std::vector<const PreparedCrystal*> pointers;
  for (const PreparedCrystal& crystal : crystals) pointers.push_back(&crystal);
  for (auto _ : timing) benchmark::DoNotOptimize(group_structures(pointers, {}));
  count(timing, "per_structure", crystals.size());
}

}  // namespace

#define EQUIGEN_CRYSTAL_BENCHMARKS(dataset)                                         \
  BENCHMARK_CAPTURE(judge, dataset, #dataset)->Unit(benchmark::kMicrosecond);       \
  BENCHMARK_CAPTURE(fingerprint, dataset, #dataset)->Unit(benchmark::kMicrosecond); \
  BENCHMARK_CAPTURE(reduce, dataset, #dataset)->Unit(benchmark::kMicrosecond);      \
  BENCHMARK_CAPTURE(match, dataset, #dataset)->Unit(benchmark::kMicrosecond);       \
  BENCHMARK_CAPTURE(group, dataset, #dataset)->Unit(benchmark::kMicrosecond)->UseRealTime()

EQUIGEN_CRYSTAL_BENCHMARKS(perovskite);
EQUIGEN_CRYSTAL_BENCHMARKS(carbon);
EQUIGEN_CRYSTAL_BENCHMARKS(mp20);
