// SPDX-License-Identifier: MIT
#include "equigen/testing/backbone_contract.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include "catch.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

enum class Fault {
  none,
  shape,
  random,
  node_order,
  batch_mean,
  no_rotation,
  no_reflection,
  no_translation,
  gradient,
  unused,
  unsaved,
  empty,
  coincident,
  device
};

/// x_i attracts its neighbours by a learned weight; with a fault, one rule is broken.
template <Fault fault>
class FaultyBackbone final : public Backbone {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys) { keys.doc("A test's backbone."); }
  };
  FaultyBackbone(Config, const BackboneShape& shape) : shape_(shape) {
    weight_ = register_parameter("weight", torch::full({1}, 0.7));
    if (fault == Fault::unused) register_parameter("spare", torch::ones({2}));
    hidden_ = torch::rand({1}, torch::kFloat64);
  }

  BackboneTraits traits() const override { return {SpaceSymmetry::e3, true, true, true}; }

  Features forward(const GraphBatch& graphs, const Features&) override {
    const std::int64_t nodes = graphs.node_count();
    if (fault == Fault::empty && nodes == 0) throw std::runtime_error("no nodes");
    at::Tensor x = graphs.positions;
    const at::Tensor r = graphs.displacements();
    at::Tensor length = (r.square().sum(1, true) + 1).sqrt();
    if (fault == Fault::coincident) length = r.square().sum(1, true).sqrt();
    at::Tensor scalars = sum_by_index((length * weight_).tanh(), graphs.edge_target, nodes);
    at::Tensor vectors = sum_by_index(r / length, graphs.edge_target, nodes) * weight_;
    if (fault == Fault::random) scalars = scalars + torch::rand_like(scalars);
    if (fault == Fault::node_order)
      scalars = scalars + torch::arange(nodes, x.options()).unsqueeze(1);
    if (fault == Fault::batch_mean && nodes > 0) scalars = scalars - scalars.mean();
    if (fault == Fault::no_rotation) vectors = vectors * torch::tensor({1., 2., 1.}, x.options());
    if (fault == Fault::no_reflection && graphs.edge_count() > 2)
      scalars = scalars + torch::det(vectors.slice(0, 0, 3));
    if (fault == Fault::no_translation) vectors = vectors + x;
    if (fault == Fault::gradient) scalars = scalars + scalars.detach();
    if (fault == Fault::unsaved) scalars = scalars + hidden_;
    if (fault == Fault::device) scalars = scalars + torch::zeros({1}, torch::kFloat64);
    Features output;
    output.scalars = scalars.expand({nodes, shape_.output.scalars + (fault == Fault::shape)});
    output.vectors = vectors.unsqueeze(2).expand({nodes, 3, shape_.output.vectors});
    return output;
  }

 private:
  BackboneShape shape_;
  at::Tensor weight_;
  at::Tensor hidden_;
};

template <Fault fault>
ContractReport report_of() {
  return backbone_contract<FaultyBackbone<fault>>(
      {.shape = {{.scalars = 1, .vectors = 0, .edges = 0, .graphs = 0},
                 {.scalars = 2, .vectors = 1, .edges = 0, .graphs = 0}}});
}

}  // namespace

TEST_CASE("contract: a sound backbone breaks no rule") {
  const ContractReport report = report_of<Fault::none>();
  INFO(report.text());
  CHECK(report.violations().empty());
  CHECK(report.rules().size() == 18);
}

TEST_CASE("contract: each fault of a backbone breaks its rule") {
  CHECK(report_of<Fault::shape>().violates("shapes"));
  CHECK(report_of<Fault::random>().violates("deterministic"));
  CHECK(report_of<Fault::node_order>().violates("permutation"));
  CHECK(report_of<Fault::batch_mean>().violates("batching"));
  CHECK(report_of<Fault::no_rotation>().violates("rotation"));
  CHECK(report_of<Fault::no_translation>().violates("translation"));
  CHECK(report_of<Fault::gradient>().violates("gradients"));
  CHECK(report_of<Fault::unused>().violates("parameters"));
  CHECK(report_of<Fault::unsaved>().violates("save and load"));
  CHECK(report_of<Fault::empty>().violates("no nodes"));
  CHECK(report_of<Fault::coincident>().violates("coincident points"));
  CHECK(report_of<Fault::device>().violates("other device"));
}

TEST_CASE("contract: a backbone that tells left from right breaks the reflection rule alone") {
  const ContractReport report = report_of<Fault::no_reflection>();
  CHECK(report.violates("reflection"));
  CHECK_FALSE(report.violates("rotation"));
}

TEST_CASE("graph batches: complete graphs, dense views and periodic displacements") {
  const std::vector<std::int64_t> sizes{3, 1, 2};
  GraphBatch graphs = complete_graphs(sizes);
  CHECK(graphs.graph_count() == 3);
  CHECK(graphs.node_count() == 6);
  CHECK(graphs.edge_count() == 8);
  CHECK(graphs.graph_of_node().equal(torch::tensor({0, 0, 0, 1, 2, 2}, torch::kLong)));
  const at::Tensor values = torch::arange(8, torch::kFloat64);
  const at::Tensor dense = dense_of_edges(graphs, values, 4);
  CHECK(dense.sizes() == at::IntArrayRef({3, 4, 4}));
  CHECK(edges_of_dense(graphs, dense).equal(values));
  graphs.positions = torch::zeros({6, 3}, torch::kFloat64);
  graphs.lattices = 2 * torch::eye(3, torch::kFloat64).expand({3, 3, 3});
  graphs.edge_shifts = torch::zeros({8, 3}, torch::kLong);
  graphs.edge_shifts[7][1] = -1;
  CHECK(graphs.displacements()[7].equal(torch::tensor({0., -2., 0.}, torch::kFloat64)));
}
