// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/model/model.h"
#include "equigen/tensor/batch.h"

namespace equigen {

struct LoaderOptions {
  std::int64_t batch_size = 1;
  std::int64_t threads = 1;   ///< 0: batches are made when they are asked for
  std::int64_t prefetch = 4;  ///< batches made ahead
  bool shuffle = true;        ///< anew each epoch, from (seed, epoch) alone
  std::uint64_t seed = 0;
  std::int64_t batch_limit = 0;  ///< only the samples of the first so many batches; 0: all
};

/// A place in the endless sequence of batches.
struct LoaderPosition {
  std::int64_t epoch = 0;
  std::int64_t batch = 0;  ///< within the epoch

  bool operator==(const LoaderPosition&) const = default;
};

struct LoadedBatch {
  Batch batch;
  std::int64_t count = 0;  ///< samples in it
  LoaderPosition position;
};

/// Which samples the model can be trained on, and why the others not.
struct UsableSamples {
  std::vector<std::int64_t> indices;
  std::int64_t misfit_count = 0;
  /// The first few reasons, each once, with the index of its first sample and how many more there
  /// are of it.
  std::vector<std::string> reasons;
  bool has_more_reasons = false;
};

/// Asks the model about every sample, on all cores.
UsableSamples find_usable_samples(const Model& model, std::span<const Sample> samples);

/// Collates batches in its threads, ahead of need, in an order that depends only on the options.
/// The last, short batch of an epoch is kept. Samples that do not fit the model are left out,
/// counted, and reported once in the log.
class BatchLoader {
 public:
  /// `model` and `samples` must outlive the loader. `purpose` names the set in messages
  /// ("training"). Throws DataError when no sample can be used.
  BatchLoader(const Model& model, std::span<const Sample> samples, const LoaderOptions& options,
              const std::string& purpose);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  std::int64_t sample_count() const { return static_cast<std::int64_t>(usable_.size()); }
  std::int64_t misfit_count() const { return misfit_count_; }
  std::int64_t batches_per_epoch() const;

  /// The next batch will be the one at `position`.
  void seek(LoaderPosition position);
  LoaderPosition position() const;

  /// The next batch; after the last of an epoch comes the first of the next. Rethrows what
  /// collate() threw for this batch.
  LoadedBatch next();

 private:
  struct Result {
    LoadedBatch loaded;
    std::exception_ptr failure;
  };

  void start_threads();
  void stop_threads();
  void work();
  Result collate(std::int64_t number);
  LoaderPosition position_of(std::int64_t number) const;
  std::vector<std::int64_t> samples_of(LoaderPosition position);

  const Model& model_;
  std::span<const Sample> samples_;
  LoaderOptions options_;
  std::vector<std::int64_t> usable_;
  std::int64_t misfit_count_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
  std::map<std::int64_t, Result> ready_;                      ///< by batch number
  std::map<std::int64_t, std::vector<std::int64_t>> orders_;  ///< by epoch
  std::int64_t claimed_ = 0;                                  ///< next number a thread takes
  std::int64_t wanted_ = 0;                                   ///< next number next() gives
  bool stopping_ = false;
};

}  // namespace equigen
