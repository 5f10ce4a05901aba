// SPDX-License-Identifier: MIT
#include "equigen/model/sampling.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <new>
#include <numeric>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/log.h"

namespace equigen {
namespace {

/// LibTorch reports a lack of memory on the CPU as a plain error; its text tells.
bool tells_of_memory(const c10::Error& failure) {
  const std::string text = failure.what_without_backtrace();
  return text.find("out of memory") != std::string::npos ||
         text.find("allocate memory") != std::string::npos ||
         text.find("enough memory") != std::string::npos;
}

/// Nothing when there was not enough memory.
std::optional<std::vector<Sample>> try_batch(Model& model, const SamplingRequest& request) {
  try {
    const c10::InferenceMode inference;
    return model.sample(request);
  } catch (const std::bad_alloc&) {
    return std::nullopt;
  } catch (const c10::Error& failure) {
    if (!tells_of_memory(failure)) throw;
    return std::nullopt;
  }
}

std::int64_t halved(std::int64_t batch_size) {
  if (batch_size == 1) {
    throw ResourceError("sampling-memory", "there is not enough memory to draw a single sample",
                        "use a smaller model or a machine with more memory");
  }
  const std::int64_t smaller = (batch_size + 1) / 2;
  log::warning(fmt::format("not enough memory for a batch of {} samples; going on with {}",
                           batch_size, smaller));
  return smaller;
}

void add_conditions(SamplingRequest& request, const DrawOptions& options) {
  const auto count = std::ssize(options.conditions);
  for (const std::int64_t index : request.sample_indices) {
    const std::int64_t condition = index / options.samples_per_condition % count;
    request.conditions.push_back(options.conditions[static_cast<std::size_t>(condition)]);
  }
}

void require_conditions(const Model& model, const DrawOptions& options) {
  if (!model.needs_conditions() || !options.conditions.empty()) return;
  throw ConfigError("sampling-conditions",
                    "the model predicts structures, but there are no compositions to predict for",
                    "give --formula SrTiO3, or --compositions with a data set or file");
}

void require_count(const std::vector<Sample>& samples, std::int64_t wanted) {
  if (std::ssize(samples) == wanted) return;
  throw Error(
      ExitCode::bug, "sampling-count",
      fmt::format("the model returned {} samples where {} were asked for", samples.size(), wanted));
}

}  // namespace

std::int64_t draw_samples(Model& model, const DrawOptions& options,
                          const std::function<void(std::vector<Sample>)>& receive) {
  model.eval();
  require_conditions(model, options);
  std::optional<Progress> progress;
  const std::int64_t end = options.first_index + options.count;
  if (options.show_progress) progress.emplace("sampling", end, "samples");
  std::int64_t batch_size = std::max<std::int64_t>(options.batch_size, 1);
  std::int64_t next = options.first_index;
  while (next < end && !options.stop()) {
    SamplingRequest request;
    request.seed = options.seed;
    request.device = options.device;
    request.stop = options.stop;
    request.sample_indices.resize(static_cast<std::size_t>(std::min(batch_size, end - next)));
    std::iota(request.sample_indices.begin(), request.sample_indices.end(), next);
    if (model.needs_conditions()) add_conditions(request, options);
    const std::int64_t wanted = std::ssize(request.sample_indices);
    if (progress) {
      progress->update(static_cast<double>(next));
      request.progress = [&](double share) {
        progress->update(static_cast<double>(next) + share * static_cast<double>(wanted));
      };
    }
    auto samples = try_batch(model, request);
    if (!samples) {
      batch_size = halved(wanted);
      continue;
    }
    if (samples->empty() && options.stop()) break;
    require_count(*samples, wanted);
    receive(std::move(*samples));
    next += wanted;
  }
  if (progress) progress->update(static_cast<double>(next));
  return next - options.first_index;
}

std::vector<Sample> draw_samples(Model& model, const DrawOptions& options) {
  std::vector<Sample> all;
  draw_samples(model, options, [&](std::vector<Sample> batch) {
    std::ranges::move(batch, std::back_inserter(all));
  });
  return all;
}

}  // namespace equigen
