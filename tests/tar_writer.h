// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <string>

namespace equigen::testing {

/// One entry of a tar archive as ustar writes it; `type` '0' is a file, 'L' a long name of GNU's,
/// 'x' a pax header.
inline std::string tar_entry(const std::string& name, const std::string& content, char type = '0') {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(124, fmt::format("{:011o}", content.size()));
  put(136, "00000000000");
  put(148, "        ");
  header[156] = type;
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  put(148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  const std::size_t padding = (512 - content.size() % 512) % 512;
  return header + content + std::string(padding, '\0');
}

inline std::string tar_end() {
  return std::string(1024, '\0');
}

/// "LENGTH path=NAME\n", whose length counts itself.
inline std::string pax_path(const std::string& name) {
  const std::string record = " path=" + name + "\n";
  std::size_t length = record.size() + 1;
  while (fmt::format("{}", length).size() + record.size() != length) ++length;
  return fmt::format("{}", length) + record;
}

}  // namespace equigen::testing
