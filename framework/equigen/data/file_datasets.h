// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample_filter.h"
#include "equigen/data/split.h"

namespace equigen {

/// What data sets made of files have in common.
struct FileSource {
  std::string name;
  std::string file;
  std::vector<std::string> files;
  std::string root;
  std::int64_t min_nodes = 1;
  std::int64_t max_nodes = 0;
  std::int64_t limit = 0;
  SplitConfig split;
};

/// Graphs from `.jsonl`, `.g6` or `.edges` files.
class GraphFileDataset final : public Dataset {
 public:
  struct Config : FileSource {
    static void declare(config::Declaration<Config>& keys);
  };
  GraphFileDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

/// Molecules from `.smi`, `.csv`, `.tsv`, `.sdf`, `.xyz`, `.extxyz` or `.jsonl` files.
class MoleculeFileDataset final : public Dataset {
 public:
  struct Config : FileSource {
    std::string smiles_column;
    bool keep_hydrogens = false;
    int charge = 0;
    std::vector<std::string> elements;
    static void declare(config::Declaration<Config>& keys);
  };
  MoleculeFileDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

/// Crystals from `.cif`, `.csv` with a column of CIF, POSCAR, `.extxyz`, `.jsonl` or `.zip` files.
class CrystalFileDataset final : public Dataset {
 public:
  struct Config : FileSource {
    std::string cif_column;
    std::vector<std::string> elements;
    std::string reduce = "none";
    static void declare(config::Declaration<Config>& keys);
  };
  CrystalFileDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

/// Replaces the cells of all crystals by their Niggli cells, in the form that the field's published
/// data sets come in. Crystals whose cell cannot be reduced are left out and counted.
void reduce_cells(DataSplits& splits);

/// The last steps of every data set: refuses one without usable rows, divides it, takes the first
/// `limit` samples of each part (0: all) and tells what was skipped.
DataSplits finish_dataset(const std::string& name, SplitSource source, const SplitConfig& split,
                          const std::vector<std::int64_t>& test_rows, std::int64_t limit);

}  // namespace equigen
