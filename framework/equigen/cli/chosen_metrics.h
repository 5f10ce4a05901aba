// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "equigen/config/schema.h"

namespace equigen::cli {

/// The metrics that `--metrics` and `--set` choose. `names` holds, comma-separated, metrics, pieces
/// of configs/metrics/ ("moses") and .yaml files of such pieces. `settings` are METRIC.KEY=VALUE; a
/// metric they name that is not chosen yet is added. With neither the result is empty, with
/// settings only they come on top of `defaults`. Throws ConfigError with all mistakes.
std::vector<config::ComponentChoice> chosen_metrics(
    const std::string& names, const std::vector<std::string>& settings,
    const std::function<std::vector<config::ComponentChoice>()>& defaults);

}  // namespace equigen::cli
