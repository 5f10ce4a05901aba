// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/molecule/molecule_metrics.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/registry.h"

/// Times of reading and evaluating molecules of the size of ZINC's, each piece and the whole.
namespace {

using namespace equigen;  // NOLINT

constexpr const char* kLinkers[] = {"C(=O)N", "CNC(=O)", "S(=O)(=O)N", "OCC(=O)N",
                                    "N1CCN(CC1)C(=O)"};
constexpr const char* kRings[] = {"c1ccc(F)cc1",     "c1ccc2[nH]ccc2c1", "C1CCC(C)CC1",
                                  "c1ccnc(OC)c1",    "c1cc(Cl)ccc1C#N",  "[C@@H](C)c1ccccc1",
                                  "c1csc(N(C)C)c1C", "CCOC(=O)c1ccco1"};

/// All chains of ring, linker, ring, linker, ring: about 23 heavy atoms each, all different texts.
std::vector<std::string> drug_like(std::size_t count, std::size_t first) {
  std::vector<std::string> result;
  for (std::size_t i = first; i < first + count; ++i) {
    std::size_t rest = i;
    const auto next = [&rest](const auto& list) {
      const auto size = std::size(list);
      return std::string(list[std::exchange(rest, rest / size) % size]);
    };
    std::string smiles = "N(C)(" + next(kRings) + ")C(" + next(kRings) + ")";
    smiles += next(kLinkers) + next(kRings);
    result.push_back(std::move(smiles));
  }
  return result;
}

std::vector<Sample> samples_of(const std::vector<std::string>& texts) {
  std::vector<Sample> samples;
  for (const std::string& text : texts) samples.push_back({parse_smiles(text), {}});
  return samples;
}

void register_metrics() {
  if (Registry::instance().find("metric", "nspdk_mmd")) return;
  RegistryBuilder builder("equigen");
  register_molecule_metrics(builder);
  Registry::instance().commit(builder.take());
}

void read_smiles(benchmark::State& timing) {
  const auto texts = drug_like(200, 0);
  for (auto _ : timing) benchmark::DoNotOptimize(samples_of(texts));
  timing.counters["per_molecule"] = benchmark::Counter(
      static_cast<double>(texts.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void evaluate_molecules(benchmark::State& timing, const std::vector<std::string>& metrics) {
  register_metrics();
  const auto generated = samples_of(drug_like(1000, 0));
  const auto reference = samples_of(drug_like(1000, 1000));
  EvaluationRequest request;
  request.generated = generated;
  request.reference = reference;
  for (const std::string& metric : metrics) request.metrics.push_back({metric, {}});
  for (auto _ : timing) benchmark::DoNotOptimize(evaluate(request));
  timing.counters["per_molecule"] = benchmark::Counter(
      static_cast<double>(generated.size() + reference.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace

BENCHMARK(read_smiles)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate_molecules, default_metrics, std::vector<std::string>{})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(evaluate_molecules, all_metrics_but_fcd,
                  std::vector<std::string>{"molecule_validity", "molecule_uniqueness_novelty",
                                           "nspdk_mmd", "molecule_statistics",
                                           "molecule_properties", "molecule_sa_score",
                                           "molecule_fragments", "molecule_similarity",
                                           "molecule_filters", "guacamol_kl"})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
