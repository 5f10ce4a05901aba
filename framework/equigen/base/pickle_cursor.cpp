// SPDX-License-Identifier: MIT
#include "equigen/base/pickle_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen::pickle {

static_assert(std::endian::native == std::endian::little);

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), std::min<std::size_t>(bytes.size(), 8));
  return value;
}

/// Undoes the quoting of Python's repr() in protocol 0 strings.
std::string unquoted(std::string_view line) {
  line = text::trim(line);
  if (line.size() >= 2 && (line.front() == '\'' || line.front() == '"') &&
      line.back() == line.front()) {
    line = line.substr(1, line.size() - 2);
  }
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      const char next = line[++i];
      result += next == 'n' ? '\n' : next == 't' ? '\t' : next;
    } else {
      result += line[i];
    }
  }
  return result;
}

void Cursor::fail(const std::string& message) const {
  throw DataError("pickle", fmt::format("{}: {} (byte {})", source_, message, position_),
                  "the file is damaged, or no plain checkpoint");
}

std::string_view Cursor::take(std::uint64_t count) {
  if (count > bytes_.size() - position_) fail("the pickle ends too early");
  const auto part = bytes_.substr(position_, count);
  position_ += count;
  return part;
}

std::string_view Cursor::take_line() {
  const auto end = bytes_.find('\n', position_);
  if (end == std::string_view::npos) fail("the pickle ends too early");
  const auto line = bytes_.substr(position_, end - position_);
  position_ = end + 1;
  return line;
}

std::uint64_t Cursor::take_decimal() {
  const auto line = take_line();
  const auto value = text::to_integer(line);
  if (!value || *value < 0) fail(fmt::format("'{}' is not an index", line.substr(0, 40)));
  return static_cast<std::uint64_t>(*value);
}

}  // namespace equigen::pickle
