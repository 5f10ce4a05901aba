// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "equigen/metrics/metric.h"

namespace equigen {

/// Returns the part in % of the whole, 0 of nothing.
double percent(std::int64_t part, std::int64_t whole);

/// A share of the samples in %, of which more is better; `whole` is its sample count.
MetricValue share_figure(std::string name, std::string label, std::int64_t part, std::int64_t whole,
                         std::string protocol);

}  // namespace equigen
