// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace equigen {

/// Returns the folder in which the loaded libequigen.so lies (links resolved): plugins and
/// installed files are found from there. Empty when the system does not say.
std::filesystem::path library_folder();

}  // namespace equigen
