// SPDX-License-Identifier: MIT
#include <torch/autograd.h>
#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "gdss/fused_networks.h"
#include "gdss/pair_channels.h"
#include "plugins/gdss/golden.h"
#include "plugins/gdss/oracle.h"

namespace equigen::gdss::testing {
namespace {

/// Widths that are no multiples of the kernels' lanes, so that padding inside them is tested too.
NetworkSizes odd_sizes() {
  return {.node_classes = 5,
          .hidden_features = 12,
          .attention_features = 8,
          .depth = 2,
          .num_layers = 3,
          .num_linear_layers = 2,
          .initial_channels = 2,
          .hidden_channels = 3,
          .final_channels = 2,
          .heads = 4};
}

struct Graphs {
  at::Tensor x;
  at::Tensor adjacency;
  at::Tensor flags;
};

/// Noised graphs; flags are not a prefix in the second, and the third has no node at all.
Graphs noisy_graphs(std::int64_t nodes, std::int64_t classes) {
  torch::manual_seed(7);
  const at::Tensor flags = torch::ones({3, nodes});
  flags[1][2] = 0;
  flags[1][nodes - 1] = 0;
  flags[2].zero_();
  const at::Tensor upper = torch::randn({3, nodes, nodes}).triu(1);
  const at::Tensor mask = flags.unsqueeze(-1) * flags.unsqueeze(-2);
  return {torch::randn({3, nodes, classes}) * flags.unsqueeze(-1),
          (upper + upper.transpose(1, 2)) * mask, flags};
}

template <typename Network>
void compare_with_oracle() {
  torch::manual_seed(3);
  const Network network(odd_sizes());
  const Graphs graphs = noisy_graphs(11, 5);
  const GraphMask mask(graphs.flags);
  const at::Tensor expected = oracle(network, graphs.x, graphs.adjacency, graphs.flags).detach();
  check_close("with gradients", network.forward(graphs.x, graphs.adjacency, mask), expected, 1e-5,
              1e-4);
  const c10::InferenceMode inference;
  check_close("inference", network.forward(graphs.x, graphs.adjacency, mask), expected, 1e-5, 1e-4);
}

/// The gradients of all parameters and of x and the adjacency, fast against obvious.
template <typename Network>
void compare_gradients_with_oracle() {
  torch::manual_seed(3);
  const Network network(odd_sizes());
  Graphs graphs = noisy_graphs(7, 5);
  const auto gradients = [&](bool fast) {
    const at::Tensor x = graphs.x.clone().requires_grad_();
    const at::Tensor adjacency = graphs.adjacency.clone().requires_grad_();
    // Only symmetric changes of the adjacency make sense: the fast code reads one triangle.
    const at::Tensor symmetric =
        (adjacency + adjacency.transpose(1, 2)) / 2 * GraphMask(graphs.flags).pairs;
    const at::Tensor y = fast ? network.forward(x, symmetric, GraphMask(graphs.flags))
                              : oracle(network, x, symmetric, graphs.flags);
    std::vector<at::Tensor> inputs{x, adjacency};
    for (const auto& parameter : network.parameters()) inputs.push_back(parameter);
    return torch::autograd::grad({(y * torch::cos(y)).sum()}, inputs, {}, false, false, true);
  };
  const auto fast = gradients(true);
  const auto slow = gradients(false);
  for (std::size_t k = 0; k < slow.size(); ++k) {
    if (!slow[k].defined()) {
      CHECK_FALSE(fast[k].defined());
    } else {
      REQUIRE(fast[k].defined());
      const double largest = slow[k].abs().max().template item<double>();
      check_close("input " + std::to_string(k), fast[k], slow[k], 1e-5 + 1e-4 * largest, 1e-3);
    }
  }
}

}  // namespace

TEST_CASE("the fast GDSS networks agree with the obvious ones") {
  compare_with_oracle<ConvolutionNodeScore>();
  compare_with_oracle<AttentionNodeScore>();
  compare_with_oracle<AdjacencyScore>();
}

TEST_CASE("the gradients of the fast GDSS networks agree with the obvious ones'") {
  compare_gradients_with_oracle<ConvolutionNodeScore>();
  compare_gradients_with_oracle<AttentionNodeScore>();
  compare_gradients_with_oracle<AdjacencyScore>();
}

TEST_CASE("the attention kernel's gradient agrees with finite differences") {
  torch::manual_seed(5);
  const AttentionWidths widths{3, 4, 5, 2, 0.4F};
  const Graphs graphs = noisy_graphs(5, 3);
  const at::Tensor channels = pack_pairs(torch::stack({graphs.adjacency, -0.5 * graphs.adjacency}));
  std::vector<at::Tensor> inputs{graphs.x, channels, 0.5 * torch::randn({2, 3, 13}),
                                 0.5 * torch::randn({2, 13})};
  const auto value = [&](const std::vector<at::Tensor>& at) {
    const ChannelAttention result =
        channel_attention(at[0], at[1], at[2], at[3], graphs.flags, widths);
    return result.values.sin().sum() + (2 * result.maps).sin().sum();
  };
  for (at::Tensor& input : inputs) input = input.clone().requires_grad_();
  const auto gradients = torch::autograd::grad({value(inputs)}, inputs);
  const at::NoGradGuard no_gradient;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    for (int direction = 0; direction < 3; ++direction) {
      at::Tensor step = torch::randn_like(inputs[k]);
      if (k == 0) step = step * graphs.flags.unsqueeze(-1);
      if (k == 1) step = step * pack_pairs(graphs.flags.unsqueeze(-1) * graphs.flags.unsqueeze(-2));
      const auto moved = [&](double size) {
        std::vector<at::Tensor> at = inputs;
        at[k] = inputs[k] + size * step;
        return value(at).item<double>();
      };
      const double numeric = (moved(5e-3) - moved(-5e-3)) / 1e-2;
      INFO("input " << k);
      CHECK((gradients[k] * step).sum().item<double>() ==
            Approx(numeric).epsilon(0.02).margin(0.02));
    }
  }
}

TEST_CASE("LibTorch's operators and the kernel compute the same attention") {
  torch::manual_seed(5);
  const AttentionWidths widths{5, 8, 6, 4, 0.3F};
  const Graphs graphs = noisy_graphs(9, 5);
  const at::Tensor channels = pack_pairs(torch::stack({graphs.adjacency, graphs.adjacency.cos()}));
  const at::Tensor weight = torch::randn({2, 5, 22});
  const at::Tensor bias = torch::randn({2, 22});
  const auto slow = channel_attention_by_operators(graphs.x, channels, weight, bias, widths);
  const auto fast = channel_attention(graphs.x, channels, weight, bias, {}, widths);
  check_close("values", fast.values, slow.values, 1e-5, 1e-4);
  check_close("maps", fast.maps, slow.maps, 1e-5, 1e-4);
}

TEST_CASE("GDSS networks are equivariant under permutations of the nodes") {
  torch::manual_seed(3);
  const ConvolutionNodeScore nodes(odd_sizes());
  const AdjacencyScore adjacency(odd_sizes());
  const Graphs graphs = noisy_graphs(9, 5);
  const at::Tensor order = torch::randperm(9);
  const auto permuted = [&](const at::Tensor& pairs) {
    return pairs.index_select(1, order).index_select(2, order);
  };
  const GraphMask mask(graphs.flags);
  const GraphMask permuted_mask(graphs.flags.index_select(1, order));
  const at::Tensor x = graphs.x.index_select(1, order);
  const at::Tensor a = permuted(graphs.adjacency);
  check_close("nodes", nodes.forward(x, a, permuted_mask),
              nodes.forward(graphs.x, graphs.adjacency, mask).index_select(1, order).detach(), 1e-5,
              1e-4);
  check_close("adjacency", adjacency.forward(x, a, permuted_mask),
              permuted(adjacency.forward(graphs.x, graphs.adjacency, mask)).detach(), 1e-5, 1e-4);
}

TEST_CASE("padding and the rest of the batch change no score, to the last bit") {
  torch::manual_seed(3);
  const AdjacencyScore network(odd_sizes());
  const Graphs graphs = noisy_graphs(9, 5);
  const c10::InferenceMode inference;
  const at::Tensor all = network.forward(graphs.x, graphs.adjacency, GraphMask(graphs.flags));
  const at::Tensor x = torch::constant_pad_nd(graphs.x.narrow(0, 0, 1), {0, 0, 0, 4});
  const at::Tensor adjacency =
      torch::constant_pad_nd(graphs.adjacency.narrow(0, 0, 1), {0, 4, 0, 4});
  const at::Tensor flags = torch::constant_pad_nd(graphs.flags.narrow(0, 0, 1), {0, 4});
  const at::Tensor alone = network.forward(x, adjacency, GraphMask(flags));
  CHECK(alone[0].narrow(0, 0, 9).narrow(1, 0, 9).equal(all[0]));
}

TEST_CASE("graphs without edges or nodes give finite scores") {
  const AdjacencyScore network(odd_sizes());
  const at::Tensor x = torch::zeros({2, 4, 5});
  const at::Tensor adjacency = torch::zeros({2, 4, 4});
  const at::Tensor flags = torch::tensor({{1.0F, 1.0F, 1.0F, 1.0F}, {0.0F, 0.0F, 0.0F, 0.0F}});
  const at::Tensor score = network.forward(x, adjacency, GraphMask(flags));
  CHECK(score.isfinite().all().item<bool>());
  CHECK(score[1].abs().max().item<float>() == 0.0F);
}

TEST_CASE("an attention width that heads cannot share is refused") {
  NetworkSizes sizes = odd_sizes();
  sizes.attention_features = 10;
  CHECK_THROWS_AS(AdjacencyScore(sizes), ConfigError);
}

}  // namespace equigen::gdss::testing
