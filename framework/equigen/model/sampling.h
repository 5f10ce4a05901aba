// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/data/sample.h"
#include "equigen/model/model.h"

namespace equigen {

struct DrawOptions {
  std::int64_t count = 0;
  std::int64_t first_index = 0;  ///< samples first_index .. first_index + count - 1 of the seed
  std::int64_t batch_size = 128;
  std::uint64_t seed = 0;
  /// Where Model::needs_conditions(): sample i has condition i / samples_per_condition, and after
  /// the last the first again.
  std::vector<Sample> conditions = {};
  std::int64_t samples_per_condition = 1;
  at::Device device = at::kCPU;
  bool show_progress = true;
  StopRequested stop = [] { return false; };
};

/// Draws samples batch by batch, under inference mode, and hands each batch to `receive` in order
/// of index. A batch that needs more memory than there is is halved, and the log says so.
/// Returns how many were drawn: fewer than `count` only when asked to stop.
/// Throws ResourceError when not even one sample fits, ConfigError when the model needs conditions
/// and there are none.
std::int64_t draw_samples(Model& model, const DrawOptions& options,
                          const std::function<void(std::vector<Sample>)>& receive);

/// The same, collected.
std::vector<Sample> draw_samples(Model& model, const DrawOptions& options);

/// What happens to a samples file that is there already and holds something.
enum class ExistingFile {
  keep,           ///< the same samples are gone on with; other content is an error
  replace_other,  ///< the same samples are gone on with; other content is replaced
  replace,        ///< all is drawn anew
};

struct FileJob {
  std::filesystem::path file;
  /// What decides the samples besides the seed, each with a digest: {"checkpoint", "1f3a..."}. The
  /// names stand in messages: "its samples were drawn with another checkpoint".
  std::map<std::string, std::string> origin;
  ExistingFile existing = ExistingFile::keep;
};

struct FileJobResult {
  std::int64_t written = 0;  ///< samples in the file
  std::int64_t resumed = 0;  ///< of these, from an earlier call
  double seconds = 0;        ///< of this call
};

/// Draws samples into a file so that a job that was killed goes on where it was, and a finished one
/// is recognised and can be made longer: beside FILE stands FILE.state.json with the seed and the
/// origin and, once all are there, the file's size. A replacement is drawn in the folder
/// FILE.replacement (where it is also gone on with) and takes the file's place when it is whole.
/// Throws ConfigError when the file holds something else and is to be kept, or more samples than
/// are asked for; ResourceError.
FileJobResult draw_samples_to_file(Model& model, const FileJob& job, const DrawOptions& options);

}  // namespace equigen
