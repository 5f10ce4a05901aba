// SPDX-License-Identifier: MIT
#include "equigen/base/log.h"

int main() {
  equigen::log::error("no commands yet");
  return 2;
}
