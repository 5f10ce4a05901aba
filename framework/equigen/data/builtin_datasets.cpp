// SPDX-License-Identifier: MIT
#include "equigen/data/builtin_datasets.h"

#include "equigen/data/file_datasets.h"
#include "equigen/data/generated_datasets.h"

namespace equigen {

void register_datasets(RegistryBuilder& builder) {
  builder.add<Dataset, GraphFileDataset>("graphs", "graphs from JSON-lines or graph6 files");
  builder.add<Dataset, MoleculeFileDataset>("molecules",
                                            "molecules from .smi, .csv, .sdf or JSON-lines files");
  builder.add<Dataset, GeneratedGraphDataset>("graph_generator",
                                              "graphs made by a recipe of the literature");
  builder.add<Dataset, EnumeratedMoleculeDataset>(
      "enumerated_molecules", "all small molecules of C, N, O, F; made, not downloaded");
}

}  // namespace equigen
