// SPDX-License-Identifier: MIT
#include "equigen/download/download_api.h"

#include "equigen/download/fetch_dataset.h"
#include "equigen/version.h"

namespace {

equigen::FetchResult fetch(const equigen::PublicDataset& dataset,
                           const std::filesystem::path& folder,
                           const equigen::FetchSettings& settings) {
  equigen::download::DownloadOptions options;
  options.stop = settings.stop;
  return equigen::download::fetch_dataset(dataset, folder, settings.force, options);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const equigen::DownloadApi* equigen_download();

const equigen::DownloadApi* equigen_download() {
  static const equigen::DownloadApi api{EQUIGEN_VERSION, fetch};
  return &api;
}
