// SPDX-License-Identifier: MIT
#include "plugins/gdss/golden.h"

#include <nlohmann/json.hpp>

namespace equigen::gdss::testing {
namespace {

FieldSdeConfig sde_config(const nlohmann::json& published, const Changes& changes) {
  FieldSdeConfig config;
  const std::string type = published.at("type");
  config.type = type == "VP" ? "vp" : type == "VE" ? "ve" : "subvp";
  config.beta_min = config.sigma_min = published.at("beta_min");
  config.beta_max = config.sigma_max = published.at("beta_max");
  config.num_scales = changes.num_scales.value_or(published.at("num_scales").get<int>());
  return config;
}

GdssConfig config_of(const nlohmann::json& published, const Changes& changes) {
  static const std::vector<std::string> kElements{"C", "N", "O", "F", "P", "S", "Cl", "Br", "I"};
  GdssConfig config;
  const nlohmann::json& data = published.at("data");
  const nlohmann::json& model = published.at("model");
  const int features = data.at("max_feat_num");
  config.max_nodes = data.at("max_node_num");
  if (data.at("init") == "atom") {
    config.elements.assign(kElements.begin(), kElements.begin() + features);
  } else {
    config.degree_classes = features;
  }
  config.network = {.node_score = model.at("x") == "ScoreNetworkX" ? "gcn" : "attention",
                    .hidden_features = model.at("nhid"),
                    .attention_features = model.at("adim"),
                    .depth = model.at("depth"),
                    .num_layers = model.at("num_layers"),
                    .num_linear_layers = model.at("num_linears"),
                    .initial_channels = model.at("c_init"),
                    .hidden_channels = model.at("c_hid"),
                    .final_channels = model.at("c_final"),
                    .heads = model.at("num_heads")};
  config.sde = {sde_config(published.at("sde").at("x"), changes),
                sde_config(published.at("sde").at("adj"), changes)};
  config.loss.reduce = changes.reduce.value_or("sum");
  config.loss.likelihood_weighting = changes.likelihood_weighting.value_or(false);
  return config;
}

}  // namespace

std::optional<TensorFile> golden_file(const std::string& name) {
  return equigen::testing::golden_tensors("gdss", name);
}

std::set<std::string> cases_of(const Batch& tensors) {
  std::set<std::string> cases;
  for (const auto& [name, tensor] : tensors.tensors()) {
    if (const auto dot = name.find('.'); dot != std::string::npos)
      cases.insert(name.substr(0, dot));
  }
  return cases;
}

void load_parameters(torch::nn::Module& module, const Batch& tensors, const std::string& prefix) {
  const at::NoGradGuard no_gradient;
  for (const auto& parameter : module.named_parameters())
    parameter.value().copy_(tensors.at(prefix + parameter.key()));
}

std::shared_ptr<GdssModel> published_model(const std::string& set, const Changes& changes) {
  const std::optional<TensorFile> file = golden_file("ckpt_" + set + ".safetensors");
  if (!file) return nullptr;
  const auto published = nlohmann::json::parse(file->metadata.at("config"));
  DataSummary summary;
  summary.structure = published.at("data").at("init") == "atom" ? "molecule" : "graph";
  auto model = std::make_shared<GdssModel>(config_of(published, changes), summary);
  const auto& names = file->tensors.tensors();
  const bool last =
      std::ranges::any_of(names, [](const auto& entry) { return entry.first.starts_with("x."); });
  load_parameters(*model, file->tensors, last ? "" : "ema_");
  return model;
}

}  // namespace equigen::gdss::testing
