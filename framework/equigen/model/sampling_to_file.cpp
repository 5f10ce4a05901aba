// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/data/sample_files.h"
#include "equigen/model/sampling.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// What must be equal for a file to be continued.
json state_of(const FileJob& job, std::uint64_t seed) {
  return {{"format", 1}, {"seed", seed}, {"origin", job.origin}};
}

bool can_continue(const FileJob& job, const fs::path& state_file, const json& state) {
  if (!fs::exists(job.file) || !fs::exists(state_file)) return false;
  return json::parse(read_file(state_file), nullptr, /*allow_exceptions=*/false) == state;
}

}  // namespace

FileJobResult draw_samples_to_file(Model& model, const FileJob& job, DrawOptions options) {
  const fs::path state_file = job.file.string() + ".state.json";
  const json state = state_of(job, options.seed);
  const bool resume = can_continue(job, state_file, state);
  const auto writer = open_sample_writer(job.file, resume);
  if (!resume) write_file_atomically(state_file, state.dump(1) + "\n");
  FileJobResult result;
  result.resumed = std::min(writer->count(), options.count);
  if (result.resumed > 0) {
    log::info(fmt::format("{} samples are in {} already", result.resumed, job.file.string()));
  }
  options.first_index += result.resumed;
  options.count -= result.resumed;
  const auto started = std::chrono::steady_clock::now();
  const std::int64_t drawn = draw_samples(model, options, [&](std::vector<Sample> batch) {
    writer->write(batch);
    writer->flush();
  });
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  result.written = writer->count();
  if (drawn == options.count) fs::remove(state_file);
  return result;
}

}  // namespace equigen
