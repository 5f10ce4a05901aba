// SPDX-License-Identifier: MIT
#include "equigen/tensor/noise.h"

#include <torch/types.h>

#include "catch.h"

namespace equigen {

TEST_CASE("a noise stream repeats itself from its key") {
  NoiseStream one(5, at::kCPU);
  NoiseStream two(5, at::kCPU);
  NoiseStream other(6, at::kCPU);
  const at::Tensor first = one.normal({3, 4});
  CHECK(first.equal(two.normal({3, 4})));
  CHECK_FALSE(first.equal(other.normal({3, 4})));
  CHECK_FALSE(first.equal(one.normal({3, 4})));
}

TEST_CASE("a sample's noise does not depend on the others of its batch") {
  SampleNoise all(9, {0, 1, 2, 3}, at::kCPU);
  SampleNoise some(9, {2, 0}, at::kCPU);
  for (int draw = 0; draw < 3; ++draw) {
    const at::Tensor a = all.normal({5});
    const at::Tensor b = some.normal({5});
    CHECK(b[0].equal(a[2]));
    CHECK(b[1].equal(a[0]));
  }
  // The first entries of a longer row are those of a shorter one.
  CHECK(SampleNoise(9, {4}, at::kCPU)
            .normal({6})[0]
            .narrow(0, 0, 3)
            .equal(SampleNoise(9, {4}, at::kCPU).normal({3})[0]));
}

TEST_CASE("noise has the moments it should") {
  NoiseStream stream(3, at::kCPU);
  const at::Tensor normal = stream.normal({20000});
  CHECK(normal.mean().item<double>() == Approx(0).margin(0.03));
  CHECK(normal.std().item<double>() == Approx(1).margin(0.03));
  const at::Tensor uniform = stream.uniform({20000});
  CHECK(uniform.min().item<double>() >= 0);
  CHECK(uniform.max().item<double>() < 1);
  CHECK(uniform.mean().item<double>() == Approx(0.5).margin(0.02));
}

}  // namespace equigen
