// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/report/result_table.h"

/// What the pages of one run and of several have in common.
namespace equigen::report {

/// "2026-01-31 12:00 UTC".
std::string now_text();

/// The whole page: style and script inside, and a policy that forbids the browser to fetch
/// anything. `title` is escaped here; `header` and `body` are HTML.
std::string page_element(std::string_view title, std::string_view header, std::string_view body,
                         std::string_view created);

/// The bar at the top with links to parts of the page: pairs of anchor and name.
std::string bar_element(const std::vector<std::pair<std::string, std::string>>& links);

/// The tables as LaTeX and Markdown, each with a button that copies it; empty where there are none.
std::string tables_section(std::span<const ResultTable> tables);

}  // namespace equigen::report
