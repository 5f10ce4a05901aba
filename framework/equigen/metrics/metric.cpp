// SPDX-License-Identifier: MIT
#include "equigen/metrics/metric.h"

namespace equigen {

Metric::~Metric() = default;

}  // namespace equigen
