// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace equigen {

/// As for_each_zip_entry(), of the bytes of an archive whose end, with its directory, is lost:
/// walks along the files' own headers. `skip` is told of each wanted file that is damaged or larger
/// than `limit` bytes, and, with an empty name, why nothing behind is read. False where the bytes
/// do not begin as an archive does.
bool for_each_entry_of_cut_zip(std::string_view bytes,
                               const std::function<bool(std::string_view)>& wanted,
                               const std::function<void(std::string_view, std::string)>& entry,
                               const std::function<void(std::string_view, std::string)>& skip,
                               std::uint64_t limit);

}  // namespace equigen
