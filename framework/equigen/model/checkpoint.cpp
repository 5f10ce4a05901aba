// SPDX-License-Identifier: MIT
#include "equigen/model/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/tensor/safetensors.h"
#include "equigen/version.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kPrefix = "step_";
constexpr std::string_view kBestFile = "best.json";

std::string checkpoint_name(std::int64_t step) {
  return fmt::format("{}{:08}", kPrefix, step);
}

[[noreturn]] void refuse(const fs::path& file, std::string_view what) {
  throw DataError("checkpoint-damaged", fmt::format("checkpoint {}: {}", file.string(), what),
                  "use another checkpoint of the run; an earlier one may be whole");
}

/// The text whose checksum a description carries: itself without the checksum.
std::string checked_text(json description) {
  description.erase("sha256");
  return description.dump();
}

json read_description(const fs::path& file) {
  if (!fs::exists(file)) {
    throw DataError("checkpoint-missing", fmt::format("there is no checkpoint {}", file.string()));
  }
  json description = json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!description.is_object()) refuse(file, "it is truncated or not JSON");
  const json format = description.value("format", json());
  if (!format.is_number_integer()) refuse(file, "it is not a checkpoint of equigen");
  if (format.get<std::int64_t>() > kCheckpointFormat) {
    throw DataError(
        "checkpoint-format",
        fmt::format("checkpoint {} has format {}; equigen {} reads up to {}", file.string(),
                    format.get<std::int64_t>(), EQUIGEN_VERSION, kCheckpointFormat),
        "use the newer equigen that wrote it");
  }
  if (description.value("sha256", std::string()) != sha256(checked_text(description)))
    refuse(file, "its checksum does not match; it was altered");
  return description;
}

void append_prefixed(Batch& all, std::string_view prefix, const Batch& part) {
  for (const auto& [name, tensor] : part.tensors())
    all.set(fmt::format("{}{}", prefix, name), tensor);
}

Batch part_of(const Batch& all, std::string_view prefix) {
  Batch part;
  for (const auto& [name, tensor] : all.tensors()) {
    if (name.starts_with(prefix)) part.set(name.substr(prefix.size()), tensor);
  }
  return part;
}

void read_tensors(const fs::path& file, const std::string& digest, Checkpoint& checkpoint) {
  if (!fs::exists(file)) refuse(file, "the file with its tensors is missing");
  if (sha256_of_file(file) != digest)
    refuse(file, "its checksum does not match; it was truncated or altered");
  const Batch all = read_safetensors(file).tensors;
  checkpoint.model = part_of(all, "model.");
  checkpoint.ema = part_of(all, "ema.");
  checkpoint.optimizer = part_of(all, "optimizer.");
}

void remove_checkpoint(const fs::path& description) {
  std::error_code ignored;
  fs::remove(description, ignored);
  fs::remove(fs::path(description).replace_extension(".safetensors"), ignored);
}

}  // namespace

std::string Checkpoint::model_type() const {
  const auto model = config.find("model");
  if (model == config.end() || !model->is_object()) return {};
  return model->value("type", std::string());
}

fs::path write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint) {
  const std::string name = checkpoint_name(checkpoint.step);
  TensorFile tensors;
  append_prefixed(tensors.tensors, "model.", checkpoint.model);
  append_prefixed(tensors.tensors, "ema.", checkpoint.ema);
  append_prefixed(tensors.tensors, "optimizer.", checkpoint.optimizer);
  tensors.metadata = {{"format", "pt"}, {"equigen", EQUIGEN_VERSION}};
  const std::string bytes = safetensors_bytes(tensors);
  json description{{"format", kCheckpointFormat},
                   {"equigen", EQUIGEN_VERSION},
                   {"libtorch", EQUIGEN_TORCH_VERSION},
                   {"step", checkpoint.step},
                   {"epoch", checkpoint.epoch},
                   {"config", checkpoint.config},
                   {"data", checkpoint.data.to_json()},
                   {"trainer", checkpoint.trainer},
                   {"tensors", {{"file", name + ".safetensors"}, {"sha256", sha256(bytes)}}}};
  description["sha256"] = sha256(checked_text(description));
  write_file_atomically(folder / (name + ".safetensors"), bytes);
  write_file_atomically(folder / (name + ".json"), description.dump(1) + "\n");
  return folder / (name + ".json");
}

Checkpoint read_checkpoint(const fs::path& file) {
  const fs::path path = fs::path(file).replace_extension(".json");
  const json description = read_description(path);
  Checkpoint checkpoint;
  checkpoint.source = path;
  try {
    checkpoint.step = description.at("step").get<std::int64_t>();
    checkpoint.epoch = description.at("epoch").get<std::int64_t>();
    checkpoint.config = description.at("config");
    checkpoint.data = DataSummary::from_json(description.at("data"));
    checkpoint.trainer = description.at("trainer");
    const json& tensors = description.at("tensors");
    const fs::path name = fs::path(tensors.at("file").get<std::string>()).filename();
    read_tensors(path.parent_path() / name, tensors.at("sha256").get<std::string>(), checkpoint);
  } catch (const json::exception& failure) {
    refuse(path, fmt::format("something is missing in it ({})", failure.what()));
  }
  return checkpoint;
}

std::vector<fs::path> list_checkpoints(const fs::path& folder) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() != ".json" || !stem.starts_with(kPrefix)) continue;
    if (const auto step = text::to_integer(std::string_view(stem).substr(kPrefix.size())))
      found.emplace_back(*step, entry.path());
  }
  std::ranges::sort(found);
  std::vector<fs::path> paths;
  for (auto& [step, path] : found) paths.push_back(std::move(path));
  return paths;
}

Checkpoint read_latest_checkpoint(const fs::path& folder) {
  std::vector<fs::path> candidates = list_checkpoints(folder);
  std::ranges::reverse(candidates);
  for (const fs::path& candidate : candidates) {
    try {
      Checkpoint checkpoint = read_checkpoint(candidate);
      if (candidate != candidates.front())
        log::warning(fmt::format("falling back to checkpoint {}", candidate.string()));
      return checkpoint;
    } catch (const DataError& failure) {
      log::warning(failure.message());
    }
  }
  throw DataError("checkpoint-missing",
                  candidates.empty() ? fmt::format("there is no checkpoint in {}", folder.string())
                                     : fmt::format("none of the {} checkpoints in {} is whole",
                                                   candidates.size(), folder.string()),
                  candidates.empty() ? "the training has saved none yet; start it again"
                                     : "bring back a copy of one, or train again in a new run");
}

void write_best_checkpoint(const fs::path& folder, const BestCheckpoint& best) {
  const json content{{"checkpoint", best.name}, {"metric", best.metric}, {"value", best.value}};
  write_file_atomically(folder / kBestFile, content.dump(1) + "\n");
}

std::optional<BestCheckpoint> read_best_checkpoint(const fs::path& folder) {
  const fs::path file = folder / kBestFile;
  if (!fs::exists(file)) return std::nullopt;
  try {
    const json content = json::parse(read_file(file));
    return BestCheckpoint{content.at("checkpoint").get<std::string>(),
                          content.at("metric").get<std::string>(),
                          content.at("value").get<double>()};
  } catch (const json::exception&) {
    refuse(file, "it is truncated or altered");
  }
}

void prune_checkpoints(const fs::path& folder, std::int64_t keep) {
  const auto best = read_best_checkpoint(folder);
  std::vector<fs::path> all = list_checkpoints(folder);
  const std::int64_t surplus = std::ssize(all) - keep;
  for (std::int64_t i = 0; i < surplus; ++i) {
    const fs::path& candidate = all[static_cast<std::size_t>(i)];
    if (!best || candidate.stem() != best->name) remove_checkpoint(candidate);
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".safetensors" && path.stem().string().starts_with(kPrefix) &&
        !fs::exists(fs::path(path).replace_extension(".json"))) {
      remove_checkpoint(fs::path(path).replace_extension(".json"));
    }
  }
}

Checkpoint open_checkpoint(const fs::path& path, CheckpointChoice choice) {
  if (!fs::exists(path)) {
    throw DataError(
        "model-missing",
        fmt::format("there is no run folder, model folder or checkpoint {}", path.string()),
        "`equigen train` and `equigen import` write such folders");
  }
  if (!fs::is_directory(path)) return read_checkpoint(path);
  const fs::path folder = fs::is_directory(path / "checkpoints") ? path / "checkpoints" : path;
  if (choice == CheckpointChoice::latest) return read_latest_checkpoint(folder);
  const auto best = read_best_checkpoint(folder);
  if (!best) {
    throw DataError("checkpoint-no-best", fmt::format("{} has no best checkpoint", folder.string()),
                    "set trainer.checkpoint.best_metric before training, or use the latest one");
  }
  return read_checkpoint(folder / (best->name + ".json"));
}

}  // namespace equigen
