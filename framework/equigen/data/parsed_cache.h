// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "equigen/data/sample_files.h"

namespace equigen {

/// Parsed data as compact bytes, closed by their SHA-256.
std::string encode_sample_file(const SampleFile& file);

/// Reads what encode_sample_file() wrote; nothing when a byte is missing or altered.
std::optional<SampleFile> decode_sample_file(std::string_view bytes);

/// Returns `file` from the cache folder, or makes it and puts it there. `key` says all that the
/// content depends on (the hash of a source file, reader options). A damaged entry is made anew
/// with a warning; a folder that cannot be written costs a warning, too, never the run.
SampleFile cached(const std::filesystem::path& folder, const std::string& key,
                  const std::function<SampleFile()>& make);

/// What read_sample_file() finds, from the cache folder when a file of the same content was read
/// before.
SampleFile read_cached_file(const std::filesystem::path& path, const SampleFileOptions& options,
                            const std::filesystem::path& folder);

}  // namespace equigen
