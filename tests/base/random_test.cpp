// SPDX-License-Identifier: MIT
#include "equigen/base/random.h"

#include <cmath>
#include <vector>

#include "catch.h"

using namespace equigen;

TEST_CASE("random: philox matches the published test vectors") {
  // Known answers of Random123 (kat_vectors, philox4x32 10 rounds).
  CHECK(philox(0, {0, 0, 0, 0}) ==
        std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox(0xffffffffffffffffULL, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}) ==
        std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox(0x299f31d0a4093822ULL, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
        std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: normals have the right moments and depend only on key and position") {
  std::vector<float> values(200001);
  fill_normal(7, values);
  double mean = 0;
  double square = 0;
  double fourth = 0;
  for (const float v : values) {
    mean += v;
    square += static_cast<double>(v) * v;
    fourth += std::pow(static_cast<double>(v), 4);
  }
  const auto n = static_cast<double>(values.size());
  CHECK(std::abs(mean / n) < 0.01);
  CHECK(square / n == Approx(1.0).margin(0.02));
  CHECK(fourth / n == Approx(3.0).margin(0.1));

  std::vector<float> prefix(10);
  fill_normal(7, prefix);
  CHECK(std::equal(prefix.begin(), prefix.end(), values.begin()));
}

TEST_CASE("random: streams with different addresses differ, equal ones agree") {
  RandomStream a(1, "loader", 0, 5);
  RandomStream b(1, "loader", 0, 5);
  RandomStream c(1, "loader", 0, 6);
  CHECK(a() == b());
  CHECK(a() != c());
  RandomStream d(3, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[d.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10000) < 500);
}
