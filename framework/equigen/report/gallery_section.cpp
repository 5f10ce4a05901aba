// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/report/gallery.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

constexpr std::size_t kReferenceCards = 12;

}  // namespace

std::string gallery_section(const ReportInput& input) {
  if (input.samples.empty()) {
    return section_element("samples", "Samples", "",
                           "<p class=\"empty\">No samples were generated.</p>");
  }
  const std::size_t count = std::min(input.gallery_size, input.samples.size());
  Gallery gallery{input.samples, {}, count};
  if (input.evaluation && input.evaluation->verdicts.size() == input.samples.size())
    gallery.verdicts = input.evaluation->verdicts;
  std::string content = gallery_element(gallery);
  const std::size_t references = std::min(kReferenceCards, input.reference.size());
  if (references > 0) {
    content += "<h3>For comparison: the reference set</h3>\n" +
               gallery_element({input.reference, {}, references, false});
  }
  const std::string lead = fmt::format(
      "The first {} of {} samples in the order in which they were generated; none was "
      "chosen.",
      count, count_text(static_cast<long long>(input.samples.size())));
  return section_element("samples", "Samples", lead, content);
}

}  // namespace equigen::report
