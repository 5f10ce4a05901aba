// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace equigen {

/// Where a stream stands among those of one run: what is costly to draw may be kept from one step
/// to the next and renewed bit by bit, as long as it depends on nothing but this.
struct NoisePlace {
  std::uint64_t sequence = 0;  ///< equal in all steps
  std::int64_t position = 0;   ///< number of the step
};

/// Random tensors of a training step: a stream of draws that depends on its key and the number of
/// draws before, so that a step's noise can be had again from (seed, purpose, rank, step) alone.
class NoiseStream {
 public:
  NoiseStream(std::uint64_t key, at::Device device) : NoiseStream(key, device, {key, 0}) {}
  NoiseStream(std::uint64_t key, at::Device device, NoisePlace place)
      : key_(key), device_(device), place_(place) {}

  at::Tensor normal(at::IntArrayRef shape);   ///< float32
  at::Tensor uniform(at::IntArrayRef shape);  ///< float32 in [0, 1)
  std::uint64_t next_key();                   ///< a key of its own for other random choices
  const at::Device& device() const { return device_; }
  const NoisePlace& place() const { return place_; }

 private:
  std::uint64_t key_;
  at::Device device_;
  NoisePlace place_;
  std::uint64_t draws_ = 0;
};

/// Noise of a sampler: row b depends only on (seed, index of sample b, draw number), so a sample
/// does not depend on which others share its batch.
class SampleNoise {
 public:
  SampleNoise(std::uint64_t seed, std::vector<std::int64_t> sample_indices, at::Device device);

  /// [B, shape...] float32 standard normals of the next draw.
  at::Tensor normal(at::IntArrayRef row_shape);
  /// [B, shape...] float32 in [0, 1) of the next draw.
  at::Tensor uniform(at::IntArrayRef row_shape);
  std::int64_t batch_size() const { return static_cast<std::int64_t>(indices_.size()); }
  const std::vector<std::int64_t>& sample_indices() const { return indices_; }
  std::uint64_t seed() const { return seed_; }

 private:
  std::uint64_t seed_;
  std::vector<std::int64_t> indices_;
  at::Device device_;
  std::uint64_t draws_ = 0;
};

}  // namespace equigen
