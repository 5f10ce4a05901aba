// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace equigen {

/// Numbers and texts as few bytes, the same on every machine: for caches on disk.
class CompactWriter {
 public:
  explicit CompactWriter(std::string_view heading) : bytes_(heading) {}

  /// Small numbers take one byte.
  void number(std::uint64_t value);
  void signed_number(std::int64_t value);
  /// All bits of it.
  void real(double value);
  void text(std::string_view value);
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what a CompactWriter wrote; the bytes (without the heading) must outlive it.
class CompactReader {
 public:
  /// Thrown when the bytes end too early or make no sense.
  struct Damaged {};

  explicit CompactReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number();
  /// A count of items that take at least one byte each.
  std::size_t count();
  std::int64_t signed_number();
  double real();
  std::string text() { return std::string(take(count())); }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(std::size_t size);

  std::string_view bytes_;
};

/// The bytes closed by their SHA-256.
std::string sealed(std::string bytes);

/// What stands between the heading and the SHA-256; nothing when the heading is another one or a
/// byte is missing or altered.
std::optional<std::string_view> opened(std::string_view bytes, std::string_view heading);

}  // namespace equigen
