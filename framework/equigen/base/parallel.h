// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

namespace equigen {

/// Calls `work(i)` for i in [0, count) on all cores; returns when all are done. The first exception
/// is rethrown.
void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& work);

/// Limits how many threads parallel_for uses (0: one a core).
void set_parallel_threads(int threads);
int parallel_threads();

}  // namespace equigen
