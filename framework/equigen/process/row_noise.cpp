// SPDX-License-Identifier: MIT
#include "equigen/process/row_noise.h"

#include <torch/types.h>

#include <algorithm>

namespace equigen {
namespace {

std::vector<std::int64_t> with_rows(std::int64_t rows, at::IntArrayRef shape) {
  std::vector<std::int64_t> whole{rows};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

}  // namespace

RowNoise::~RowNoise() = default;

at::Tensor StreamRowNoise::normal(at::IntArrayRef shape) {
  return stream_->normal(with_rows(rows_, shape));
}

at::Tensor StreamRowNoise::uniform(at::IntArrayRef shape) {
  return stream_->uniform(with_rows(rows_, shape));
}

SampleRowNoise::SampleRowNoise(SampleNoise noise, const std::vector<std::int64_t>& sizes,
                               at::Device device)
    : noise_(std::move(noise)),
      largest_(sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end())) {
  std::vector<std::int64_t> places;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    for (std::int64_t row = 0; row < sizes[b]; ++row)
      places.push_back(static_cast<std::int64_t>(b) * largest_ + row);
  }
  places_ = torch::tensor(places, torch::kLong).to(device);
}

// A sample's draw is laid out row by row, so that what its rows get does not depend on how far the
// largest sample of the batch makes it go on.
at::Tensor SampleRowNoise::ragged(const at::Tensor& padded) const {
  return padded.flatten(0, 1).index_select(0, places_);
}

at::Tensor SampleRowNoise::normal(at::IntArrayRef shape) {
  return ragged(noise_.normal(with_rows(largest_, shape)));
}

at::Tensor SampleRowNoise::uniform(at::IntArrayRef shape) {
  return ragged(noise_.uniform(with_rows(largest_, shape)));
}

}  // namespace equigen
