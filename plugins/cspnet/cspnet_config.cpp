// SPDX-License-Identifier: MIT
#include "cspnet/cspnet_config.h"

namespace equigen::cspnet {

void CspNetConfig::declare(config::Declaration<CspNetConfig>& keys) {
  using C = CspNetConfig;
  keys.doc(
      "Messages between all atoms of a cell, from Fourier features of the differences of their "
      "fractional coordinates and the lattice (CSPNet: Jiao et al. 2023, of DiffCSP).");
  keys.field("hidden_features", &C::hidden_features, "width").range(1, 8192);
  keys.field("layers", &C::layers, "rounds of messages").range(1, 64);
  keys.field("frequencies", &C::frequencies,
             "sines and cosines of each coordinate difference, of frequency 0 to one less")
      .range(1, 4096);
  keys.field("time_embedding", &C::time_embedding,
             "sines and cosines of the step's number, or a linear map, without bias, of the share "
             "of steps")
      .choices({"sinusoidal", "linear"});
  keys.field("time_features", &C::time_features, "width of the time embedding, even")
      .range(4, 8192);
  keys.field("layer_norm", &C::layer_norm,
             "normalise the features before each layer and at the end");
  keys.field("input_bias", &C::input_bias,
             "biases in the layers that embed elements and join them with the time; without, given "
             "elements are embedded by a linear map of one-hot rows");
  keys.field("self_edges", &C::self_edges, "an atom also sends to itself");
  keys.field("edge_direction", &C::edge_direction,
             "edges also see a unit vector of their products with the lattice vectors, whose "
             "entries are as |a| cos theta, |b| cos theta', ... are to each other");
  keys.field(
          "atom_count", &C::atom_count,
          "whether the network is told the atoms in the cell: not, as a logarithm with the time, "
          "or as one of 100 classes on the edges, embedded in each layer")
      .choices({"none", "logarithm", "classes"});
  keys.field("pooling", &C::pooling, "what of a crystal's atoms the lattice is predicted from")
      .choices({"mean", "mean_and_sum"});
  keys.field(
      "lattice_bias", &C::lattice_bias,
      "predict a lattice also where the noisy one is zero (lattices as matrices), at the price "
      "of exact rotation equivariance");
}

}  // namespace equigen::cspnet
