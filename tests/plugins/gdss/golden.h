// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "equigen/tensor/safetensors.h"
#include "gdss/gdss_model.h"
#include "golden_tensors.h"

/// The golden files of GDSS: a folder of tensors made with the published code.
namespace equigen::gdss::testing {

using equigen::testing::check_close;

/// A file of the golden folder, or nothing (with a warning in the test's output) when it is not
/// there.
std::optional<TensorFile> golden_file(const std::string& name);

/// Everything before the first dot of the tensors' names.
std::set<std::string> cases_of(const Batch& tensors);

/// What a test may change of a published configuration.
struct Changes {
  std::optional<std::int64_t> num_scales;
  std::optional<std::string> reduce;
  std::optional<bool> likelihood_weighting;
};

/// The model with published weights of a set ("QM9"): the last ones, or the averages where only
/// those are stored. Null (with a warning) when the weights are not beside the checkout.
std::shared_ptr<GdssModel> published_model(const std::string& set, const Changes& changes = {});

/// Copies parameters named `prefix` + name into the model; every parameter must be there.
void load_parameters(torch::nn::Module& module, const Batch& tensors, const std::string& prefix);

}  // namespace equigen::gdss::testing
