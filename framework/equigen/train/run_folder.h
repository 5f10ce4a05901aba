// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "equigen/config/value.h"

namespace equigen {

/// The folder of one run: config.yaml, environment.json, train.log, metrics.jsonl, tensorboard/,
/// checkpoints/, samples/, report/. One process at a time trains in it: as long as the object and
/// its copies live, others cannot open it.
class RunFolder {
 public:
  /// Makes <output>/<name>/<date_time>/ with its folders. Throws ResourceError when it cannot be
  /// written.
  static RunFolder create(const std::filesystem::path& output, const std::string& name);
  /// Opens one that is there. Throws DataError when it is no run folder, ResourceError when it
  /// cannot be written or another process trains in it.
  static RunFolder open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.yaml"; }
  std::filesystem::path environment() const { return path_ / "environment.json"; }
  std::filesystem::path log() const { return path_ / "train.log"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path samples() const { return path_ / "samples"; }
  std::filesystem::path report() const { return path_ / "report"; }

  /// Writes config.yaml and environment.json.
  void describe(const config::Value& configuration, std::string_view environment_json) const;

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  void make_folders() const;
  void lock();

  class Lock;
  std::filesystem::path path_;
  std::shared_ptr<const Lock> lock_;
};

}  // namespace equigen
