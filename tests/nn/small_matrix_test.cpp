// SPDX-License-Identifier: MIT
#include "equigen/nn/small_matrix.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/nn/dense_gcn.h"
#include "equigen/nn/mlp.h"

namespace equigen {

using small_matrix::Activation;
using small_matrix::kLanes;

TEST_CASE("small products agree with LibTorch for all remainders of rows and columns") {
  torch::manual_seed(1);
  for (std::int64_t rows = 1; rows <= 9; ++rows) {
    for (std::int64_t groups = 1; groups <= 7; ++groups) {
      const at::Tensor a = torch::randn({rows, 5});
      const at::Tensor b = torch::randn({5, groups * kLanes});
      const at::Tensor c = torch::randn({rows, groups * kLanes});
      const at::Tensor expected = c + torch::mm(a, b);
      small_matrix::multiply({.rows = rows,
                              .columns = groups * kLanes,
                              .inner = 5,
                              .a = a.data_ptr<float>(),
                              .a_row_stride = 5,
                              .b = b.data_ptr<float>(),
                              .b_stride = groups * kLanes,
                              .c = c.data_ptr<float>(),
                              .c_stride = groups * kLanes,
                              .accumulate = true});
      CHECK(c.allclose(expected, 1e-5, 1e-5));
    }
  }
}

TEST_CASE("biases, activations and transposed factors of small products") {
  torch::manual_seed(1);
  const at::Tensor a = torch::randn({6, 4});  // used as its transpose, 4 x 6
  const at::Tensor b = torch::randn({6, 16});
  const at::Tensor row_bias = torch::randn({4});
  const at::Tensor column_bias = torch::randn({16});
  const at::Tensor plain = torch::mm(a.t(), b) + row_bias.unsqueeze(1) + column_bias;
  for (const Activation activation : {Activation::none, Activation::elu, Activation::tanh}) {
    const at::Tensor c = torch::empty({4, 16});
    small_matrix::multiply({.rows = 4,
                            .columns = 16,
                            .inner = 6,
                            .a = a.data_ptr<float>(),
                            .a_row_stride = 1,
                            .a_column_stride = 4,
                            .b = b.data_ptr<float>(),
                            .b_stride = 16,
                            .c = c.data_ptr<float>(),
                            .c_stride = 16,
                            .row_bias = row_bias.data_ptr<float>(),
                            .column_bias = column_bias.data_ptr<float>(),
                            .activation = activation});
    const at::Tensor expected = activation == Activation::none  ? plain
                                : activation == Activation::elu ? at::elu(plain)
                                                                : plain.tanh();
    CHECK(c.allclose(expected, 1e-5, 1e-6));
  }
}

TEST_CASE("the kernels' tanh is accurate everywhere") {
  const at::Tensor x = torch::linspace(-30, 30, 80000);
  const at::Tensor y = torch::empty_like(x);
  small_matrix::tanh(x.data_ptr<float>(), 1.0F, y.data_ptr<float>(), x.numel());
  CHECK((y - x.to(torch::kFloat64).tanh()).abs().max().item<double>() < 2e-7);
}

TEST_CASE("an MLP is the same function on rows and on columns") {
  torch::manual_seed(1);
  const Mlp mlp(3, 4, 8, 2);
  const at::Tensor x = torch::randn({5, 4});
  CHECK(mlp.forward_channels_first(x.t()).t().allclose(mlp.forward(x), 1e-5, 1e-6));
  CHECK(mlp.named_parameters().contains("linears.2.bias"));
  CHECK(Mlp(1, 4, 8, 2).named_parameters().contains("linear.weight"));
}

TEST_CASE("a normalised adjacency has its diagonal overwritten and clamps small row sums") {
  const at::Tensor a = torch::tensor({{{9.0F, -3.0F}, {-3.0F, 9.0F}}});
  // Row sums are 1 - 3 = -2, clamped to 1.
  CHECK(normalised_adjacency(a).equal(torch::tensor({{{1.0F, -3.0F}, {-3.0F, 1.0F}}})));
}

}  // namespace equigen
