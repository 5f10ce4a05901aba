// SPDX-License-Identifier: MIT
#include "equigen/metrics/share_figure.h"

#include <utility>

namespace equigen {

double percent(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

MetricValue share_figure(std::string name, std::string label, std::int64_t part, std::int64_t whole,
                         std::string protocol) {
  return {.name = std::move(name),
          .label = std::move(label),
          .value = percent(part, whole),
          .direction = Direction::higher,
          .unit = "%",
          .protocol = std::move(protocol),
          .sample_count = whole,
          .note = {}};
}

}  // namespace equigen
