// SPDX-License-Identifier: MIT
#include "equigen/train/batch_loader.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"

// Of the OpenMP runtime that LibTorch links; null where LibTorch was built without OpenMP.
extern "C" void omp_set_num_threads(int) __attribute__((weak));

namespace equigen {
namespace {

constexpr std::size_t kNamedReasons = 5;

// A loader thread that calls LibTorch would start a team of threads of its own beside the
// training's; the limit set here is the calling thread's alone.
void use_one_thread_here() {
  at::init_num_threads();
  if (omp_set_num_threads) omp_set_num_threads(1);
}

void report_misfits(const UsableSamples& usable, std::size_t total, const std::string& purpose) {
  if (usable.misfit_count == 0) return;
  log::warning(fmt::format("{} of {} {} samples do not fit the model and are left out: {}{}",
                           usable.misfit_count, total, purpose, text::join(usable.reasons, "; "),
                           usable.has_more_reasons ? "; ..." : ""));
}

}  // namespace

UsableSamples find_usable_samples(const Model& model, std::span<const Sample> samples) {
  std::vector<std::string> misfits(samples.size());
  parallel_for(std::ssize(samples), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    misfits[index] = model.misfit(samples[index]);
  });
  UsableSamples usable;
  std::map<std::string, std::int64_t> counts;
  std::vector<std::size_t> firsts;  // of each reason
  for (std::size_t i = 0; i < misfits.size(); ++i) {
    if (misfits[i].empty()) {
      usable.indices.push_back(static_cast<std::int64_t>(i));
      continue;
    }
    ++usable.misfit_count;
    if (++counts[misfits[i]] == 1) firsts.push_back(i);
  }
  for (const std::size_t first : firsts) {
    if (usable.reasons.size() == kNamedReasons) break;
    const std::int64_t more = counts[misfits[first]] - 1;
    usable.reasons.push_back(fmt::format("sample {}{}: {}", first,
                                         more > 0 ? fmt::format(" and {} more", more) : "",
                                         misfits[first]));
  }
  usable.has_more_reasons = firsts.size() > usable.reasons.size();
  return usable;
}

BatchLoader::BatchLoader(const Model& model, std::span<const Sample> samples,
                         const LoaderOptions& options, const std::string& purpose)
    : model_(model), samples_(samples), options_(options) {
  UsableSamples usable = find_usable_samples(model, samples);
  report_misfits(usable, samples.size(), purpose);
  if (usable.indices.empty()) {
    throw DataError("data-no-usable-sample",
                    samples.empty()
                        ? fmt::format("the {} set is empty", purpose)
                        : fmt::format("none of the {} {} samples fits the model: {}",
                                      samples.size(), purpose, text::join(usable.reasons, "; ")),
                    "check the data set and the model's vocabulary and size limits");
  }
  usable_ = std::move(usable.indices);
  misfit_count_ = usable.misfit_count;
  if (options_.batch_limit > 0) {
    const auto limit = static_cast<std::size_t>(options_.batch_limit * options_.batch_size);
    if (usable_.size() > limit) usable_.resize(limit);
  }
}

BatchLoader::~BatchLoader() {
  stop_threads();
}

std::int64_t BatchLoader::batches_per_epoch() const {
  return (sample_count() + options_.batch_size - 1) / options_.batch_size;
}

LoaderPosition BatchLoader::position_of(std::int64_t number) const {
  return {number / batches_per_epoch(), number % batches_per_epoch()};
}

LoaderPosition BatchLoader::position() const {
  const std::scoped_lock lock(mutex_);
  return position_of(wanted_);
}

void BatchLoader::seek(LoaderPosition position) {
  stop_threads();
  ready_.clear();
  orders_.clear();
  wanted_ = position.epoch * batches_per_epoch() + position.batch;
  claimed_ = wanted_;
}

void BatchLoader::start_threads() {
  stopping_ = false;
  for (std::int64_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

void BatchLoader::stop_threads() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void BatchLoader::work() {
  use_one_thread_here();
  const torch::NoGradGuard no_gradients;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || claimed_ < wanted_ + options_.prefetch; });
    if (stopping_) return;
    const std::int64_t number = claimed_++;
    lock.unlock();
    Result result = collate(number);
    lock.lock();
    ready_.emplace(number, std::move(result));
    changed_.notify_all();
  }
}

std::vector<std::int64_t> BatchLoader::samples_of(LoaderPosition position) {
  const std::scoped_lock lock(mutex_);
  auto [order, is_new] = orders_.try_emplace(position.epoch);
  if (is_new) {
    order->second = usable_;
    if (options_.shuffle) {
      RandomStream random(options_.seed, "shuffle", static_cast<std::uint64_t>(position.epoch));
      random.shuffle(std::span(order->second));
    }
    const std::int64_t oldest_needed = position_of(wanted_).epoch;
    std::erase_if(orders_, [&](const auto& entry) { return entry.first < oldest_needed; });
    order = orders_.find(position.epoch);
  }
  const auto begin = static_cast<std::size_t>(position.batch * options_.batch_size);
  const auto end =
      std::min(begin + static_cast<std::size_t>(options_.batch_size), order->second.size());
  return {order->second.begin() + static_cast<std::ptrdiff_t>(begin),
          order->second.begin() + static_cast<std::ptrdiff_t>(end)};
}

BatchLoader::Result BatchLoader::collate(std::int64_t number) {
  Result result;
  try {
    const torch::NoGradGuard no_gradients;
    result.loaded.position = position_of(number);
    const std::vector<std::int64_t> chosen = samples_of(result.loaded.position);
    std::vector<Sample> samples;
    samples.reserve(chosen.size());
    for (const std::int64_t i : chosen) samples.push_back(samples_[static_cast<std::size_t>(i)]);
    result.loaded.batch = model_.collate(samples);
    result.loaded.count = std::ssize(samples);
  } catch (...) {
    result.failure = std::current_exception();
  }
  return result;
}

LoadedBatch BatchLoader::next() {
  Result result;
  if (options_.threads == 0) {
    const std::int64_t number = wanted_;
    result = collate(number);
    ++wanted_;
  } else {
    if (threads_.empty()) start_threads();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.contains(wanted_); });
    auto node = ready_.extract(wanted_);
    result = std::move(node.mapped());
    ++wanted_;
    lock.unlock();
    changed_.notify_all();
  }
  if (result.failure) std::rethrow_exception(result.failure);
  return std::move(result.loaded);
}

}  // namespace equigen
