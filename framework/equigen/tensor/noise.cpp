// SPDX-License-Identifier: MIT
#include "equigen/tensor/noise.h"

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <span>

#include "equigen/base/random.h"

namespace equigen {
namespace {

using Fill = void (*)(std::uint64_t, std::span<float>);

std::span<float> floats(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

at::Tensor filled(std::uint64_t key, at::IntArrayRef shape, at::Device device, Fill fill) {
  const at::Tensor values = torch::empty(shape, torch::kFloat32);
  fill(key, floats(values));
  return values.to(device);
}

at::Tensor filled_rows(std::uint64_t seed, std::uint64_t draw,
                       const std::vector<std::int64_t>& indices, at::IntArrayRef row_shape,
                       at::Device device, Fill fill) {
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(indices.size())};
  shape.insert(shape.end(), row_shape.begin(), row_shape.end());
  const at::Tensor values = torch::empty(shape, torch::kFloat32);
  const std::span<float> all = floats(values);
  const std::size_t row = indices.empty() ? 0 : all.size() / indices.size();
  at::parallel_for(0, shape[0], 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      const auto sample = static_cast<std::uint64_t>(indices[static_cast<std::size_t>(b)]);
      fill(derive_key(seed, "sample-noise", sample, draw),
           all.subspan(static_cast<std::size_t>(b) * row, row));
    }
  });
  return values.to(device);
}

}  // namespace

at::Tensor NoiseStream::normal(at::IntArrayRef shape) {
  return filled(next_key(), shape, device_, fill_normal);
}
at::Tensor NoiseStream::uniform(at::IntArrayRef shape) {
  return filled(next_key(), shape, device_, fill_uniform);
}
std::uint64_t NoiseStream::next_key() {
  return derive_key(key_, "noise-stream", draws_++);
}

SampleNoise::SampleNoise(std::uint64_t seed, std::vector<std::int64_t> sample_indices,
                         at::Device device)
    : seed_(seed), indices_(std::move(sample_indices)), device_(device) {}

at::Tensor SampleNoise::normal(at::IntArrayRef row_shape) {
  return filled_rows(seed_, draws_++, indices_, row_shape, device_, fill_normal);
}

at::Tensor SampleNoise::uniform(at::IntArrayRef row_shape) {
  return filled_rows(seed_, draws_++, indices_, row_shape, device_, fill_uniform);
}

}  // namespace equigen
