// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/tensor/batch.h"
#include "equigen/tensor/noise.h"

namespace equigen {

/// The loss of a batch: what is minimised, and named parts for the log. Scalars.
struct Loss {
  at::Tensor total;
  std::vector<std::pair<std::string, at::Tensor>> terms;
};

/// Parameters that are clipped together and stepped together. A model of several networks, each
/// trained on its own loss (GDSS), has one group for each; `total` is then their sum, since the
/// losses share no parameter.
struct ParameterGroup {
  std::string name;
  std::vector<at::Tensor> parameters;
};

/// What sample() is asked for.
struct SamplingRequest {
  std::uint64_t seed = 0;
  std::vector<std::int64_t>
      sample_indices;  ///< which samples of the endless sequence of this seed; one batch
  /// What each sample is to have, where Model::needs_conditions(): of a structure predictor,
  /// crystals whose elements and their numbers are kept.
  std::vector<Sample> conditions = {};
  at::Device device = at::kCPU;
  StopRequested stop = [] { return false; };
  std::function<void(double)> progress = [](double) {};  ///< share done of this batch, 0..1
};

/// A generative model. Built from its Config and a DataSummary; never opens files, prints or owns
/// the training loop.
class Model : public torch::nn::Module {
 public:
  static constexpr std::string_view kind = "model";
  using Create = std::shared_ptr<Model>(const DataSummary&);

  ~Model() override;

  /// Turns samples into the tensors that loss() takes. Called from loader threads at the same time:
  /// touches no parameter. Throws DataError when a sample does not fit (an element outside the
  /// vocabulary); fits() asks first.
  virtual Batch collate(std::span<const Sample> samples) const = 0;

  /// Empty when the model can be trained on `sample`, else why not ("element Br is not in the
  /// vocabulary C, N, O, F").
  virtual std::string misfit(const Sample& sample) const = 0;

  virtual Loss loss(const Batch& batch, NoiseStream& noise) = 0;

  /// Whether a sampling request must say what each sample is to have.
  virtual bool needs_conditions() const { return false; }

  /// Empty when the model can fulfil a condition of a sampling request, else why not ("it does not
  /// know element Pa"). A sample whose condition cannot be fulfilled comes back empty.
  virtual std::string unmet(const Sample& condition) const;

  /// Draws the samples with the given indices, in that order. Runs without gradients. Returns
  /// nothing when asked to stop. A molecule without atoms stands for a sample that could not be
  /// turned into one.
  virtual std::vector<Sample> sample(const SamplingRequest& request) = 0;

  /// One group named "model" with all parameters, unless overridden.
  virtual std::vector<ParameterGroup> parameter_groups() const;
};

}  // namespace equigen
