// SPDX-License-Identifier: MIT
#include "equigen/train/figure_monitor.h"

#include <nlohmann/json.hpp>

namespace equigen {

bool FigureMonitor::observe(double value) {
  const bool better =
      !best_ ? value == value : (higher_ ? value - *best_ : *best_ - value) > minimum_change_;
  if (better) {
    best_ = value;
    stalled_ = 0;
  } else {
    ++stalled_;
  }
  return better;
}

nlohmann::json FigureMonitor::state() const {
  return {{"name", name_},
          {"best", best_ ? nlohmann::json(*best_) : nlohmann::json()},
          {"stalled", stalled_}};
}

void FigureMonitor::load_state(const nlohmann::json& state) {
  // A run resumed with another figure to watch starts that figure afresh.
  if (state.value("name", std::string()) != name_) return;
  const auto& best = state.at("best");
  best_ = best.is_null() ? std::nullopt : std::optional(best.get<double>());
  stalled_ = state.at("stalled").get<std::int64_t>();
}

}  // namespace equigen
