// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "equigen/tensor/batch.h"

namespace equigen {

/// What torch.save() wrote: its tensors by path, and the rest.
///
/// A path joins the keys that lead to a tensor with '/' ("x_state_dict/layers.0.weight",
/// "ema_x/shadow_params/3"). In `content`, which keeps the tree of dicts and lists, its place holds
/// {"$tensor": path}. A dict subclass (OrderedDict, EasyDict) becomes an object; an instance of
/// another class {"$class": "module.Name", "state": {...}}: opaque, refused only by who needs it.
struct PytorchCheckpoint {
  Batch tensors;
  nlohmann::json content;
};

/// Reads a .pth or .pt file of torch.save(): the zip format (since 1.6) and the older one. Nothing
/// from the file is executed: calls other than those that rebuild tensors, numpy scalars and plain
/// containers are refused by name, classes are never imported.
/// Throws DataError that names the file and what is wrong: no PyTorch file, a TorchScript archive,
/// truncated, malformed, a refused call, a tensor outside its storage, nesting above 100 levels.
PytorchCheckpoint read_pytorch_checkpoint(const std::filesystem::path& path);

}  // namespace equigen
