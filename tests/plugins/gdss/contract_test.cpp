// SPDX-License-Identifier: MIT
#include "catch.h"
#include "equigen/testing/model_contract.h"
#include "gdss/gdss_model.h"

using equigen::gdss::GdssModel;
using equigen::testing::require_model_contract;

namespace {

constexpr const char* kSmall =
    "{network: {depth: 1, num_layers: 2, hidden_features: 8, attention_features: 8, "
    "hidden_channels: 4, final_channels: 2}, "
    "sde: {node: {num_scales: 6}, adjacency: {num_scales: 6}}}";

}  // namespace

TEST_CASE("gdss keeps the contract of a model of graphs") {
  require_model_contract<GdssModel>({.options = kSmall});
}

TEST_CASE("gdss keeps the contract of a model of molecules") {
  require_model_contract<GdssModel>({.options = kSmall, .structure = "molecule"});
}
