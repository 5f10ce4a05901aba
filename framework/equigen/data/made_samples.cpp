// SPDX-License-Identifier: MIT
#include "equigen/data/made_samples.h"

#include <fmt/format.h>

#include <cstdint>
#include <numeric>
#include <utility>

#include "equigen/base/error.h"

namespace equigen {

SampleFile made_file(std::vector<Sample> samples) {
  SampleFile file;
  file.samples = std::move(samples);
  file.row_count = static_cast<std::int64_t>(file.samples.size());
  file.rows.resize(file.samples.size());
  std::iota(file.rows.begin(), file.rows.end(), std::int64_t{0});
  return file;
}

void require_made_split(const SplitConfig& split) {
  if (split.method == "fraction" || split.method == "first_fraction") return;
  throw ConfigError("data-split",
                    fmt::format("a data set that is made has no {} to divide it by", split.method),
                    "data.split.method may be fraction or first_fraction");
}

}  // namespace equigen
