// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/tensor/batch.h"

namespace equigen {

/// A file of another program, read as data.
struct ImportedFile {
  std::filesystem::path path;
  Batch tensors;           ///< of .pth: by path, "x_state_dict/layers.0.weight"
  nlohmann::json content;  ///< of .pth: the tree; of .safetensors: its metadata, JSON texts parsed
};

/// Reads .pth, .pt or .safetensors. Throws DataError (see read_pytorch_checkpoint(),
/// read_safetensors()), also for another ending.
ImportedFile read_imported_file(const std::filesystem::path& path);

/// A published model as a model of equigen.
struct ImportedModel {
  std::string type;           ///< the model component
  nlohmann::json options;     ///< its keys
  nlohmann::json sampling;    ///< what the publication samples with: keys of the section `sampling`
  Batch weights;              ///< by the names of the model's parameters
  Batch ema;                  ///< averages by the same names; may be empty
  std::string structure;      ///< of its samples: "graph", "molecule" or "crystal"
  std::string dataset;        ///< name of the data set it was trained on, where known
  std::int64_t max_size = 0;  ///< nodes of the largest sample it can make; 0: any
};

/// Knows one published format. A component that plugins register.
class Importer {
 public:
  static constexpr std::string_view kind = "importer";
  using Create = std::shared_ptr<Importer>();

  virtual ~Importer();
  virtual bool recognises(const ImportedFile& file) const = 0;
  /// Throws DataError that says what in the file is missing or not supported.
  virtual ImportedModel convert(const ImportedFile& file) const = 0;
};

/// Reads a file and asks all importers, of all plugins, who recognises it.
/// Throws DataError (nobody does: lists the importers), PluginError.
ImportedModel import_model(const std::filesystem::path& path);

}  // namespace equigen
