// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/data/dataset.h"
#include "equigen/testing/contract.h"

namespace equigen::testing {

struct DatasetContract {
  std::string options = "{}";  ///< the component's keys as YAML, where its defaults do not do
  DataContext context = {};    ///< where its files lie; the cache is not used
};

/// The rules: documented keys, valid defaults, unknown keys; parts (a name, three parts that are
/// not empty); well-formed samples; one structure; deterministic (loading again, also with another
/// seed of the run, gives the same); round trip (each sample survives being written to a file);
/// counted skips.
ContractReport check_dataset(const Subject<Dataset>& subject, const DatasetContract& contract);

template <typename Component>
ContractReport dataset_contract(const DatasetContract& contract = {}) {
  return check_dataset(subject_of<Dataset, Component>(), contract);
}

/// Throws ContractViolation that lists every broken rule.
template <typename Component>
void require_dataset_contract(const DatasetContract& contract = {}) {
  dataset_contract<Component>(contract).require();
}

}  // namespace equigen::testing
