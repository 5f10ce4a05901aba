// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/data/sample_files.h"
#include "equigen/model/sampling.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kStateFormat = 2;

fs::path state_file_of(const fs::path& file) {
  return file.string() + ".state.json";
}

/// What must be equal for a file to be continued.
json state_of(const FileJob& job, std::uint64_t seed) {
  return {{"format", kStateFormat}, {"seed", seed}, {"origin", job.origin}};
}

std::int64_t size_of(const fs::path& file) {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(file, failure);
  return failure ? 0 : static_cast<std::int64_t>(size);
}

/// The state beside a file; null where there is none that can be read.
json read_state(const fs::path& file) {
  if (!fs::exists(state_file_of(file))) return {};
  json state = json::parse(read_file(state_file_of(file)), nullptr, /*allow_exceptions=*/false);
  const bool is_state = state.is_object() && state.value("format", json()) == kStateFormat &&
                        state.value("origin", json()).is_object();
  return is_state ? state : json();
}

/// Why a file does not hold the beginning of the wanted samples; empty when it does.
std::string difference(const fs::path& file, const json& wanted) {
  const json found = read_state(file);
  if (found.is_null()) return "nothing says what it was made from";
  std::vector<std::string> others;
  if (const json seed = found.value("seed", json()); seed != wanted.at("seed"))
    others.push_back(fmt::format("seed ({}, now {})", seed.dump(), wanted.at("seed").dump()));
  for (const auto& [part, digest] : wanted.at("origin").items()) {
    if (found.at("origin").value(part, json()) != digest) others.push_back(part);
  }
  if (!others.empty())
    return fmt::format("its samples were drawn with another {}", text::join(others, ", another "));
  const json size = found.value("size", json());
  return size.is_null() || size == size_of(file) ? "" : "it was changed after it was drawn";
}

[[noreturn]] void refuse_other(const fs::path& file, const std::string& reason) {
  throw ConfigError("sampling-file-exists",
                    fmt::format("{} is there already, and {}", file.string(), reason),
                    "name another file with -o, or replace it with --restart");
}

[[noreturn]] void refuse_longer(const fs::path& file, std::int64_t found, std::int64_t wanted) {
  throw ConfigError("sampling-file-longer",
                    fmt::format("{} holds {} of these samples already, more than the {} asked for",
                                file.string(), found, wanted),
                    "name another file with -o, or replace it with --restart");
}

/// How many samples a file of the same samples says it was finished with.
std::optional<std::int64_t> finished_count(const fs::path& file) {
  const json count = read_state(file).value("count", json());
  return count.is_number_integer() ? std::optional(count.get<std::int64_t>()) : std::nullopt;
}

/// Goes on in the file where it is of the same samples, else begins it.
FileJobResult draw_into(Model& model, const fs::path& file, json state, DrawOptions options) {
  const bool resume = fs::exists(file) && difference(file, state).empty();
  if (resume && finished_count(file) == options.count)
    return {.written = options.count, .resumed = options.count};
  const auto writer = open_sample_writer(file, resume);
  if (writer->count() > options.count) refuse_longer(file, writer->count(), options.count);
  write_file_atomically(state_file_of(file), state.dump(1) + "\n");
  FileJobResult result;
  result.resumed = writer->count();
  if (result.resumed > 0)
    log::info(fmt::format("{} samples are in {} already", result.resumed, file.string()));
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
  if (drawn == options.count) {
    // From here on the file is recognised by its size, too.
    state["size"] = size_of(file);
    state["count"] = result.written;
    write_file_atomically(state_file_of(file), state.dump(1) + "\n");
  }
  return result;
}

/// An earlier replacement is only of use when it is the beginning of this one.
void drop_other_replacement(const fs::path& replacement, const json& state, std::int64_t count) {
  if (!fs::exists(replacement)) return;
  if (difference(replacement, state).empty() &&
      open_sample_writer(replacement, /*append=*/true)->count() <= count)
    return;
  fs::remove(state_file_of(replacement));
  fs::remove(replacement);
}

void rename_file(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure) {
    throw ResourceError("file-write", fmt::format("cannot rename {} to {}: {}", from.string(),
                                                  to.string(), failure.message()));
  }
}

/// Draws beside the file, which stays as it is until all samples are there.
FileJobResult draw_replacement(Model& model, const fs::path& file, const json& state,
                               const DrawOptions& options) {
  const fs::path folder = file.string() + ".replacement";
  const fs::path replacement = folder / file.filename();
  make_folder(folder);
  drop_other_replacement(replacement, state, options.count);
  const FileJobResult result = draw_into(model, replacement, state, options);
  if (result.written < options.count) return result;
  // Whatever of this is left undone, no file stands beside the state of another.
  fs::remove(state_file_of(file));
  rename_file(replacement, file);
  rename_file(state_file_of(replacement), state_file_of(file));
  std::error_code ignored;
  fs::remove(folder, ignored);
  return result;
}

/// Pipes, devices and empty files have nothing that could be lost.
bool holds_something(const fs::path& file) {
  return fs::is_regular_file(file) && size_of(file) > 0;
}

}  // namespace

FileJobResult draw_samples_to_file(Model& model, const FileJob& job, const DrawOptions& options) {
  const json state = state_of(job, options.seed);
  if (!holds_something(job.file)) return draw_into(model, job.file, state, options);
  const std::string reason = difference(job.file, state);
  if (!reason.empty() && job.existing == ExistingFile::keep) refuse_other(job.file, reason);
  if (!reason.empty() || job.existing == ExistingFile::replace)
    return draw_replacement(model, job.file, state, options);
  return draw_into(model, job.file, state, options);
}

}  // namespace equigen
