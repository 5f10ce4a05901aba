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

/// Rows [B, ...] over counts [B], of which 0 counts as 1.
at::Tensor divided(const at::Tensor& rows, const at::Tensor& counts) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(rows.dim()), 1);
  shape[0] = rows.size(0);
  return rows / counts.clamp_min(1).to(rows.dtype()).view(shape);
}

}  // namespace

at::Tensor sum_by_crystal(const at::Tensor& values, const at::Tensor& crystal,
                          std::int64_t crystals) {
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[0] = crystals;
  return torch::zeros(shape, values.options()).index_add(0, crystal, values);
}

at::Tensor mean_by_crystal(const at::Tensor& values, const at::Tensor& crystal,
                           std::int64_t crystals) {
  const at::Tensor ones = torch::ones({values.size(0)}, values.options());
  return divided(sum_by_crystal(values, crystal, crystals),
                 sum_by_crystal(ones, crystal, crystals));
}

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
  return sum_by_crystal(values, crystal_of_atom_, crystal_count());
}

at::Tensor AtomPairs::mean_over_atoms(const at::Tensor& values) const {
  return divided(sum_over_atoms(values), size_of_crystal_);
}

}  // namespace equigen
