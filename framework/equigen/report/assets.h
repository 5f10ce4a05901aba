// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace equigen::report {

/// The page's style sheet and script, and the one that turns crystals: files of assets/, compiled
/// in.
std::string_view report_style();
std::string_view report_script();
std::string_view crystal_viewer_script();

}  // namespace equigen::report
