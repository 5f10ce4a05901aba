// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "gdss/gdss_model.h"
#include "gdss/graph_noise.h"

namespace equigen::gdss {
namespace {

DataSummary graph_summary() {
  DataSummary summary;
  summary.structure = "graph";
  summary.size_histogram = {0, 3, 0, 2, 1, 4, 0, 0, 5};
  summary.max_degree = 7;
  return summary;
}

DataSummary molecule_summary() {
  DataSummary summary;
  summary.structure = "molecule";
  summary.size_histogram = {0, 1, 2, 3, 4, 5};
  summary.elements = {6, 7, 8};
  return summary;
}

GdssConfig small_config() {
  GdssConfig config;
  config.network = {.node_score = "gcn",
                    .hidden_features = 8,
                    .attention_features = 8,
                    .depth = 2,
                    .num_layers = 2,
                    .num_linear_layers = 2,
                    .initial_channels = 2,
                    .hidden_channels = 2,
                    .final_channels = 2,
                    .heads = 2};
  config.sde.node.num_scales = config.sde.adjacency.num_scales = 5;
  return config;
}

SamplingRequest request(std::vector<std::int64_t> indices) {
  SamplingRequest wanted;
  wanted.seed = 11;
  wanted.sample_indices = std::move(indices);
  return wanted;
}

Sample graph_sample(Graph graph) {
  Sample sample;
  sample.structure = std::move(graph);
  return sample;
}

}  // namespace

TEST_CASE("samples do not depend on how they are batched") {
  for (const char* predictor : {"euler", "reverse", "s4"}) {
    torch::manual_seed(2);
    GdssConfig config = small_config();
    config.sampler.predictor = predictor;
    GdssModel model(config, graph_summary());
    const std::vector<Sample> together = model.sample(request({0, 1, 2, 3, 4, 5, 6}));
    std::vector<Sample> apart = model.sample(request({0}));
    for (const Sample& sample : model.sample(request({1, 2, 3}))) apart.push_back(sample);
    for (const Sample& sample : model.sample(request({4, 5, 6}))) apart.push_back(sample);
    CHECK((together == apart));
    CHECK((model.sample(request({6})).front() == together.back()));
  }
}

TEST_CASE("molecule samples say whether they were valid without correction") {
  torch::manual_seed(2);
  GdssModel model(small_config(), molecule_summary());
  for (const Sample& sample : model.sample(request({0, 1, 2, 3}))) {
    CHECK(std::holds_alternative<Molecule>(sample.structure));
    const double valid = property_or(sample, "valid_without_correction", -1);
    CHECK((valid == 0.0 || valid == 1.0));
  }
}

TEST_CASE("probability flow samples without noise in the predictor") {
  torch::manual_seed(2);
  GdssConfig config = small_config();
  config.sampler.probability_flow = true;
  config.sampler.corrector = "none";
  GdssModel model(config, graph_summary());
  CHECK(model.sample(request({0, 1})).size() == 2);
}

TEST_CASE("sampling stops when asked to") {
  GdssModel model(small_config(), graph_summary());
  SamplingRequest wanted = request({0, 1});
  wanted.stop = [] { return true; };
  CHECK(model.sample(wanted).empty());
}

TEST_CASE("the loss does not change when a batch is padded, and trains both networks") {
  torch::manual_seed(2);
  GdssModel model(small_config(), graph_summary());
  const std::vector<Sample> samples{graph_sample({4, {{0, 1}, {1, 2}, {2, 3}}}),
                                    graph_sample({3, {{0, 1}, {0, 2}}})};
  const Batch batch = model.collate(samples);
  REQUIRE(batch.at("x").sizes() == at::IntArrayRef({2, 4, 8}));
  const GraphMask mask(node_flags(batch.at("adjacency")));
  const at::Tensor z = torch::randn({2, 4, 4}).triu(1);
  const GdssModel::Perturbation noise{torch::tensor({0.3F, 0.8F}),
                                      torch::randn({2, 4, 8}) * mask.nodes,
                                      (z + z.transpose(1, 2)) * mask.pairs};
  const auto plain = model.losses(batch.at("x"), batch.at("adjacency"), noise);
  const auto padded =
      model.losses(torch::constant_pad_nd(batch.at("x"), {0, 0, 0, 3}),
                   torch::constant_pad_nd(batch.at("adjacency"), {0, 3, 0, 3}),
                   {noise.time, torch::constant_pad_nd(noise.node_noise, {0, 0, 0, 3}),
                    torch::constant_pad_nd(noise.adjacency_noise, {0, 3, 0, 3})});
  CHECK(plain.node.item<float>() == Approx(padded.node.item<float>()).epsilon(1e-5));
  CHECK(plain.adjacency.item<float>() == Approx(padded.adjacency.item<float>()).epsilon(1e-5));

  NoiseStream stream(5, at::kCPU);
  const Loss loss = model.loss(batch, stream);
  CHECK(loss.terms.size() == 2);
  loss.total.backward();
  for (const ParameterGroup& group : model.parameter_groups())
    CHECK(group.parameters.front().grad().defined());
}

TEST_CASE("what does not fit the model is named") {
  const GdssModel graphs(small_config(), graph_summary());
  const GdssModel molecules(small_config(), molecule_summary());
  Molecule bromide;
  bromide.atoms = {{6}, {35}};
  bromide.bonds = {{0, 1, 1}};
  Sample molecule;
  molecule.structure = bromide;
  CHECK_THAT(molecules.misfit(molecule), ContainsSubstring("Br"));
  CHECK_THAT(graphs.misfit(molecule), ContainsSubstring("molecule"));
  CHECK_THAT(graphs.misfit(graph_sample({30, {{0, 1}}})), ContainsSubstring("max_nodes"));
  CHECK(graphs.misfit(graph_sample({2, {{0, 1}}})).empty());
  CHECK_THROWS_AS(molecules.collate(std::vector<Sample>{molecule}), DataError);
}

TEST_CASE("contradictions in the configuration are refused") {
  GdssConfig config = small_config();
  config.features = "elements";
  CHECK_THROWS_AS(GdssModel(config, graph_summary()), ConfigError);
  config = small_config();
  config.sde.node.num_scales = 7;
  CHECK_THROWS_AS(GdssModel(config, graph_summary()), ConfigError);
  config = small_config();
  config.sde.node.type = "subvp";
  config.sampler.predictor = "s4";
  CHECK_THROWS_AS(GdssModel(config, graph_summary()), ConfigError);
  config = small_config();
  config.elements = {"C", "Xx"};
  CHECK_THROWS_AS(GdssModel(config, molecule_summary()), ConfigError);
}

TEST_CASE("decoding drops isolated nodes and keeps at least one") {
  const at::Tensor adjacency = torch::zeros({4, 4});
  CHECK((decode_graph(adjacency) == Graph{1, {}}));
  adjacency[1][3] = 0.5F;
  adjacency[3][1] = 0.5F;
  adjacency[0][2] = -3.0F;
  CHECK((decode_graph(adjacency) == Graph{2, {{0, 1}}}));
}

}  // namespace equigen::gdss
