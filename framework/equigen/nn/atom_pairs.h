// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace equigen {

/// Sums of the rows of each crystal: values [R, ...], `crystal` [R] int64 in 0 .. crystals - 1;
/// gives [crystals, ...].
at::Tensor sum_by_crystal(const at::Tensor& values, const at::Tensor& crystal,
                          std::int64_t crystals);
/// The same for means; zero for a crystal without rows.
at::Tensor mean_by_crystal(const at::Tensor& values, const at::Tensor& crystal,
                           std::int64_t crystals);

/// All pairs of atoms within each of B crystals (or molecules). Atoms of crystal b are rows
/// atom_offsets[b] .. atom_offsets[b + 1] - 1.
///
/// An edge (i, j) brings a message from atom j to atom i; edges are sorted by (crystal, i, j), so
/// that those of one receiver lie together. A pair {i < j} stands for the two edges between its
/// atoms: what is symmetric or antisymmetric in them is computed once.
class AtomPairs {
 public:
  /// With `self_edges` an atom also sends to itself.
  AtomPairs(std::vector<std::int64_t> sizes, bool self_edges, at::Device device);

  std::int64_t crystal_count() const { return static_cast<std::int64_t>(sizes_.size()); }
  std::int64_t atom_count() const { return atom_offsets_.back(); }
  std::int64_t edge_count() const { return edge_offsets_.back(); }
  std::int64_t pair_count() const { return pair_offsets_.back(); }
  bool self_edges() const { return self_edges_; }

  std::span<const std::int64_t> sizes() const { return sizes_; }
  std::span<const std::int64_t> atom_offsets() const { return atom_offsets_; }
  std::span<const std::int64_t> edge_offsets() const { return edge_offsets_; }
  std::span<const std::int64_t> pair_offsets() const { return pair_offsets_; }

  const at::Tensor& size_of_crystal() const { return size_of_crystal_; }  ///< [B] int64
  const at::Tensor& crystal_of_atom() const { return crystal_of_atom_; }  ///< [n] int64
  const at::Tensor& crystal_of_pair() const { return crystal_of_pair_; }  ///< [P] int64
  const at::Tensor& first_of_pair() const { return first_of_pair_; }      ///< [P] int64, i
  const at::Tensor& second_of_pair() const { return second_of_pair_; }    ///< [P] int64, j > i

  /// The same by edges, for code that prefers them: made when first asked for.
  struct Edges {
    at::Tensor receiver;  ///< [E] int64
    at::Tensor sender;    ///< [E] int64
    at::Tensor crystal;   ///< [E] int64
    at::Tensor pair;      ///< [E] int64; of an atom with itself: pair_count()
    at::Tensor sign;      ///< [E] int8: 1 for i < j, -1 for i > j, 0 for i = j
  };
  const Edges& edges() const;

  /// [n, ...] -> [B, ...]: sums over the atoms of each crystal.
  at::Tensor sum_over_atoms(const at::Tensor& values) const;
  at::Tensor mean_over_atoms(const at::Tensor& values) const;

 private:
  std::vector<std::int64_t> sizes_;
  bool self_edges_;
  at::Device device_;
  std::vector<std::int64_t> atom_offsets_{0};
  std::vector<std::int64_t> edge_offsets_{0};
  std::vector<std::int64_t> pair_offsets_{0};
  at::Tensor size_of_crystal_;
  at::Tensor crystal_of_atom_;
  at::Tensor crystal_of_pair_;
  at::Tensor first_of_pair_;
  at::Tensor second_of_pair_;
  mutable Edges edges_;
};

/// The linear parts of what an edge (i, j) is given, before an activation.
struct PairTerms {
  at::Tensor receiver;       ///< [n, H] of atom i
  at::Tensor sender;         ///< [n, H] of atom j
  at::Tensor crystal;        ///< [B, H]
  at::Tensor antisymmetric;  ///< [P, H] added for i < j, subtracted for i > j, absent for i = j
  at::Tensor symmetric;      ///< [P, H] added for i != j
  at::Tensor self;           ///< [H] added for i = j; undefined without self edges
};

/// Adds them up: [E, H]. On the CPU in one pass, forward and backward.
at::Tensor edge_sums(const std::shared_ptr<const AtomPairs>& pairs, const PairTerms& terms);
/// The same by plain tensor operations: for other devices, and what edge_sums() is tested against.
at::Tensor edge_sums_by_index(const AtomPairs& pairs, const PairTerms& terms);

/// [E, H] -> [n, H]: the mean over an atom's senders; zero where there is none.
at::Tensor mean_over_senders(const std::shared_ptr<const AtomPairs>& pairs,
                             const at::Tensor& messages);
at::Tensor mean_over_senders_by_index(const AtomPairs& pairs, const at::Tensor& messages);

}  // namespace equigen
