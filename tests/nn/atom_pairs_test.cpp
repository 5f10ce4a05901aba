// SPDX-License-Identifier: MIT
#include "equigen/nn/atom_pairs.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "catch.h"

namespace equigen {
namespace {

constexpr std::int64_t kWidth = 7;

std::shared_ptr<const AtomPairs> example_pairs(bool self_edges) {
  return std::make_shared<const AtomPairs>(std::vector<std::int64_t>{3, 1, 5, 2}, self_edges,
                                           at::kCPU);
}

/// Random terms in double precision that ask for gradients.
PairTerms example_terms(const AtomPairs& pairs) {
  const auto random = [](std::vector<std::int64_t> shape) {
    return torch::randn(shape, torch::kFloat64).set_requires_grad(true);
  };
  PairTerms terms;
  terms.receiver = random({pairs.atom_count(), kWidth});
  terms.sender = random({pairs.atom_count(), kWidth});
  terms.crystal = random({pairs.crystal_count(), kWidth});
  terms.antisymmetric = random({pairs.pair_count(), kWidth});
  terms.symmetric = random({pairs.pair_count(), kWidth});
  if (pairs.self_edges()) terms.self = random({kWidth});
  return terms;
}

std::vector<at::Tensor> gradients(const PairTerms& terms, const at::Tensor& sums,
                                  const at::Tensor& weights) {
  std::vector<at::Tensor> inputs{terms.receiver, terms.sender, terms.crystal, terms.antisymmetric,
                                 terms.symmetric};
  if (terms.self.defined()) inputs.push_back(terms.self);
  return torch::autograd::grad({(sums * weights).sum()}, inputs);
}

}  // namespace

TEST_CASE("rows are added up and averaged by crystal, and a crystal without rows gives zero") {
  const at::Tensor values = torch::tensor({{1.F, 2.F}, {3.F, 5.F}, {7.F, 11.F}});
  const at::Tensor crystal = torch::tensor({2, 0, 2}, torch::kLong);
  CHECK(sum_by_crystal(values, crystal, 4)
            .equal(torch::tensor({{3.F, 5.F}, {0.F, 0.F}, {8.F, 13.F}, {0.F, 0.F}})));
  CHECK(mean_by_crystal(values, crystal, 4)
            .equal(torch::tensor({{3.F, 5.F}, {0.F, 0.F}, {4.F, 6.5F}, {0.F, 0.F}})));
  CHECK(mean_by_crystal(values.select(1, 0), crystal, 3).equal(torch::tensor({3.F, 0.F, 4.F})));
}

TEST_CASE("atom pairs list each pair of a crystal once and each edge in both directions") {
  for (const bool self_edges : {true, false}) {
    const auto pairs = example_pairs(self_edges);
    CHECK(pairs->atom_count() == 11);
    CHECK(pairs->pair_count() == 3 + 0 + 10 + 1);
    CHECK(pairs->edge_count() == 2 * pairs->pair_count() + (self_edges ? 11 : 0));
    const AtomPairs::Edges& edges = pairs->edges();
    for (std::int64_t e = 0; e < pairs->edge_count(); ++e) {
      const auto i = edges.receiver[e].item<std::int64_t>();
      const auto j = edges.sender[e].item<std::int64_t>();
      CHECK(edges.sign[e].item<int>() == (i < j ? 1 : i > j ? -1 : 0));
      CHECK(pairs->crystal_of_atom()[i].item<std::int64_t>() ==
            edges.crystal[e].item<std::int64_t>());
      if (i == j) continue;
      const auto pair = edges.pair[e].item<std::int64_t>();
      CHECK(pairs->first_of_pair()[pair].item<std::int64_t>() == std::min(i, j));
      CHECK(pairs->second_of_pair()[pair].item<std::int64_t>() == std::max(i, j));
    }
  }
}

TEST_CASE("edge sums equal those by index, gradients too") {
  torch::manual_seed(3);
  for (const bool self_edges : {true, false}) {
    const auto pairs = example_pairs(self_edges);
    const PairTerms terms = example_terms(*pairs);
    const at::Tensor fast = edge_sums(pairs, terms);
    const at::Tensor slow = edge_sums_by_index(*pairs, terms);
    CHECK(fast.allclose(slow, 1e-12, 1e-12));
    const at::Tensor weights = torch::randn_like(fast);
    const auto of_fast = gradients(terms, fast, weights);
    const auto of_slow = gradients(terms, slow, weights);
    for (std::size_t i = 0; i < of_fast.size(); ++i)
      CHECK(of_fast[i].allclose(of_slow[i], 1e-12, 1e-12));
  }
}

TEST_CASE("means over senders equal those by index, gradients too") {
  torch::manual_seed(4);
  for (const bool self_edges : {true, false}) {
    const auto pairs = example_pairs(self_edges);
    const at::Tensor messages =
        torch::randn({pairs->edge_count(), kWidth}, torch::kFloat64).set_requires_grad(true);
    const at::Tensor fast = mean_over_senders(pairs, messages);
    const at::Tensor slow = mean_over_senders_by_index(*pairs, messages);
    CHECK(fast.allclose(slow, 1e-12, 1e-12));
    const at::Tensor weights = torch::randn_like(fast);
    CHECK(torch::autograd::grad({(fast * weights).sum()}, {messages})[0].allclose(
        torch::autograd::grad({(slow * weights).sum()}, {messages})[0], 1e-12, 1e-12));
  }
}

TEST_CASE("edge sums outlive the pairs they were made from until the backward pass") {
  auto pairs = example_pairs(true);
  const PairTerms terms = example_terms(*pairs);
  const at::Tensor sums = edge_sums(pairs, terms).sum();
  pairs.reset();
  sums.backward();
  CHECK(terms.receiver.grad().defined());
}

}  // namespace equigen
