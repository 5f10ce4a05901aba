// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "equigen/tensor/noise.h"

namespace equigen {

/// Where a process gets the noise of a field's rows.
class RowNoise {
 public:
  virtual ~RowNoise();
  /// [R, shape...] float32 standard normals.
  virtual at::Tensor normal(at::IntArrayRef shape) = 0;
  /// [R, shape...] float32 in [0, 1).
  virtual at::Tensor uniform(at::IntArrayRef shape) = 0;
};

/// Of a training step: R rows from its stream.
class StreamRowNoise final : public RowNoise {
 public:
  StreamRowNoise(NoiseStream& stream, std::int64_t rows) : stream_(&stream), rows_(rows) {}
  at::Tensor normal(at::IntArrayRef shape) override;
  at::Tensor uniform(at::IntArrayRef shape) override;

 private:
  NoiseStream* stream_;
  std::int64_t rows_;
};

/// Of a sampler: sample b has `sizes[b]` rows, whose noise depends on nothing but the seed, the
/// sample's index and the number of draws before.
class SampleRowNoise final : public RowNoise {
 public:
  SampleRowNoise(SampleNoise noise, const std::vector<std::int64_t>& sizes, at::Device device);
  at::Tensor normal(at::IntArrayRef shape) override;
  at::Tensor uniform(at::IntArrayRef shape) override;

 private:
  at::Tensor ragged(const at::Tensor& padded) const;

  SampleNoise noise_;
  std::int64_t largest_;
  at::Tensor places_;  ///< [R] rows of the padded draw
};

}  // namespace equigen
