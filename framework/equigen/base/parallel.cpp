// SPDX-License-Identifier: MIT
#include "equigen/base/parallel.h"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>

#include <memory>

namespace equigen {
namespace {

std::unique_ptr<tbb::global_control>& limit() {
  static std::unique_ptr<tbb::global_control> instance;
  return instance;
}

}  // namespace

void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& work) {
  tbb::parallel_for(std::int64_t{0}, count, [&](std::int64_t i) { work(i); });
}

void set_parallel_threads(int threads) {
  limit().reset();
  if (threads > 0) {
    limit() = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                    static_cast<std::size_t>(threads));
  }
}

int parallel_threads() {
  return static_cast<int>(
      tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism));
}

}  // namespace equigen
