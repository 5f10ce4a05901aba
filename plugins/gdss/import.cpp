// SPDX-License-Identifier: MIT
#include "gdss/import.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <array>
#include <map>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen::gdss {
namespace {

using nlohmann::json;

/// The weights of a file, whichever its layout: by the names of the model's parameters.
struct PublishedWeights {
  Batch last;
  Batch averages;
};

constexpr std::array kNetworks = {"x", "adj"};

bool is_pytorch_layout(const ImportedFile& file) {
  return file.content.is_object() && file.content.contains("model_config") &&
         file.content.contains("x_state_dict") && file.content.contains("adj_state_dict");
}

bool is_safetensors_layout(const ImportedFile& file) {
  if (!file.content.is_object() || !file.content.contains("config")) return false;
  const json& config = file.content["config"];
  return config.is_object() && config.contains("sde") && config.contains("model");
}

[[noreturn]] void fail(const ImportedFile& file, const std::string& what) {
  throw DataError("gdss-import", fmt::format("{}: {}", file.path.string(), what),
                  "the file is no complete checkpoint of GDSS");
}

/// The keys of the published configuration, with errors that name them.
class PublishedConfig {
 public:
  PublishedConfig(const ImportedFile& file, const json& tree) : file_(file), tree_(tree) {}

  template <typename T>
  T get(const std::string& path) const {
    const json* value = find(path);
    if (value == nullptr) fail(file_, fmt::format("its configuration has no {}", path));
    return convert<T>(*value, path);
  }

  template <typename T>
  T get(const std::string& path, T otherwise) const {
    const json* value = find(path);
    return value == nullptr ? otherwise : convert<T>(*value, path);
  }

  bool contains(const std::string& path) const { return find(path) != nullptr; }

 private:
  const json* find(const std::string& path) const {
    const json* at = &tree_;
    for (const auto& key : text::split(path, '.')) {
      if (!at->is_object() || !at->contains(key)) return nullptr;
      at = &(*at)[key];
    }
    return at;
  }

  template <typename T>
  T convert(const json& value, const std::string& path) const {
    try {
      return value.get<T>();
    } catch (const json::exception&) {
      fail(file_, fmt::format("{} in its configuration is {}", path, value.dump()));
    }
  }

  const ImportedFile& file_;
  const json& tree_;
};

/// Tensors whose names begin with `prefix`, in the file's order, without it.
std::vector<std::pair<std::string, at::Tensor>> below(const Batch& tensors,
                                                      const std::string& prefix) {
  std::vector<std::pair<std::string, at::Tensor>> found;
  for (const auto& [name, tensor] : tensors.tensors()) {
    if (name.starts_with(prefix)) found.emplace_back(name.substr(prefix.size()), tensor);
  }
  return found;
}

/// Data-parallel training put this in front of every name.
std::string without_wrapper(const std::string& name) {
  constexpr std::string_view kWrapper = "module.";
  return name.starts_with(kWrapper) ? name.substr(kWrapper.size()) : name;
}

/// The averages are a list in the order of the parameters, which is that of the state dict.
void add_averages(const ImportedFile& file, const std::string& network,
                  const std::vector<std::pair<std::string, at::Tensor>>& state, Batch& averages) {
  const auto shadows = below(file.tensors, fmt::format("ema_{}/shadow_params/", network));
  if (shadows.empty()) return;
  if (shadows.size() != state.size()) {
    fail(file, fmt::format("ema_{} has {} averages for {} parameters", network, shadows.size(),
                           state.size()));
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (shadows[i].second.sizes() != state[i].second.sizes()) {
      fail(file, fmt::format("average {} of ema_{} has another shape than {}", i, network,
                             state[i].first));
    }
    averages.set(fmt::format("{}.{}", network, without_wrapper(state[i].first)), shadows[i].second);
  }
}

PublishedWeights pytorch_weights(const ImportedFile& file) {
  PublishedWeights weights;
  for (const std::string network : kNetworks) {
    const auto state = below(file.tensors, network + "_state_dict/");
    if (state.empty()) fail(file, fmt::format("it has no tensors in {}_state_dict", network));
    for (const auto& [name, tensor] : state)
      weights.last.set(fmt::format("{}.{}", network, without_wrapper(name)), tensor);
    add_averages(file, network, state, weights.averages);
  }
  return weights;
}

PublishedWeights safetensors_weights(const ImportedFile& file) {
  PublishedWeights weights;
  for (const std::string network : kNetworks) {
    for (const auto& [name, tensor] : below(file.tensors, network + "."))
      weights.last.set(fmt::format("{}.{}", network, name), tensor);
    for (const auto& [name, tensor] : below(file.tensors, fmt::format("ema_{}.", network)))
      weights.averages.set(fmt::format("{}.{}", network, name), tensor);
  }
  if (weights.last.size() == 0 && weights.averages.size() == 0)
    fail(file, "it has no tensors x.*, adj.*, ema_x.* or ema_adj.*");
  return weights;
}

json sde_options(const ImportedFile& file, const PublishedConfig& config,
                 const std::string& field) {
  const auto path = "sde." + field + ".";
  const auto type = text::lower(config.get<std::string>(path + "type"));
  json options = {{"type", type}, {"num_scales", config.get<std::int64_t>(path + "num_scales")}};
  const bool exploding = type == "ve";
  if (!exploding && type != "vp" && type != "subvp")
    fail(file, fmt::format("{}type '{}' is not supported", path, type));
  options[exploding ? "sigma_min" : "beta_min"] = config.get<double>(path + "beta_min");
  options[exploding ? "sigma_max" : "beta_max"] = config.get<double>(path + "beta_max");
  return options;
}

json network_options(const ImportedFile& file, const PublishedConfig& config) {
  const auto node_network = config.get<std::string>("model.x");
  if (node_network != "ScoreNetworkX" && node_network != "ScoreNetworkX_GMH")
    fail(file, fmt::format("the node network {} is not supported", node_network));
  if (const auto network = config.get<std::string>("model.adj"); network != "ScoreNetworkA")
    fail(file, fmt::format("the adjacency network {} is not supported", network));
  if (const auto layer = config.get<std::string>("model.conv", "GCN"); layer != "GCN")
    fail(file, fmt::format("the attention layer {} is not supported", layer));
  json options = {{"node_score", node_network == "ScoreNetworkX" ? "gcn" : "attention"}};
  const std::map<std::string, std::string> keys = {
      {"hidden_features", "nhid"},
      {"attention_features", "adim"},
      {"depth", "depth"},
      {"num_layers", "num_layers"},
      {"num_linear_layers", "num_linears"},
      {"initial_channels", "c_init"},
      {"hidden_channels", "c_hid"},
      {"final_channels", "c_final"},
      {"heads", "num_heads"},
  };
  for (const auto& [key, published] : keys)
    options[key] = config.get<std::int64_t>("model." + published);
  return options;
}

/// The molecule checkpoints do not store their sampler: the paper's settings (ZINC250k: the second
/// version of the weights came with another noise factor).
json published_molecule_sampler(const PublishedConfig& config) {
  const bool zinc = config.get<std::string>("data.data") == "ZINC250k";
  const bool second_version = config.get<std::string>("model.x") == "ScoreNetworkX_GMH";
  const double scale = !zinc ? 0.7 : second_version ? 0.8 : 0.9;
  return {{"predictor", "reverse"},
          {"corrector", "langevin"},
          {"signal_to_noise_ratio", 0.2},
          {"scale_epsilon", scale},
          {"epsilon", 1e-4}};
}

json sampler_options(const PublishedConfig& config) {
  if (!config.contains("sampler.predictor")) return published_molecule_sampler(config);
  return {{"predictor", text::lower(config.get<std::string>("sampler.predictor"))},
          {"corrector", text::lower(config.get<std::string>("sampler.corrector"))},
          {"signal_to_noise_ratio", config.get<double>("sampler.snr")},
          {"scale_epsilon", config.get<double>("sampler.scale_eps")},
          {"corrector_steps", config.get<std::int64_t>("sampler.n_steps", 1)},
          {"probability_flow", config.get<bool>("sample.probability_flow", false)},
          {"denoise", config.get<bool>("sample.noise_removal", true)},
          {"epsilon", config.get<double>("sample.eps", 1e-4)}};
}

/// Element channels in the published order.
json elements_of(const ImportedFile& file, const PublishedConfig& config) {
  const auto count = config.get<std::int64_t>("data.max_feat_num");
  if (count == 4) return {"C", "N", "O", "F"};
  if (count == 9) return {"C", "N", "O", "F", "P", "S", "Cl", "Br", "I"};
  fail(file,
       fmt::format("a vocabulary of {} elements is not known: 4 (QM9) or 9 (ZINC250k) are", count));
}

json model_options(const ImportedFile& file, const PublishedConfig& config, bool molecules) {
  json options = {
      {"features", molecules ? "elements" : "degree"},
      {"max_nodes", config.get<std::int64_t>("data.max_node_num")},
      {"network", network_options(file, config)},
      {"sde",
       {{"node", sde_options(file, config, "x")}, {"adjacency", sde_options(file, config, "adj")}}},
      {"loss",
       {{"reduce", config.get<bool>("train.reduce_mean", false) ? "mean" : "sum"},
        {"epsilon", config.get<double>("train.eps", 1e-5)}}},
      {"sampler", sampler_options(config)}};
  if (molecules)
    options["elements"] = elements_of(file, config);
  else
    options["degree_classes"] = config.get<std::int64_t>("data.max_feat_num");
  return options;
}

}  // namespace

void GdssImporter::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Published weights of GDSS (.pth, or .safetensors converted from them).");
}

GdssImporter::GdssImporter(const Config&) {}

bool GdssImporter::recognises(const ImportedFile& file) const {
  return is_pytorch_layout(file) || is_safetensors_layout(file);
}

ImportedModel GdssImporter::convert(const ImportedFile& file) const {
  const bool pytorch = is_pytorch_layout(file);
  const PublishedConfig config(file, file.content.at(pytorch ? "model_config" : "config"));
  auto weights = pytorch ? pytorch_weights(file) : safetensors_weights(file);
  const auto init = config.get<std::string>("data.init");
  if (init != "deg" && init != "atom")
    fail(file, fmt::format("node features '{}' are not supported: deg or atom are", init));
  const bool molecules = init == "atom";

  ImportedModel model;
  model.type = "gdss";
  model.structure = molecules ? "molecule" : "graph";
  model.options = model_options(file, config, molecules);
  model.dataset = text::lower(config.get<std::string>("data.data"));
  model.max_size = config.get<std::int64_t>("data.max_node_num");
  // Some published files hold nothing but the averages, since these are what is sampled with.
  const bool averages_only = weights.last.size() == 0;
  model.weights = averages_only ? weights.averages : weights.last;
  model.ema = weights.averages;
  const bool use_ema = averages_only || config.get<bool>("sample.use_ema", false);
  model.sampling = {{"use_ema", use_ema},
                    {"seed", config.get<std::int64_t>("sample.seed", 42)},
                    {"batch_size", config.get<std::int64_t>("data.batch_size")}};
  return model;
}

}  // namespace equigen::gdss
