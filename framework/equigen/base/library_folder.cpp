// SPDX-License-Identifier: MIT
#include "equigen/base/library_folder.h"

#include <dlfcn.h>

#include <system_error>

namespace equigen {

std::filesystem::path library_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&library_folder), &info) == 0 ||
      info.dli_fname == nullptr)
    return {};
  std::error_code failure;
  const auto library = std::filesystem::canonical(info.dli_fname, failure);
  return failure ? std::filesystem::path{} : library.parent_path();
}

}  // namespace equigen
