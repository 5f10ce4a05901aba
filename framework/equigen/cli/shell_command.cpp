// SPDX-License-Identifier: MIT
#include "equigen/cli/shell_command.h"

#include <string_view>

namespace equigen::cli {
namespace {

bool is_plain(std::string_view word) {
  return !word.empty() &&
         word.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%") ==
             std::string_view::npos;
}

std::string quoted(std::string_view word) {
  std::string result = "'";
  for (const char letter : word) {
    if (letter == '\'')
      result += "'\\''";
    else
      result += letter;
  }
  return result + "'";
}

}  // namespace

std::string shell_command(int count, const char* const arguments[]) {
  std::string command = "equigen";
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    command += ' ';
    command += is_plain(word) ? std::string(word) : quoted(word);
  }
  return command;
}

}  // namespace equigen::cli
