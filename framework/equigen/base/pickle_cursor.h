// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace equigen::pickle {

/// Little-endian bytes (the first eight) as a number.
std::uint64_t little_endian(std::string_view bytes);

/// Undoes the quoting of Python's repr() in protocol 0 strings.
std::string unquoted(std::string_view line);

/// Reads the bytes of a pickle from front to back; never beyond their end.
class Cursor {
 public:
  /// `source` names the file in messages and must outlive the cursor.
  Cursor(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  /// Each throws DataError when too few bytes are left.
  std::string_view take(std::uint64_t count);
  std::uint64_t take_integer(std::size_t width) { return little_endian(take(width)); }
  std::string_view take_line();
  /// A line that holds a number from 0.
  std::uint64_t take_decimal();

  /// Throws DataError with the file and the place.
  [[noreturn]] void fail(const std::string& message) const;

  std::size_t position() const { return position_; }
  const std::string& source() const { return source_; }

 private:
  std::string_view bytes_;
  const std::string& source_;
  std::size_t position_ = 0;
};

}  // namespace equigen::pickle
