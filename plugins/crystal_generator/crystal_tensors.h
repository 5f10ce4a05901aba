// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "equigen/data/sample.h"
#include "equigen/tensor/batch.h"

namespace equigen::crystal_generator {

/// The elements that a model tells apart.
class ElementVocabulary {
 public:
  explicit ElementVocabulary(std::vector<int> atomic_numbers);

  const std::vector<int>& atomic_numbers() const { return atomic_numbers_; }
  std::int64_t size() const { return static_cast<std::int64_t>(atomic_numbers_.size()); }
  /// -1 when it is not there.
  std::int64_t place_of(int atomic_number) const;
  int atomic_number_at(std::int64_t place) const;
  /// "vocabulary Li, O, Ti", or "vocabulary of 89 elements" where there are many.
  std::string text() const;
  /// "element Pa" or "elements Ac, Pa" when there are some that it lacks; else empty.
  std::string unknown_among(std::span<const std::uint8_t> atomic_numbers) const;

 private:
  std::vector<int> atomic_numbers_;
  std::vector<std::int64_t> places_;  ///< by atomic number
};

/// Atomic numbers, ascending, of symbols and ranges of them separated by commas or blanks: "O, Ti",
/// "H-Bi, Ac-Pu". Throws ConfigError that names what is neither.
std::vector<int> listed_elements(const std::string& list);

/// B crystals with n atoms in all as tensors: `sizes` [B] int64; `fractional_coordinates` [n, 3];
/// `lattice` [B, 6] in Å and degrees; `elements` [n] int64, places in the vocabulary.
/// Throws DataError when a sample is no crystal or an element is not in the vocabulary.
Batch to_tensors(std::span<const Sample> samples, const ElementVocabulary& vocabulary);

/// Empty, or why a sample cannot be made into tensors.
std::string misfit(const Sample& sample, const ElementVocabulary& vocabulary);

/// Crystals of generated tensors: fractional coordinates [n, 3], vectors [B, 3, 3] in Å, elements
/// [n]. Lattices are turned into the standard orientation. One that is not finite becomes a crystal
/// without atoms.
std::vector<Sample> to_crystals(std::span<const std::int64_t> sizes,
                                const at::Tensor& fractional_coordinates, const at::Tensor& vectors,
                                const at::Tensor& elements, const ElementVocabulary& vocabulary);

}  // namespace equigen::crystal_generator
