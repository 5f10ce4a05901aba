// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace equigen::crysbfn {

/// Whether a sampler ("end_back", "vanilla" or "mix") goes on from this step by one more
/// observation of the prediction rather than by a fresh belief in it.
inline bool is_update(const std::string& sampler, std::int64_t step, std::int64_t steps) {
  return sampler == "vanilla" || (sampler == "mix" && 3 * step >= 2 * steps);
}

}  // namespace equigen::crysbfn
