// SPDX-License-Identifier: MIT
#include "equigen/train/optimizer.h"

#include <torch/nn/modules/linear.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/tensor/noise.h"
#include "equigen/train/ema.h"

using namespace equigen;

namespace {

std::vector<at::Tensor> parameters() {
  NoiseStream random(3, at::kCPU);
  return {random.normal({4, 3}).requires_grad_(true), random.normal({5}).requires_grad_(true)};
}

void set_gradients(std::vector<at::Tensor>& tensors, std::uint64_t step) {
  NoiseStream random(100 + step, at::kCPU);
  for (at::Tensor& tensor : tensors) tensor.mutable_grad() = random.normal(tensor.sizes());
}

template <typename Reference>
void check_against(Reference&& reference, std::vector<at::Tensor> expected,
                   const OptimizerConfig& config) {
  std::vector<at::Tensor> own = parameters();
  const auto optimizer = make_optimizer(config, {{"all", own}});
  for (std::uint64_t step = 0; step < 20; ++step) {
    set_gradients(own, step);
    set_gradients(expected, step);
    optimizer->step(config.learning_rate);
    reference.step();
  }
  for (std::size_t i = 0; i < own.size(); ++i)
    CHECK(torch::allclose(own[i], expected[i], 1e-6, 1e-7));
}

}  // namespace

TEST_CASE("optimizer: adam, adamw and sgd step as LibTorch's") {
  OptimizerConfig config;
  config.learning_rate = 0.05;
  config.weight_decay = 0.1;
  std::vector<at::Tensor> expected = parameters();
  SECTION("adam") {
    check_against(torch::optim::Adam(expected, torch::optim::AdamOptions(0.05).weight_decay(0.1)),
                  expected, config);
  }
  SECTION("adamw") {
    config.type = "adamw";
    check_against(torch::optim::AdamW(expected, torch::optim::AdamWOptions(0.05).weight_decay(0.1)),
                  expected, config);
  }
  SECTION("sgd with momentum") {
    config.type = "sgd";
    config.momentum = 0.9;
    check_against(
        torch::optim::SGD(expected, torch::optim::SGDOptions(0.05).momentum(0.9).weight_decay(0.1)),
        expected, config);
  }
}

TEST_CASE("optimizer: the first step of adam has the size of the learning rate") {
  std::vector<at::Tensor> own{torch::zeros({2}).requires_grad_(true)};
  own[0].mutable_grad() = torch::tensor({3.0F, -0.01F});
  make_optimizer({}, {{"all", own}})->step(0.1);
  CHECK(torch::allclose(own[0], torch::tensor({-0.1F, 0.1F}), 1e-4));
}

TEST_CASE("optimizer: a parameter without gradient is left alone, by weight decay too") {
  for (const char* type : {"adam", "adamw", "sgd"}) {
    std::vector<at::Tensor> own = parameters();
    const at::Tensor before = own[1].detach().clone();
    const OptimizerConfig config{.type = type, .weight_decay = 0.5};
    const auto optimizer = make_optimizer(config, {{"all", own}});
    own[0].mutable_grad() = torch::ones_like(own[0]);
    optimizer->step(0.1);
    CHECK(torch::equal(own[1], before));
    optimizer->clear_gradients();
    CHECK_FALSE(own[0].grad().defined());
  }
}

TEST_CASE("optimizer: groups are clipped by their own norm, as clip_grad_norm_ does") {
  std::vector<at::Tensor> own = parameters();
  std::vector<at::Tensor> expected = parameters();
  const auto optimizer = make_optimizer({}, {{"first", {own[0]}}, {"second", {own[1]}}});
  set_gradients(own, 1);
  set_gradients(expected, 1);
  const at::Tensor norms = optimizer->gradient_norms();
  CHECK(norms[0].item<float>() == Approx(expected[0].grad().norm().item<float>()));
  optimizer->clip_norm(norms, 0.5);
  std::vector<at::Tensor> one{expected[0]};
  torch::nn::utils::clip_grad_norm_(one, 0.5);
  CHECK(torch::allclose(own[0].grad(), expected[0].grad(), 1e-6));
  CHECK(own[1].grad().norm().item<float>() == Approx(0.5).epsilon(1e-4));
  optimizer->clip_value(0.1);
  CHECK(own[1].grad().abs().max().item<float>() <= 0.1F);
}

TEST_CASE("optimizer: a state that was stored goes on bit for bit") {
  for (const char* type : {"adam", "adamw", "sgd"}) {
    const OptimizerConfig config{.type = type, .weight_decay = 0.01, .momentum = 0.9};
    std::vector<at::Tensor> through = parameters();
    const auto optimizer = make_optimizer(config, {{"all", through}});
    std::vector<at::Tensor> resumed;
    Batch state;
    for (std::uint64_t step = 0; step < 6; ++step) {
      if (step == 3) {
        const Batch now = optimizer->state();
        for (const auto& [name, tensor] : now.tensors()) state.set(name, tensor.clone());
        for (const at::Tensor& tensor : through)
          resumed.push_back(tensor.detach().clone().requires_grad_(true));
      }
      set_gradients(through, step);
      optimizer->step(0.1);
    }
    const auto second = make_optimizer(config, {{"all", resumed}});
    second->load_state(state);
    for (std::uint64_t step = 3; step < 6; ++step) {
      set_gradients(resumed, step);
      second->step(0.1);
    }
    for (std::size_t i = 0; i < resumed.size(); ++i) CHECK(torch::equal(through[i], resumed[i]));
    const auto other = make_optimizer(config, {{"all", {torch::zeros({7}).requires_grad_(true)}}});
    CHECK_THROWS_AS(other->load_state(state), DataError);
  }
}

TEST_CASE("ema: follows the published recursion, and a scope swaps it in and out") {
  torch::nn::Linear module(2, 1);
  Ema ema({.decay = 0.999, .warm_up = true}, *module);
  double shadow = module->weight[0][0].item<double>();
  for (int k = 1; k <= 30; ++k) {
    {
      const torch::NoGradGuard no_gradients;
      module->weight.fill_(k * 0.1);
    }
    ema.update();
    const double decay = std::min(0.999, (1.0 + k) / (10.0 + k));
    shadow -= (1 - decay) * (shadow - k * 0.1);
  }
  const at::Tensor live = module->weight.detach().clone();
  {
    const Ema::Scope scope(&ema);
    CHECK(module->weight[0][0].item<double>() == Approx(shadow).epsilon(1e-5));
  }
  CHECK(torch::equal(module->weight, live));
  Ema other({.decay = 0.999, .warm_up = true}, *module);
  other.load_state(ema.state(), ema.updates());
  CHECK(torch::equal(other.state().at("weight"), ema.state().at("weight")));
  CHECK_THROWS_AS(other.load_state({}, 1), DataError);
}
