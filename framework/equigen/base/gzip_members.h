// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace equigen {

/// Calls `member(text, end)` for each complete member of a gzip stream: its decompressed text, and
/// how many of `bytes` it and those before it take. Stops before a member that is cut off or
/// damaged.
void for_each_gzip_member(std::string_view bytes,
                          const std::function<void(std::string_view, std::size_t)>& member);

/// What could be unpacked of a file that gzip cut off or damaged.
struct Unpacked {
  std::string text;
  std::string problem;  ///< why it is not whole; empty for a whole one
};

/// Unpacks bytes of gzip (one member or several); what is none is returned as it is. What stands in
/// front of damage is kept. At most `limit` bytes.
Unpacked unpacked(std::string bytes, std::size_t limit = std::size_t{1} << 32);

}  // namespace equigen
