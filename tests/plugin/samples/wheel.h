// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/plugin/plugin.h"
#include "plugin/part.h"

namespace {

struct WheelConfig {
  std::int64_t spokes = 8;
  static void declare(equigen::config::Declaration<WheelConfig>& keys) {
    keys.doc("A wheel.");
    keys.field("spokes", &WheelConfig::spokes, "how many spokes").range(3, 64);
  }
};

class Wheel : public equigen::testing::Part {
 public:
  using Config = WheelConfig;
  Wheel(WheelConfig config, int diameter) : config_(config), diameter_(diameter) {}
  std::string text() const override {
    return std::to_string(config_.spokes) + " spokes of " + std::to_string(diameter_);
  }

 private:
  WheelConfig config_;
  int diameter_;
};

}  // namespace
