// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace equigen {

/// Calls `member(text, end)` for each complete member of a gzip stream: its decompressed text, and
/// how many of `bytes` it and those before it take. Stops before a member that is cut off or
/// damaged.
void for_each_gzip_member(std::string_view bytes,
                          const std::function<void(std::string_view, std::size_t)>& member);

}  // namespace equigen
