// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "crysbfn/circular_bayesian_flow.h"
#include "crystal_generator/crystal_generator.h"
#include "golden_tensors.h"

/// What the golden tests of models of crystals have in common: recorded noise, weights and models
/// whose sizes come from the files.
namespace equigen::crystal_generator::testing {

using equigen::testing::check_close;
using equigen::testing::golden_tensors;

/// Makes the components of the plugins that are linked known, once.
void register_components();

/// Gives recorded tensors in order.
class RecordedNoise final : public RowNoise {
 public:
  explicit RecordedNoise(std::deque<at::Tensor> tensors = {}) : tensors_(std::move(tensors)) {}
  void add(const at::Tensor& tensor) { tensors_.push_back(tensor); }
  at::Tensor normal(at::IntArrayRef shape) override { return next(shape); }
  at::Tensor uniform(at::IntArrayRef shape) override { return next(shape); }
  bool is_used_up() const { return tensors_.empty(); }

 private:
  at::Tensor next(at::IntArrayRef shape);
  std::deque<at::Tensor> tensors_;
};

/// Observations of a recorded training step or sampling, [rows, n, 3], used from the front.
class RecordedObservations final : public crysbfn::Observations {
 public:
  RecordedObservations(const at::Tensor& angles, const at::Tensor& accuracies, bool sampling)
      : angles_(angles), accuracies_(accuracies), is_sampling_(sampling) {}
  Resultant first(const at::Tensor& data, const at::Tensor& count, RowNoise& noise) override;
  at::Tensor single(const at::Tensor& data, std::int64_t index, RowNoise& noise) override;

 private:
  at::Tensor angles_;
  at::Tensor accuracies_;
  bool is_sampling_;
  std::int64_t used_ = 0;
};

/// Keys of a component, as YAML.
config::Value options_of(const std::string& yaml);

/// The network's keys as the shapes of its weights (named `prefix` + parameter) say.
std::string network_options(const Batch& tensors, const std::string& prefix,
                            std::int64_t conditioning);

/// The network for weights named `prefix` + parameter, loaded.
std::shared_ptr<CrystalNetwork> network_of(const Batch& tensors, const std::string& prefix,
                                           std::int64_t conditioning);

/// Copies parameters named `prefix` + name into the module; every parameter must be there.
void load_parameters(torch::nn::Module& module, const Batch& tensors, const std::string& prefix);

/// The published accuracies of N steps, from schedules.safetensors.
at::Tensor published_accuracies(std::int64_t steps, std::int64_t final_accuracy = 1000);

/// Layer by layer as the papers write it, edge by edge: what the network is tested against.
struct SlowNetwork {
  at::Tensor receiver, sender, difference, embedding, first_edge_input, first_message;
  std::vector<at::Tensor> atoms;
  at::Tensor coordinates, lattice, elements;
};
SlowNetwork run_slowly(const Batch& tensors, const std::string& prefix, const at::Tensor& sizes,
                       const at::Tensor& time_features, const at::Tensor& elements,
                       const at::Tensor& angles, const at::Tensor& lattice,
                       const at::Tensor& conditioning);

}  // namespace equigen::crystal_generator::testing
