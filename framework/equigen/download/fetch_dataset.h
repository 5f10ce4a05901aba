// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/download/download_api.h"
#include "equigen/download/download_file.h"

namespace equigen::download {

/// Fetches the files of a data set into `folder` and makes their stored form. Files that are there
/// are checked, not fetched again (unless `force`). What no publisher vouches for is recorded in
/// fetched.json beside it, and checked from then on. Throws DataError ("fetch-differs" for a file
/// that is there with another content; what download_file() throws), ResourceError.
FetchResult fetch_dataset(const PublicDataset& dataset, const std::filesystem::path& folder,
                          bool force, const DownloadOptions& options);

}  // namespace equigen::download
