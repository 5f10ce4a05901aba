// SPDX-License-Identifier: MIT
#include "equigen/testing/model_contract.h"

#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/testing/example_samples.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

enum class Fault {
  none,
  random_collate,
  takes_all,
  own_noise,
  left_out_parameter,
  gradient,
  node_order,
  batch,
  too_large,
  never_stops,
  unsaved,
  device
};

/// Edges with one probability for all pairs, or a model that breaks one rule.
template <Fault fault>
class FaultyModel final : public Model {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys) { keys.doc("A test's model."); }
  };
  FaultyModel(Config, const DataSummary& summary) : nodes_(summary.max_size()) {
    logit_ = register_parameter("logit", torch::zeros({1}));
    pairs_ = register_parameter("pairs", torch::zeros({nodes_, nodes_}));
    hidden_ = torch::rand({1});
  }

  Batch collate(std::span<const Sample> samples) const override {
    const at::Tensor adjacency = torch::zeros({std::ssize(samples), nodes_, nodes_});
    for (std::int64_t b = 0; b < std::ssize(samples); ++b) {
      const auto* graph = std::get_if<Graph>(&samples[static_cast<std::size_t>(b)].structure);
      if (graph == nullptr) throw DataError("test-misfit", "not a graph");
      for (const auto& [i, j] : graph->edges) adjacency[b][i][j] = 1;
    }
    if (fault == Fault::random_collate) adjacency[0][0][0] = torch::rand({}).item<float>();
    return {{"adjacency", adjacency}};
  }

  std::string misfit(const Sample& sample) const override {
    return std::holds_alternative<Graph>(sample.structure) || fault == Fault::takes_all
               ? ""
               : "not a graph";
  }

  Loss loss(const Batch& batch, NoiseStream& noise) override {
    const at::Tensor& edges = batch.at("adjacency");
    at::Tensor logits = (logit_ + 0.1 * noise.normal({edges.size(0), 1, 1})).expand_as(edges);
    if (fault == Fault::own_noise) logits = logits + torch::rand({1});
    if (fault == Fault::node_order) logits = logits + pairs_;
    if (fault == Fault::gradient) logits = 0.5 * logits + 0.5 * logits.detach();
    if (fault == Fault::unsaved) logits = logits + hidden_;
    if (fault == Fault::device) logits = logits + torch::zeros({1});
    // The mean over both triangles, so that the direction an edge is written in does not matter.
    const at::Tensor both = edges + edges.transpose(1, 2);
    const at::Tensor total = torch::binary_cross_entropy_with_logits(logits, both);
    return {total + 1e-3 * pairs_.square().mean(), {{"edges", total.detach()}}};
  }

  std::vector<Sample> sample(const SamplingRequest& request) override {
    if (request.stop() && fault != Fault::never_stops) return {};
    const torch::NoGradGuard no_gradients;
    SampleNoise noise(request.seed, request.sample_indices, request.device);
    const at::Tensor drawn = noise.uniform({nodes_, nodes_}) < torch::sigmoid(logit_);
    std::vector<Sample> samples(request.sample_indices.size());
    for (std::int64_t b = 0; b < std::ssize(samples); ++b) {
      Graph graph{static_cast<std::int32_t>(nodes_ + (fault == Fault::too_large)), {}};
      if (fault == Fault::batch) graph.node_count = static_cast<std::int32_t>(1 + b);
      for (std::int32_t i = 0; i < graph.node_count && i < nodes_; ++i) {
        for (std::int32_t j = i + 1; j < graph.node_count && j < nodes_; ++j) {
          if (drawn[b][i][j].item<bool>()) graph.edges.emplace_back(i, j);
        }
      }
      samples[static_cast<std::size_t>(b)].structure = graph;
    }
    return samples;
  }

  std::vector<ParameterGroup> parameter_groups() const override {
    if (fault == Fault::left_out_parameter) return {{"model", {logit_}}};
    return {{"model", {logit_, pairs_}}};
  }

 private:
  std::int64_t nodes_;
  at::Tensor logit_, pairs_, hidden_;
};

template <Fault fault>
ContractReport report_of() {
  return model_contract<FaultyModel<fault>>();
}

}  // namespace

TEST_CASE("contract: a sound model breaks no rule") {
  const ContractReport report = report_of<Fault::none>();
  INFO(report.text());
  CHECK(report.violations().empty());
}

TEST_CASE("contract: each fault of a model breaks its rule") {
  CHECK(report_of<Fault::random_collate>().violates("collate"));
  CHECK(report_of<Fault::takes_all>().violates("misfits"));
  CHECK(report_of<Fault::own_noise>().violates("loss"));
  CHECK(report_of<Fault::left_out_parameter>().violates("parameter groups"));
  CHECK(report_of<Fault::gradient>().violates("gradients"));
  CHECK(report_of<Fault::node_order>().violates("permutation"));
  CHECK(report_of<Fault::batch>().violates("sample independence"));
  CHECK(report_of<Fault::too_large>().violates("sampling"));
  CHECK(report_of<Fault::never_stops>().violates("sampling"));
  CHECK(report_of<Fault::device>().violates("other device"));
  CHECK(report_of<Fault::unsaved>().violates("save and load"));
}
