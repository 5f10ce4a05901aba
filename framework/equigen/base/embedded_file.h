// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace equigen {

/// A file that equigen_embed_folder() compiled into the program.
struct EmbeddedFile {
  std::string_view path;  ///< below the embedded folder, "dataset/src/plugin.cpp"
  std::string_view content;
};

}  // namespace equigen
