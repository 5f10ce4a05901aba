// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "equigen/report/report.h"

/// The parts of the page, each as HTML; empty when the input has nothing for it.
namespace equigen::report {

/// Wraps a part with its heading. `id` is the anchor, `lead` an optional sentence below.
std::string section_element(std::string_view id, std::string_view heading, std::string_view lead,
                            std::string_view content);

std::string header_section(const ReportInput& input);
std::string metrics_section(const ReportInput& input);
std::string distribution_section(const ReportInput& input);
std::string training_section(const ReportInput& input);
std::string gallery_section(const ReportInput& input);
std::string data_section(const ReportInput& input);
std::string run_section(const ReportInput& input);

/// YAML with its keys, texts, numbers and comments marked by spans; escaped.
std::string highlighted_yaml(std::string_view yaml);

/// What ± means in an evaluation, as a sentence; empty where nothing has a spread.
std::string spread_sentence(const Evaluation& evaluation);

/// A figure with its unit, both for people.
std::string value_with_unit(double value, std::string_view unit);

}  // namespace equigen::report
