// SPDX-License-Identifier: MIT
#include "crysbfn/observations.h"

#include <torch/types.h>

namespace equigen::crysbfn {

Observations::~Observations() = default;

PooledObservations::PooledObservations(const at::Tensor& accuracies, std::int64_t paths,
                                       std::uint64_t key, at::Device device)
    : paths_(accuracies, paths, key, device) {}

Resultant PooledObservations::first(const at::Tensor& data, const at::Tensor& count,
                                    RowNoise& noise) {
  return paths_.draw(data, count, noise.uniform({data.size(1), CircularPaths::kSegments + 1}));
}

at::Tensor PooledObservations::single(const at::Tensor& data, std::int64_t index, RowNoise& noise) {
  return paths_.observe(data, index, noise.uniform({data.size(1), 2}));
}

}  // namespace equigen::crysbfn
