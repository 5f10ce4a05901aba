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

/// What the last layer of the published adjacency network says of nodes is not read by anything.
const std::vector<std::string> kUnused{"adj.layers.1.multi_channel.", "adj.layers.1.attn.0.gnn_v.",
                                       "adj.layers.1.attn.1.gnn_v.", "adj.layers.1.attn.2.gnn_v.",
                                       "adj.layers.1.attn.3.gnn_v."};

}  // namespace

TEST_CASE("gdss keeps the contract of a model of graphs") {
  require_model_contract<GdssModel>({.options = kSmall, .unused_parameters = kUnused});
}

TEST_CASE("gdss keeps the contract of a model of molecules") {
  require_model_contract<GdssModel>(
      {.options = kSmall, .structure = "molecule", .unused_parameters = kUnused});
}
