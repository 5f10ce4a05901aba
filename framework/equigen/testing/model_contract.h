// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/model/model.h"
#include "equigen/testing/contract.h"

namespace equigen::testing {

struct ModelContract {
  std::string options = "{}";        ///< the component's keys as YAML, where its defaults do not do
  std::string structure = "graph";   ///< what it is a model of: "graph", "molecule" or "crystal"
  double gradient_tolerance = 0.02;  ///< relative, of derivatives against differences in float32
  /// How many standard errors the mean losses of renumbered samples may lie apart.
  double permutation_tolerance = 5;
  /// How the names of parameters start that the loss need not depend on (published networks have
  /// such, and their weights must fit).
  std::vector<std::string> unused_parameters = {};
  std::int64_t permutation_draws = 64;  ///< noise draws that those means are taken over
};

/// The rules, on random graphs or small molecules: documented keys, valid defaults, unknown keys;
/// construction; collate (the same tensors each time, also from several threads); misfits (samples
/// of another structure are refused by misfit() and collate()); loss (finite scalars, decided by
/// the noise's key alone); parameter groups (each trained parameter in one group, with a gradient);
/// gradients (against differences); permutation (the mean loss over the noise does not depend on
/// how nodes are numbered); sampling (as many as asked for, well-formed, stops when asked to, an
/// empty request gives nothing); sample independence (a sample depends on seed and index, not on
/// its batch); save and load (same losses and samples); one node; other device (same loss and
/// gradients, samples well-formed, on a device whose memory the CPU cannot see, as a GPU's: see
/// separate_device()).
ContractReport check_model(const Subject<Model>& subject, const ModelContract& contract);

template <typename Component>
ContractReport model_contract(const ModelContract& contract = {}) {
  return check_model(subject_of<Model, Component>(), contract);
}

/// Throws ContractViolation that lists every broken rule.
template <typename Component>
void require_model_contract(const ModelContract& contract = {}) {
  model_contract<Component>(contract).require();
}

}  // namespace equigen::testing
