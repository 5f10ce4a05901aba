// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace equigen {

/// Calls `entry(name, content)` for each file of a tar archive (ustar, GNU or pax; plain or gzip)
/// that `wanted(name)` asks for, in the archive's order; folders and links are passed over.
/// `skip(name, reason)` is told of each wanted file larger than `limit` bytes.
/// Throws DataError ("tar-damaged") when the file is no tar archive, is cut off, or has a header
/// whose checksum is wrong; as read_file() does for damaged gzip and more than 4 GiB.
void for_each_tar_entry(const std::filesystem::path& path,
                        const std::function<bool(std::string_view)>& wanted,
                        const std::function<void(std::string_view, std::string)>& entry,
                        const std::function<void(std::string_view, std::string)>& skip,
                        std::uint64_t limit = std::uint64_t{1} << 28);

}  // namespace equigen
