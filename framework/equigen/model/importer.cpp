// SPDX-License-Identifier: MIT
#include "equigen/model/importer.h"

#include <fmt/format.h>

#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/model/pytorch_checkpoint.h"
#include "equigen/plugin/loader.h"
#include "equigen/plugin/registry.h"
#include "equigen/tensor/safetensors.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Metadata of safetensors files holds texts; those that are JSON themselves are parsed.
json parsed_metadata(const std::map<std::string, std::string>& metadata) {
  json content = json::object();
  for (const auto& [name, text] : metadata) {
    json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    content[name] = value.is_structured() ? std::move(value) : json(text);
  }
  return content;
}

std::set<std::string> importer_names() {
  auto names = PluginLoader::instance().names(Importer::kind);
  for (const auto* info : Registry::instance().list(Importer::kind)) names.insert(info->name);
  return names;
}

}  // namespace

Importer::~Importer() = default;

ImportedFile read_imported_file(const fs::path& path) {
  const auto extension = text::lower(path.extension().string());
  if (extension == ".pth" || extension == ".pt") {
    auto checkpoint = read_pytorch_checkpoint(path);
    return {path, std::move(checkpoint.tensors), std::move(checkpoint.content)};
  }
  if (extension == ".safetensors") {
    auto file = read_safetensors(path);
    return {path, std::move(file.tensors), parsed_metadata(file.metadata)};
  }
  throw DataError("import-format",
                  fmt::format("cannot tell the format of {} by its name", path.string()),
                  "known are .pth, .pt and .safetensors");
}

ImportedModel import_model(const fs::path& path) {
  const ImportedFile file = read_imported_file(path);
  const auto names = importer_names();
  for (const auto& name : names) {
    PluginLoader::instance().load_provider_of(Importer::kind, name);
    const auto importer = Registry::instance().create<Importer>(config::ComponentChoice{name});
    if (importer->recognises(file)) return importer->convert(file);
  }
  const std::vector<std::string> list(names.begin(), names.end());
  throw DataError("import-unknown",
                  fmt::format("{} is of no published format that is known", path.string()),
                  list.empty() ? "no plugin with an importer was found"
                               : "importers: " + text::join(list, ", "));
}

}  // namespace equigen
