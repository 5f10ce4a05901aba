// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "equigen/crystal/crystal.h"
#include "safetensors_file.h"

namespace equigen::testing {

using GoldenTensors = std::map<std::string, GoldenTensor>;

/// The prefixes ("017.") of the cases that hold a tensor of that name.
inline std::vector<std::string> golden_cases(const GoldenTensors& tensors,
                                             const std::string& name) {
  std::vector<std::string> prefixes;
  for (const auto& [key, tensor] : tensors)
    if (key.ends_with("." + name)) prefixes.push_back(key.substr(0, key.size() - name.size()));
  return prefixes;
}

inline LatticeParameters golden_parameters(const GoldenTensor& lengths, const GoldenTensor& angles,
                                           std::size_t row) {
  LatticeParameters parameters;
  for (std::size_t i = 0; i < 3; ++i) {
    parameters.lengths[i] = lengths.values.at(3 * row + i);
    parameters.angles[i] = angles.values.at(3 * row + i);
  }
  return parameters;
}

inline Vector3 golden_vector(const GoldenTensor& rows, std::size_t row) {
  return {rows.values.at(3 * row), rows.values.at(3 * row + 1), rows.values.at(3 * row + 2)};
}

/// The crystals of concatenated tensors "<prefix>frac", "z", "num_atoms", "lengths", "angles".
/// Without "z" every site is carbon.
inline std::vector<Crystal> golden_crystals(const GoldenTensors& tensors,
                                            const std::string& prefix = "") {
  std::vector<Crystal> crystals;
  std::size_t site = 0;
  const auto& sizes = tensors.at(prefix + "num_atoms");
  for (std::size_t i = 0; i < sizes.values.size(); ++i) {
    Crystal crystal;
    crystal.lattice = Lattice::from_parameters(
        golden_parameters(tensors.at(prefix + "lengths"), tensors.at(prefix + "angles"), i));
    for (std::int64_t k = 0; k < sizes.integer(i); ++k, ++site) {
      crystal.fractional_coordinates.push_back(golden_vector(tensors.at(prefix + "frac"), site));
      const auto z = tensors.find(prefix + "z");
      crystal.atomic_numbers.push_back(
          z == tensors.end() ? 6 : static_cast<std::uint8_t>(z->second.integer(site)));
    }
    crystals.push_back(std::move(crystal));
  }
  return crystals;
}

/// The one crystal of the tensors "<prefix>lengths", "angles", "z", "frac".
inline Crystal golden_crystal(const GoldenTensors& tensors, const std::string& prefix) {
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters(
      golden_parameters(tensors.at(prefix + "lengths"), tensors.at(prefix + "angles"), 0));
  const auto& z = tensors.at(prefix + "z");
  for (std::size_t site = 0; site < z.values.size(); ++site) {
    crystal.fractional_coordinates.push_back(golden_vector(tensors.at(prefix + "frac"), site));
    crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(z.integer(site)));
  }
  return crystal;
}

inline Matrix3 golden_matrix(const GoldenTensor& matrix) {
  return {golden_vector(matrix, 0), golden_vector(matrix, 1), golden_vector(matrix, 2)};
}

}  // namespace equigen::testing
