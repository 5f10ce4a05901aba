// SPDX-License-Identifier: MIT
#include "equigen/tensor/batch.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"

namespace equigen {

TEST_CASE("a batch keeps its tensors' order and replaces by name") {
  Batch batch{{"x", torch::ones({2})}, {"a", torch::zeros({1})}};
  batch.set("x", torch::full({3}, 5.0));
  batch.set("b", torch::ones({1}));
  REQUIRE(batch.size() == 3);
  CHECK(batch.tensors()[0].first == "x");
  CHECK(batch.tensors()[2].first == "b");
  CHECK(batch.at("x").numel() == 3);
  CHECK_FALSE(batch.contains("y"));
}

TEST_CASE("a missing tensor is named beside those there are") {
  const Batch batch{{"x", torch::ones({2})}, {"adjacency", torch::zeros({1})}};
  CHECK_THROWS_WITH(batch.at("positions"),
                    ContainsSubstring("positions") && ContainsSubstring("x, adjacency"));
}

}  // namespace equigen
