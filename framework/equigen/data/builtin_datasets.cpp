// SPDX-License-Identifier: MIT
#include "equigen/data/builtin_datasets.h"

#include "equigen/data/crystal_collections.h"
#include "equigen/data/file_datasets.h"
#include "equigen/data/generated_datasets.h"

namespace equigen {

namespace {

template <typename Recipe>
void add_recipe(RegistryBuilder& builder, const char* name) {
  builder.add<RecipeSource, NamedRecipe<Recipe>>(name, config::schema_of<Recipe>().doc);
}

void register_recipes(RegistryBuilder& builder) {
  add_recipe<CommunityRecipe>(builder, "community");
  add_recipe<GridRecipe>(builder, "grid");
  add_recipe<EgoRecipe>(builder, "ego");
  add_recipe<CavemanRecipe>(builder, "caveman");
  add_recipe<ErdosRenyiRecipe>(builder, "erdos_renyi");
  add_recipe<SbmRecipe>(builder, "sbm");
  add_recipe<PlanarRecipe>(builder, "planar");
  add_recipe<TreeRecipe>(builder, "tree");
  add_recipe<LobsterRecipe>(builder, "lobster");
}

}  // namespace

void register_datasets(RegistryBuilder& builder) {
  register_recipes(builder);
  builder.add<Dataset, GraphFileDataset>("graphs", "graphs from JSON-lines or graph6 files");
  builder.add<Dataset, MoleculeFileDataset>("molecules",
                                            "molecules from .smi, .csv, .sdf or JSON-lines files");
  builder.add<Dataset, CrystalFileDataset>(
      "crystals", "crystals from CIF, tables of CIF, POSCAR, extxyz, JSON-lines or zip files");
  builder.add<Dataset, GeneratedGraphDataset>("graph_generator",
                                              "graphs made by a recipe of the literature");
  builder.add<Dataset, EnumeratedMoleculeDataset>(
      "enumerated_molecules", "all small molecules of C, N, O, F; made, not downloaded");
  builder.add<Dataset, PublicDomainCrystalDataset>(
      "public_domain_crystals", "textbook crystals of Debian's package libavogadro-data");
  builder.add<Dataset, PrototypeCrystalDataset>(
      "crystal_prototypes", "ionic crystals of textbook structure types; made, not downloaded");
}

}  // namespace equigen
