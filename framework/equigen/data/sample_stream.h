// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "equigen/data/sample_files.h"

namespace equigen {

/// Reads a sample file (see read_sample_file()) in pieces of about `rows_at_once` records, in
/// order, on all cores, so that memory does not grow with the file. Rows and lines are those of the
/// whole file. Formats that are not made of lines or records come as one piece. Throws as
/// read_sample_file() does, and DataError for a record above 64 MB (a quote that is never closed).
void stream_sample_file(const std::filesystem::path& path, const SampleFileOptions& options,
                        const std::function<void(SampleFile)>& take,
                        std::int64_t rows_at_once = 4096);

}  // namespace equigen
