// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "equigen/train/log_file.h"

namespace equigen {

/// A TensorBoard event file: TFRecord frames (length, masked CRC-32C of the length, payload, masked
/// CRC-32C of the payload) around tensorflow.Event messages.
class EventFile {
 public:
  /// Creates a new file "events.out.tfevents.<time>.<process>" in `folder`. Scalars of older files
  /// in the folder from `first_step` on are superseded (a run that was resumed).
  /// Throws ResourceError when the folder cannot be made.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  /// One event with a scalar for each name.
  void add_scalars(std::int64_t step, std::span<const std::pair<std::string, double>> scalars);
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  void write(std::string_view event);

  LogFile file_;
};

/// The checksum of TFRecord frames: ((crc >> 15) | (crc << 17)) + 0xa282ead8 of CRC-32C.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace equigen
