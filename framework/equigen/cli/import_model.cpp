// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/cli/commands.h"
#include "equigen/cli/engine.h"

namespace equigen::cli {

int import_model(const ImportArguments& arguments) {
  const std::string recognised =
      engine().import_model({arguments.file, arguments.data, arguments.output});
  fmt::print("{}: {}\nwritten to {}; draw from it with: equigen sample {} -n 1000 -o samples\n",
             arguments.file.string(), recognised, arguments.output.string(),
             arguments.output.string());
  return 0;
}

}  // namespace equigen::cli
