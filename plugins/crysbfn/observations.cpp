// SPDX-License-Identifier: MIT
#include "crysbfn/observations.h"

#include <torch/types.h>

#include <algorithm>

#include "equigen/base/random.h"

namespace equigen::crysbfn {
namespace {

/// A path is used for as many steps.
constexpr std::int64_t kParts = 64;

}  // namespace

Observations::~Observations() = default;

PooledObservations::PooledObservations(const at::Tensor& accuracies, std::int64_t paths,
                                       const NoisePlace& place, at::Device device)
    : sequence_(place.sequence),
      device_(device),
      generations_(static_cast<std::size_t>(std::min(paths, kParts)), -1),
      paths_(accuracies, paths, place.sequence, device) {
  move_to(place.position);
}

void PooledObservations::move_to(std::int64_t position) {
  const auto parts = std::ssize(generations_);
  for (std::int64_t part = 0; part < parts; ++part) {
    std::int64_t& generation = generations_[static_cast<std::size_t>(part)];
    const std::int64_t wanted = (position + part) / parts;
    if (generation == wanted) continue;
    generation = wanted;
    const std::int64_t first = part * paths_.count() / parts;
    const std::int64_t end = (part + 1) * paths_.count() / parts;
    paths_.redraw(first, end - first,
                  derive_key(sequence_, "circular-paths", static_cast<std::uint64_t>(part),
                             static_cast<std::uint64_t>(wanted)));
  }
}

Resultant PooledObservations::first(const at::Tensor& data, const at::Tensor& count,
                                    RowNoise& noise) {
  return paths_.draw(data, count, noise.uniform({data.size(1), CircularPaths::kSegments + 1}));
}

at::Tensor PooledObservations::single(const at::Tensor& data, std::int64_t index, RowNoise& noise) {
  return paths_.observe(data, index, noise.uniform({data.size(1), 2}));
}

}  // namespace equigen::crysbfn
