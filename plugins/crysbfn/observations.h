// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "equigen/process/circular_paths.h"
#include "equigen/process/field_process.h"

namespace equigen::crysbfn {

/// Where the von Mises observations of angles come from: observation j of an angle x is drawn from
/// vM(x, accuracy_j).
class Observations {
 public:
  virtual ~Observations();
  /// Sum of accuracy_j (cos y_j, sin y_j) over the first `count` [R] observations of data [R, 3].
  virtual Resultant first(const at::Tensor& data, const at::Tensor& count, RowNoise& noise) = 0;
  /// Observation number `index`, 1 to N, alone: angles [R, 3].
  virtual at::Tensor single(const at::Tensor& data, std::int64_t index, RowNoise& noise) = 0;
};

/// From a pool of paths that are drawn in advance, turned to the data (see CircularPaths).
class PooledObservations final : public Observations {
 public:
  PooledObservations(const at::Tensor& accuracies, std::int64_t paths, std::uint64_t key,
                     at::Device device);
  Resultant first(const at::Tensor& data, const at::Tensor& count, RowNoise& noise) override;
  at::Tensor single(const at::Tensor& data, std::int64_t index, RowNoise& noise) override;

 private:
  CircularPaths paths_;
};

}  // namespace equigen::crysbfn
