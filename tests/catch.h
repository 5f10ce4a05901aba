// SPDX-License-Identifier: MIT
#pragma once

// Catch2 v2 (Debian 12) and v3 (later) through one header.
#ifdef EQUIGEN_CATCH_V3
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) {
  return Catch::Matchers::Contains(text);
}
#endif
