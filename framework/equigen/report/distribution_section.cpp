// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "equigen/report/chart.h"
#include "equigen/report/distributions.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

std::string chart_of(const Distribution& item) {
  const std::string title = item.title + ": " + item.x_label + ", generated and reference";
  if (item.edges.empty())
    return draw_share_chart({title, item.x_label, item.classes, item.reference, item.generated});
  return draw_histogram({title, item.x_label, item.edges, item.reference, item.generated});
}

std::string caption_of(const Distribution& item) {
  std::string figures;
  if (std::isfinite(item.overlap()))
    figures += fmt::format("overlap {:.0f} %", 100 * item.overlap());
  if (std::isfinite(item.generated_mean) && std::isfinite(item.reference_mean)) {
    figures += fmt::format("{}mean {:.3g} against {:.3g}", figures.empty() ? "" : " · ",
                           item.generated_mean, item.reference_mean);
  }
  return fmt::format("<figcaption><strong>{}</strong> <span class=\"small\">{}</span></figcaption>",
                     html_text(item.title), html_text(figures));
}

}  // namespace

std::string distribution_section(const ReportInput& input) {
  std::string figures;
  for (const Distribution& item : compare_distributions(input.samples, input.reference))
    figures += "<figure>" + chart_of(item) + caption_of(item) + "</figure>\n";
  if (figures.empty()) return {};
  const std::string lead = fmt::format(
      "{} generated samples and {} of the reference set. Overlap is the sum of the "
      "smaller shares: 100 % for equal distributions.",
      count_text(static_cast<long long>(input.samples.size())),
      count_text(static_cast<long long>(input.reference.size())));
  return section_element("distributions", "Distributions", lead,
                         "<div class=\"charts\">\n" + figures + "</div>");
}

}  // namespace equigen::report
