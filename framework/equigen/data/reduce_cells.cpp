// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/data/file_datasets.h"

namespace equigen {
namespace {

/// Why a crystal has no reduced cell; nothing when it was replaced.
std::optional<std::string> reduce_cell(Sample& sample) {
  try {
    auto& crystal = std::get<Crystal>(sample.structure);
    crystal = niggli_reduced(crystal);
    return std::nullopt;
  } catch (const DataError& problem) {
    return problem.what();
  }
}

void reduce_part(std::vector<Sample>& samples, DataSplits& splits) {
  std::vector<std::optional<std::string>> reasons(samples.size());
  parallel_for(std::ssize(samples), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    reasons[at] = reduce_cell(samples[at]);
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (reasons[i]) {
      const std::string source = crystal_in(samples[i]).name;
      log::warning(fmt::format("crystal {} was left out: {}", source, *reasons[i]));
      if (splits.skipped.size() < 20) splits.skipped.push_back({source, *reasons[i]});
      ++splits.skipped_count;
      continue;
    }
    if (kept != i) samples[kept] = std::move(samples[i]);
    ++kept;
  }
  samples.resize(kept);
}

}  // namespace

void reduce_cells(DataSplits& splits) {
  for (std::vector<Sample>* part : {&splits.train, &splits.validation, &splits.test})
    reduce_part(*part, splits);
}

}  // namespace equigen
