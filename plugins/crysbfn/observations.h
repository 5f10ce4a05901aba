// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

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
///
/// The pool is a function of a place in a sequence of steps: it comes in parts, and from one step
/// to the next one part is drawn anew. So it costs little, no path lasts, and a run that goes on
/// from a checkpoint has the same pool as one that was not stopped.
class PooledObservations final : public Observations {
 public:
  PooledObservations(const at::Tensor& accuracies, std::int64_t paths, const NoisePlace& place,
                     at::Device device);

  std::uint64_t sequence() const { return sequence_; }
  const at::Device& device() const { return device_; }
  /// Makes the pool that of another step of its sequence.
  void move_to(std::int64_t position);

  Resultant first(const at::Tensor& data, const at::Tensor& count, RowNoise& noise) override;
  at::Tensor single(const at::Tensor& data, std::int64_t index, RowNoise& noise) override;

 private:
  std::uint64_t sequence_;
  at::Device device_;
  std::vector<std::int64_t> generations_;  ///< of each part; -1: not drawn yet
  CircularPaths paths_;
};

}  // namespace equigen::crysbfn
