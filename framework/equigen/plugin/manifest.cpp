// SPDX-License-Identifier: MIT
#include "equigen/plugin/manifest.h"

#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/version.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr std::uint64_t kLargestManifest = 16U << 20;

std::string rewrite_command(const fs::path& library) {
  return fmt::format("write it with: equigen plugins write-manifest {}", library.string());
}

std::string major_minor(const std::string& version) {
  const auto parts = text::split(version, '.');
  return parts.size() < 2 ? version : parts[0] + '.' + parts[1];
}

PluginBuild build_from_json(const Json& json) {
  PluginBuild build;
  build.abi_major = json.at("abi").at(0).get<std::uint32_t>();
  build.abi_minor = json.at("abi").at(1).get<std::uint32_t>();
  build.equigen_version = json.at("equigen").get<std::string>();
  build.torch_version = json.at("torch").get<std::string>();
  build.compiler = json.at("compiler").get<std::string>();
  build.standard_library = json.at("standard_library").get<std::string>();
  return build;
}

PluginManifest manifest_from_json(const Json& json, const fs::path& library) {
  PluginManifest manifest;
  manifest.name = json.at("name").get<std::string>();
  manifest.version = json.at("version").get<std::string>();
  manifest.summary = json.at("summary").get<std::string>();
  manifest.build = build_from_json(json);
  for (const auto& component : json.at("components")) {
    manifest.components.push_back(
        {component.at("kind").get<std::string>(), component.at("name").get<std::string>(),
         component.at("summary").get<std::string>(),
         config::Schema::from_json(component.at("schema")), manifest.name, library.string()});
  }
  return manifest;
}

}  // namespace

fs::path manifest_path(const fs::path& library) {
  return fs::path(library).replace_extension(".json");
}

PluginManifest read_manifest(const fs::path& library) {
  const fs::path path = manifest_path(library);
  if (!fs::exists(path)) {
    throw PluginError(
        "plugin-manifest-missing",
        fmt::format("plugin {} has no manifest {}", library.string(), path.filename().string()),
        rewrite_command(library));
  }
  try {
    const Json json = Json::parse(read_file(path, kLargestManifest));
    if (json.at("manifest").get<int>() != kFormat) {
      throw PluginError("plugin-manifest-version",
                        fmt::format("manifest {} is of another version of equigen", path.string()),
                        rewrite_command(library));
    }
    return manifest_from_json(json, library);
  } catch (const Json::exception& failure) {
    throw PluginError("plugin-manifest-broken",
                      fmt::format("manifest {} is damaged: {}", path.string(), failure.what()),
                      rewrite_command(library));
  } catch (const ConfigError& failure) {
    throw PluginError("plugin-manifest-broken",
                      fmt::format("manifest {} is damaged: {}", path.string(), failure.message()),
                      rewrite_command(library));
  } catch (const DataError& failure) {
    throw PluginError("plugin-manifest-broken", failure.message(), rewrite_command(library));
  }
}

void write_manifest_file(const fs::path& library, const PluginManifest& manifest) {
  Json json{{"manifest", kFormat},
            {"name", manifest.name},
            {"version", manifest.version},
            {"summary", manifest.summary},
            {"abi", {manifest.build.abi_major, manifest.build.abi_minor}},
            {"equigen", manifest.build.equigen_version},
            {"torch", manifest.build.torch_version},
            {"compiler", manifest.build.compiler},
            {"standard_library", manifest.build.standard_library},
            {"components", Json::array()}};
  for (const auto& component : manifest.components) {
    json["components"].push_back({{"kind", component.kind},
                                  {"name", component.name},
                                  {"summary", component.summary},
                                  {"schema", component.schema.to_json()}});
  }
  write_file_atomically(manifest_path(library), json.dump(1) + '\n');
}

std::string incompatibility(const PluginBuild& build) {
  if (build.abi_major != kAbiMajor || build.abi_minor > kAbiMinor) {
    return fmt::format(
        "it was built for plugin ABI {}.{} (equigen {}), this equigen {} has ABI {}.{}; build the "
        "plugin again with this equigen",
        build.abi_major, build.abi_minor, build.equigen_version, EQUIGEN_VERSION, kAbiMajor,
        kAbiMinor);
  }
  const std::string host_torch = EQUIGEN_TORCH_VERSION;
  if (!build.torch_version.empty() && host_torch.empty()) {
    return fmt::format(
        "it needs LibTorch {}, this equigen was built without LibTorch; use an equigen that was "
        "built with EQUIGEN_BUILD_ENGINE=ON",
        build.torch_version);
  }
  if (!build.torch_version.empty() && major_minor(build.torch_version) != major_minor(host_torch)) {
    return fmt::format(
        "it was built for LibTorch {}, this equigen uses LibTorch {}; build the plugin again with "
        "LibTorch {}",
        build.torch_version, host_torch, host_torch);
  }
  if (build.standard_library != EQUIGEN_STANDARD_LIBRARY) {
    return fmt::format(
        "it was built with another C++ standard library ('{}', this equigen: '{}'); build the "
        "plugin again with the same one",
        build.standard_library, EQUIGEN_STANDARD_LIBRARY);
  }
  return {};
}

}  // namespace equigen
