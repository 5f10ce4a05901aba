// SPDX-License-Identifier: MIT
#include "gdss/gdss_config.h"

namespace equigen::gdss {

void NetworkConfig::declare(config::Declaration<NetworkConfig>& keys) {
  using C = NetworkConfig;
  keys.doc("The two score networks: of the node features and of the adjacency.");
  keys.field("node_score", &C::node_score,
             "network of the node features: graph convolutions, or attention layers")
      .choices({"gcn", "attention"});
  keys.field("hidden_features", &C::hidden_features, "width of node features and values")
      .range(1, 4096);
  keys.field("attention_features", &C::attention_features,
             "width of queries and keys; a multiple of heads")
      .range(1, 4096);
  keys.field("depth", &C::depth, "layers of the node network").range(1, 64);
  keys.field("num_layers", &C::num_layers, "attention layers of the adjacency network")
      .range(1, 64);
  keys.field("num_linear_layers", &C::num_linear_layers,
             "linear layers of the network that mixes adjacency channels pair by pair")
      .range(1, 16);
  keys.field("initial_channels", &C::initial_channels, "powers of the adjacency at the start")
      .range(1, 16);
  keys.field("hidden_channels", &C::hidden_channels, "adjacency channels between layers")
      .range(1, 256);
  keys.field("final_channels", &C::final_channels, "adjacency channels of the last layer")
      .range(1, 256);
  keys.field("heads", &C::heads, "attention heads").range(1, 64);
}

void FieldSdeConfig::declare(config::Declaration<FieldSdeConfig>& keys) {
  using C = FieldSdeConfig;
  keys.doc("The forward process of one field, time 0 to 1.");
  keys.field("type", &C::type, "variance preserving, variance exploding or sub-variance preserving")
      .choices({"vp", "ve", "subvp"});
  keys.field("beta_min", &C::beta_min, "noise rate at time 0 (vp, subvp)").at_least(0);
  keys.field("beta_max", &C::beta_max, "noise rate at time 1 (vp, subvp)").above(0);
  keys.field("sigma_min", &C::sigma_min, "standard deviation at time 0 (ve)").above(0);
  keys.field("sigma_max", &C::sigma_max,
             "standard deviation at time 1 (ve); samplers start from N(0, 1) whatever it is")
      .above(0);
  keys.field("num_scales", &C::num_scales, "steps of the sampler, the same for both fields")
      .range(2, 1000000)
      .at_sampling();
}

void SystemConfig::declare(config::Declaration<SystemConfig>& keys) {
  using C = SystemConfig;
  keys.doc("The system of SDEs.");
  keys.field("node", &C::node, "process of the node features");
  keys.field("adjacency", &C::adjacency, "process of the adjacency");
}

void LossConfig::declare(config::Declaration<LossConfig>& keys) {
  using C = LossConfig;
  keys.doc("Denoising score matching of both fields.");
  keys.field("reduce", &C::reduce,
             "half the sum over a sample's entries, or their mean (padding included)")
      .choices({"sum", "mean"});
  keys.field("likelihood_weighting", &C::likelihood_weighting,
             "weigh times by the squared diffusion");
  keys.field("epsilon", &C::epsilon, "smallest time that is trained").above(0).below(1);
}

void SamplerConfig::declare(config::Declaration<SamplerConfig>& keys) {
  using C = SamplerConfig;
  keys.doc("The solver of the reverse system.");
  keys.field("predictor", &C::predictor,
             "Euler-Maruyama, reverse diffusion, or the S4 splitting (which includes a correction)")
      .choices({"euler", "reverse", "s4"});
  keys.field("corrector", &C::corrector, "Langevin steps before each predictor step, or none")
      .choices({"langevin", "none"});
  keys.field("signal_to_noise_ratio", &C::signal_to_noise_ratio,
             "size of a Langevin step; 0: no correction")
      .at_least(0);
  keys.field("scale_epsilon", &C::scale_epsilon, "factor of a Langevin step's noise").at_least(0);
  keys.field("corrector_steps", &C::corrector_steps, "Langevin steps a correction (not s4)")
      .range(1, 1000);
  keys.field("probability_flow", &C::probability_flow,
             "follow the ordinary differential equation: no noise in the predictor (not s4)");
  keys.field("denoise", &C::denoise, "return the mean of the last step");
  keys.field("epsilon", &C::epsilon, "time at which sampling ends").above(0).below(1);
  keys.field(
      "coupled_batch", &C::coupled_batch,
      "average the norms of Langevin steps over the batch, as published: samples then depend "
      "on the batch they are drawn in");
}

void GdssConfig::declare(config::Declaration<GdssConfig>& keys) {
  using C = GdssConfig;
  keys.doc(
      "Graphs by a system of SDEs over node features and adjacency (Jo, Lee, Hwang, ICML 2022).");
  keys.field("features", &C::features,
             "what describes a node: its degree (graphs) or its element (molecules); auto: by the "
             "data")
      .choices({"auto", "degree", "elements"});
  keys.field("max_nodes", &C::max_nodes, "largest graph; 0: of the training data").range(0, 100000);
  keys.field("degree_classes", &C::degree_classes,
             "classes of the degree, 0 to one less than this; 0: of the training data")
      .range(0, 100000);
  keys.field(
      "elements", &C::elements,
      "element symbols in the order of the feature channels (published weights need theirs); "
      "empty: those of the training data by atomic number");
  keys.field("network", &C::network, "the score networks");
  keys.field("sde", &C::sde, "the forward processes");
  keys.field("loss", &C::loss, "the training loss");
  keys.field("sampler", &C::sampler, "the solver").at_sampling();
}

}  // namespace equigen::gdss
