// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace equigen::cli {

/// The command that was typed, ready for a shell again: "equigen" and the arguments behind the
/// program's name, quoted where a shell would read them otherwise.
std::string shell_command(int count, const char* const arguments[]);

}  // namespace equigen::cli
