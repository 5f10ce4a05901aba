// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace equigen {

/// A TensorBoard event file: TFRecord frames (length, masked CRC-32C of the length, payload, masked
/// CRC-32C of the payload) around tensorflow.Event messages.
class EventFile {
 public:
  /// Creates a new file "events.out.tfevents.<time>.<process>" in `folder`. Scalars of older files
  /// in the folder from `first_step` on are superseded (a run that was resumed).
  /// Throws ResourceError.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  /// One event with a scalar for each name. Throws ResourceError.
  void add_scalars(std::int64_t step, std::span<const std::pair<std::string, double>> scalars);
  const std::filesystem::path& path() const { return path_; }

 private:
  void write(std::string_view event);

  std::filesystem::path path_;
  struct Closer {
    void operator()(std::FILE* file) const;
  };
  std::unique_ptr<std::FILE, Closer> file_;
};

/// The checksum of TFRecord frames: ((crc >> 15) | (crc << 17)) + 0xa282ead8 of CRC-32C.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace equigen
