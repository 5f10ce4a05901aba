#include "plugin_name_model.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/testing/example_samples.h"
#include "equigen/testing/model_contract.h"

using plugin_name::PluginNameModel;

TEST_CASE("plugin_name keeps the contract of a model") {
  equigen::testing::require_model_contract<PluginNameModel>();
}

TEST_CASE("the loss falls when the model is trained") {
  torch::manual_seed(1);
  const auto samples = equigen::testing::example_graphs(16);
  PluginNameModel model({}, equigen::summarise("examples", samples));
  const equigen::Batch batch = model.collate(samples);
  const auto loss_now = [&] {
    equigen::NoiseStream noise(1, at::kCPU);
    return model.loss(batch, noise).total;
  };
  const float before = loss_now().item<float>();
  for (int step = 0; step < 50; ++step) {
    model.zero_grad();
    loss_now().backward();
    const at::NoGradGuard no_gradients;
    for (at::Tensor& parameter : model.parameters()) parameter.sub_(parameter.grad(), 0.01);
  }
  CHECK(loss_now().item<float>() < before);
}

TEST_CASE("molecules are refused") {
  equigen::DataSummary summary;
  summary.structure = "molecule";
  CHECK_THROWS_AS(PluginNameModel({}, summary), equigen::ConfigError);
}
