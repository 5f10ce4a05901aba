// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/metrics/distances/frechet.h"

/// ChemNet (Preuer et al., "Fréchet ChemNet Distance", J. Chem. Inf. Model. 58, 1736 (2018)): a
/// network of convolutions and LSTMs over SMILES, whose last state describes a molecule. Its
/// weights are a file of the Python packages fcd_torch and fcd (ChemNet_v0.13_pretrained.pt).
namespace equigen::chemnet {

/// Positions of the input: SMILES are cut or padded to it.
inline constexpr int kLength = 350;
inline constexpr int kTokens = 35;

/// The tokens of SMILES with the end token; unknown characters are one token of their own. A dot
/// ends the molecule, as in those packages. At most kLength tokens.
std::vector<int> tokens(std::string_view smiles);

class Network {
 public:
  /// Reads torch.save()'s file as data; nothing from it is executed. Throws DataError that names
  /// the file and what is not as in ChemNet.
  static Network read(const std::filesystem::path& path);

  /// The states of the last layer, one row a molecule, on all cores.
  PointSet activations(std::span<const std::string> smiles) const;

 private:
  struct Layers;
  std::shared_ptr<const Layers> layers_;
};

}  // namespace equigen::chemnet
