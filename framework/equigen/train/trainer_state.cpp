// SPDX-License-Identifier: MIT
#include "equigen/train/trainer_state.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace equigen {

void TrainerState::add_losses(const NamedValues& losses) {
  if (summed_steps++ == 0) {
    sums = losses;
  } else {
    for (std::size_t i = 0; i < losses.size(); ++i) sums.at(i).second += losses[i].second;
  }
  last_loss = losses.at(0).second;
}

NamedValues TrainerState::take_means() {
  NamedValues means = std::exchange(sums, {});
  for (auto& [name, sum] : means) sum /= static_cast<double>(summed_steps);
  summed_steps = 0;
  return means;
}

nlohmann::json TrainerState::to_json() const {
  return {{"step", step},
          {"epoch", position.epoch},
          {"batch", position.batch},
          {"seconds", seconds},
          {"sums", sums},
          {"summed_steps", summed_steps},
          {"last_loss", last_loss},
          {"last_validation", last_validation}};
}

TrainerState TrainerState::from_json(const nlohmann::json& json) {
  TrainerState state;
  state.step = json.at("step").get<std::int64_t>();
  state.position = {json.at("epoch").get<std::int64_t>(), json.at("batch").get<std::int64_t>()};
  state.seconds = json.at("seconds").get<double>();
  state.sums = json.at("sums").get<NamedValues>();
  state.summed_steps = json.at("summed_steps").get<std::int64_t>();
  state.last_loss = json.at("last_loss").get<double>();
  state.last_validation = json.at("last_validation").get<NamedValues>();
  return state;
}

}  // namespace equigen
