// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Small pieces of HTML and SVG text.
namespace equigen::report {

/// Text for the page: control characters and broken UTF-8 become U+FFFD, then & < > " ' are
/// escaped. Everything that comes from a user, a file or a sampler passes through here.
std::string html_text(std::string_view text);

/// Valid UTF-8 without control characters (tab and line feed stay).
std::string clean_text(std::string_view text);

/// A figure for people: four significant digits (three below one), "–" where it is not finite.
std::string figure_text(double value);

/// A metric's label, or its name, with a capital in front.
std::string display_name(std::string_view label, std::string_view name);

/// "12,345".
std::string count_text(long long count);

/// Text to be copied, folded under `summary` and the name of a file it could go to.
std::string copyable_element(std::string_view summary, std::string_view file,
                             std::string_view text);

/// A coordinate with at most two decimals.
std::string coordinate(double value);

}  // namespace equigen::report
