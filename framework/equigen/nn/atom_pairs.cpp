// SPDX-License-Identifier: MIT
#include "equigen/nn/atom_pairs.h"

#include <torch/types.h>

#include <algorithm>

namespace equigen {
namespace {

at::Tensor indices(const std::vector<std::int64_t>& values, at::Device device) {
  return torch::tensor(values, torch::kLong).to(device);
}

std::int64_t edges_of(std::int64_t size, bool self_edges) {
  return self_edges ? size * size : size * (size - 1);
}

}  // namespace

AtomPairs::AtomPairs(std::vector<std::int64_t> sizes, bool self_edges, at::Device device)
    : sizes_(std::move(sizes)), self_edges_(self_edges), device_(device) {
  std::vector<std::int64_t> crystal_of_atom;
  std::vector<std::int64_t> crystal_of_pair;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  for (std::size_t b = 0; b < sizes_.size(); ++b) {
    const std::int64_t size = sizes_[b];
    const std::int64_t start = atom_offsets_.back();
    const auto crystal = static_cast<std::int64_t>(b);
    crystal_of_atom.insert(crystal_of_atom.end(), static_cast<std::size_t>(size), crystal);
    for (std::int64_t i = start; i < start + size; ++i) {
      for (std::int64_t j = i + 1; j < start + size; ++j) {
        first.push_back(i);
        second.push_back(j);
        crystal_of_pair.push_back(crystal);
      }
    }
    atom_offsets_.push_back(start + size);
    edge_offsets_.push_back(edge_offsets_.back() + edges_of(size, self_edges));
    pair_offsets_.push_back(static_cast<std::int64_t>(first.size()));
  }
  size_of_crystal_ = indices(sizes_, device);
  crystal_of_atom_ = indices(crystal_of_atom, device);
  crystal_of_pair_ = indices(crystal_of_pair, device);
  first_of_pair_ = indices(first, device);
  second_of_pair_ = indices(second, device);
}

const AtomPairs::Edges& AtomPairs::edges() const {
  if (edges_.receiver.defined()) return edges_;
  std::vector<std::int64_t> receiver;
  std::vector<std::int64_t> sender;
  std::vector<std::int64_t> crystal;
  std::vector<std::int64_t> pair;
  std::vector<std::int64_t> sign;
  for (std::size_t b = 0; b < sizes_.size(); ++b) {
    const std::int64_t size = sizes_[b];
    const std::int64_t start = atom_offsets_[b];
    // Pair {i < j} of a crystal of n atoms has number i n - i (i + 1) / 2 + j - i - 1 in it.
    const auto pair_of = [&](std::int64_t i, std::int64_t j) {
      return pair_offsets_[b] + i * size - i * (i + 1) / 2 + j - i - 1;
    };
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) {
        if (i == j && !self_edges_) continue;
        receiver.push_back(start + i);
        sender.push_back(start + j);
        crystal.push_back(static_cast<std::int64_t>(b));
        pair.push_back(i == j ? pair_count() : pair_of(std::min(i, j), std::max(i, j)));
        sign.push_back(i < j ? 1 : i > j ? -1 : 0);
      }
    }
  }
  edges_ = {indices(receiver, device_), indices(sender, device_), indices(crystal, device_),
            indices(pair, device_), indices(sign, device_).to(torch::kInt8)};
  return edges_;
}

at::Tensor AtomPairs::sum_over_atoms(const at::Tensor& values) const {
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[0] = crystal_count();
  return torch::zeros(shape, values.options()).index_add(0, crystal_of_atom_, values);
}

at::Tensor AtomPairs::mean_over_atoms(const at::Tensor& values) const {
  const at::Tensor sums = sum_over_atoms(values);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
  shape[0] = crystal_count();
  return sums / size_of_crystal_.clamp_min(1).to(values.dtype()).view(shape);
}

}  // namespace equigen
