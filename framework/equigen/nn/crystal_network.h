// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "equigen/nn/atom_pairs.h"

namespace equigen {

/// How a lattice is written for a network.
enum class LatticeForm {
  matrix,      ///< [B, 9] rows of the three vectors: turns with the crystal
  parameters,  ///< [B, 6] lengths and angles, or functions of them: does not turn
};

/// What a model of crystals asks of its network.
struct CrystalNetworkShape {
  std::int64_t element_classes = 0;  ///< given elements: how many there are; 0: not given
  std::int64_t element_inputs = 0;   ///< noisy elements: columns of an atom; 0: elements are given
  std::int64_t element_outputs = 0;  ///< columns predicted for an atom; 0: elements are given
  std::int64_t atom_conditioning = 0;  ///< further columns of an atom (how sure its position is)
  LatticeForm lattice = LatticeForm::matrix;
};

/// A batch of B crystals with n atoms in all, noisy.
struct CrystalNetworkInput {
  std::shared_ptr<const AtomPairs> pairs;  ///< which atom is whose
  at::Tensor step;                         ///< [B] of the N calls, which this is: 1 to N, or real;
                                           ///< or how many are left with this one
  at::Tensor share;                        ///< [B] the same as a share of N: 0 before the first
  at::Tensor elements;                     ///< [n] int64 when given, else [n, element_inputs]
  at::Tensor angles;                       ///< [n, 3] fractional coordinates times 2 pi, any period
  at::Tensor conditioning;                 ///< [n, atom_conditioning]; undefined without
  at::Tensor lattice;                      ///< [B, 9] or [B, 6]
  at::Tensor cell;                         ///< [B, 3, 3] the same lattice in Å
};

struct CrystalNetworkOutput {
  at::Tensor coordinates;  ///< [n, 3], of fractional coordinates: does not turn
  at::Tensor lattice;      ///< [B, 9] or [B, 6]
  at::Tensor elements;     ///< [n, element_outputs]; undefined when given
};

/// A network on crystals for generation, chosen in YAML by a model's `network:` key. Its output
/// must follow the input when atoms are renumbered and when a crystal is turned, and not change
/// when all atoms of a crystal move together. It knows nothing of noise or losses.
class CrystalNetwork : public torch::nn::Module {
 public:
  static constexpr std::string_view kind = "crystal_network";
  using Create = std::shared_ptr<CrystalNetwork>(const CrystalNetworkShape&);

  ~CrystalNetwork() override;
  /// Whether the pairs it is given shall have edges from an atom to itself.
  virtual bool self_edges() const = 0;
  /// Whether it predicts a lattice of zeros where the noisy lattice is zero.
  virtual bool scales_lattice() const { return false; }
  virtual CrystalNetworkOutput forward(const CrystalNetworkInput& input) = 0;
};

}  // namespace equigen
