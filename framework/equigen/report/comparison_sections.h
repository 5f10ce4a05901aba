// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/report/comparison.h"
#include "equigen/report/page.h"

/// The parts of the page that compares runs, each as HTML; empty where no run has anything for it.
namespace equigen::report {

/// Figures with a direction, runs as rows, for LaTeX and Markdown; one table for each data set.
std::vector<ResultTable> comparison_tables(const ComparisonInput& input);

std::string comparison_header(const ComparisonInput& input, const std::string& created);
std::string compared_figures_section(const ComparisonInput& input);
std::string compared_curves_section(const ComparisonInput& input);
std::string compared_config_section(const ComparisonInput& input);
std::string compared_galleries_section(const ComparisonInput& input);
std::string compared_sources_section(const ComparisonInput& input);

}  // namespace equigen::report
