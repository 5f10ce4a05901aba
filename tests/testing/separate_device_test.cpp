// SPDX-License-Identifier: MIT
#include "equigen/testing/separate_device.h"

#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "catch.h"

using equigen::testing::separate_device;

TEST_CASE("a separate device computes what the CPU does") {
  const auto device = separate_device();
  const at::Tensor a = torch::rand({4, 3});
  const at::Tensor b = torch::rand({3, 5});
  const at::Tensor there = a.to(device);
  CHECK(there.device() == device);
  CHECK(there.cpu().equal(a));
  const at::Tensor product = torch::matmul(there, b.to(device)).relu().sum(0);
  CHECK(product.device() == device);
  CHECK(product.cpu().allclose(torch::matmul(a, b).relu().sum(0)));
  CHECK(there.t()[1].add_(1).cpu().allclose(a.t()[1] + 1));
  CHECK(there.cpu().t()[1].allclose(a.t()[1] + 1));
  const at::Tensor rows = torch::tensor({2, 0, 2}).to(device);
  CHECK(there.index_select(0, rows).cpu().equal(there.cpu().index_select(0, rows.cpu())));
  CHECK(
      torch::zeros({2, 3}, device).index_put({rows.slice(0, 1, 2)}, there[0]).sum().item<float>() ==
      Approx(there[0].sum().item<float>()));
  CHECK(torch::arange(5, device).sum().item<int>() == 10);
}

TEST_CASE("gradients pass through a separate device") {
  torch::nn::Linear layer(3, 2);
  const at::Tensor input = torch::rand({4, 3});
  layer->forward(input).tanh().pow(2).mean().backward();
  const at::Tensor expected = layer->weight.grad().clone();
  for (at::Tensor& parameter : layer->parameters()) parameter.mutable_grad() = at::Tensor();
  layer->to(separate_device());
  CHECK(layer->weight.device() == separate_device());
  layer->forward(input.to(separate_device())).tanh().pow(2).mean().backward();
  CHECK(layer->weight.grad().device() == separate_device());
  CHECK(layer->weight.grad().cpu().allclose(expected));
}

TEST_CASE("tensors of two devices do not go together") {
  const at::Tensor here = torch::rand({4});
  const at::Tensor there = torch::rand({4}).to(separate_device());
  CHECK_THROWS(there + here);
  CHECK_THROWS(torch::matmul(there, here));
  CHECK_NOTHROW(there + torch::tensor(2.0F));
}
