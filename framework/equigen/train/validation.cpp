// SPDX-License-Identifier: MIT
#include "equigen/train/validation.h"

#include <torch/types.h>
#include <torch/utils.h>

#include "equigen/base/random.h"
#include "equigen/train/training_step.h"

namespace equigen {
namespace {

constexpr std::int64_t kLargestKept = std::int64_t{256} << 20;

LoaderOptions in_order(LoaderOptions options) {
  options.shuffle = false;
  options.batch_limit = 0;
  return options;
}

void add(NamedValues& sums, const std::string& name, const at::Tensor& value, std::size_t i,
         std::int64_t count) {
  if (sums.size() <= i) sums.emplace_back(name, 0.0);
  sums[i].second += value.item<double>() * static_cast<double>(count);
}

}  // namespace

Validation::Validation(Model& model, std::span<const Sample> samples, LoaderOptions options,
                       at::Device device, bool bfloat16)
    : model_(model),
      loader_(model, samples, in_order(options), "validation"),
      seed_(options.seed),
      device_(device),
      bfloat16_(bfloat16) {}

NamedValues Validation::run() {
  const torch::NoGradGuard no_gradients;
  model_.eval();
  torch::manual_seed(derive_key(seed_, "validation-library"));
  const bool all_kept = std::ssize(kept_) == loader_.batches_per_epoch();
  if (!all_kept) {
    kept_.clear();
    kept_bytes_ = 0;
    loader_.seek({0, 0});
  }
  NamedValues sums;
  for (std::int64_t b = 0; b < loader_.batches_per_epoch(); ++b) {
    LoadedBatch loaded = all_kept ? kept_[static_cast<std::size_t>(b)] : loader_.next();
    loaded.batch = loaded.batch.to(device_);
    if (!all_kept) keep(loaded);
    NoiseStream noise(derive_key(seed_, "validation", static_cast<std::uint64_t>(b)), device_,
                      {derive_key(seed_, "validation-sequence"), 0});
    const Loss loss = loss_of(model_, loaded.batch, noise, bfloat16_);
    add(sums, "loss", loss.total, 0, loaded.count);
    for (std::size_t i = 0; i < loss.terms.size(); ++i)
      add(sums, loss.terms[i].first, loss.terms[i].second, i + 1, loaded.count);
  }
  // Ends the threads' work on batches of a second pass.
  if (!all_kept) loader_.seek({0, 0});
  for (auto& [name, sum] : sums) sum /= static_cast<double>(loader_.sample_count());
  model_.train();
  return sums;
}

void Validation::keep(const LoadedBatch& loaded) {
  for (const auto& [name, tensor] : loaded.batch.tensors())
    kept_bytes_ += static_cast<std::int64_t>(tensor.nbytes());
  if (kept_bytes_ <= kLargestKept) {
    kept_.push_back(loaded);
  } else {
    kept_.clear();
  }
}

}  // namespace equigen
