// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/nn/backbone.h"
#include "equigen/testing/contract.h"

namespace equigen::testing {

struct BackboneContract {
  std::string options = "{}";  ///< the component's keys as YAML, where its defaults do not do
  /// What it is built for. Vectors are asked for only where its symmetry is not `none`.
  BackboneShape shape{{.scalars = 3, .vectors = 0, .edges = 2, .graphs = 4},
                      {.scalars = 2, .vectors = 1, .edges = 2, .graphs = 3}};
  double tolerance = 1e-9;           ///< relative, in float64
  double gradient_tolerance = 1e-5;  ///< relative, of derivatives against differences
};

/// The rules, in float64 on complete graphs with random features: documented keys, valid defaults,
/// unknown keys; shapes; deterministic; permutation (of nodes and their edges); batching (a graph
/// gives the same alone and beside larger ones); rotation, reflection, translation, as the traits
/// say and where they call it exact; gradients (of the parameters and inputs, against
/// differences); parameters (each reaches an output); save and load; one node; no nodes; coincident
/// points (finite values and gradients);
/// other device (same values on a device whose memory the CPU cannot see, as a GPU's: see
/// separate_device()).
ContractReport check_backbone(const Subject<Backbone>& subject, BackboneContract contract);

template <typename Component>
ContractReport backbone_contract(const BackboneContract& contract = {}) {
  return check_backbone(subject_of<Backbone, Component>(), contract);
}

/// Throws ContractViolation that lists every broken rule.
template <typename Component>
void require_backbone_contract(const BackboneContract& contract = {}) {
  backbone_contract<Component>(contract).require();
}

}  // namespace equigen::testing
