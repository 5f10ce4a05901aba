// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "equigen/base/pickle.h"

namespace equigen {

/// The two file formats of torch.save(), taken apart: the pickle, and the raw bytes of storages by
/// key.
struct PytorchContainer {
  pickle::Document document;
  std::map<std::string, std::string> storages;
};

/// Reads the container. Throws DataError as read_pytorch_checkpoint() does.
PytorchContainer read_pytorch_container(const std::filesystem::path& path);

/// Bytes of one item of a storage class ("torch.FloatStorage"); 0 for an unknown one.
std::int64_t storage_item_size(const std::string& storage_class);

}  // namespace equigen
