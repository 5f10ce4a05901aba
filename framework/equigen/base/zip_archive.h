// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace equigen {

/// Calls `entry(name, content)` for each file of a zip archive that `wanted(name)` asks for, in the
/// archive's order; folders are passed over. `skip(name, reason)` is told of each wanted file that
/// is encrypted, damaged (its checksum) or larger than `limit` bytes, and, with an empty name,
/// where an archive is cut off: its whole files are read. Throws DataError ("zip-damaged") when the
/// file is no readable archive, or when its wanted files together are larger than 4 GiB.
void for_each_zip_entry(const std::filesystem::path& path,
                        const std::function<bool(std::string_view)>& wanted,
                        const std::function<void(std::string_view, std::string)>& entry,
                        const std::function<void(std::string_view, std::string)>& skip,
                        std::uint64_t limit = std::uint64_t{1} << 28);

}  // namespace equigen
