// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "catch.h"
#include "paths.h"

/// Pages in a headless Chromium.
namespace equigen::testing::browser {

inline std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return output;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, count);
  ::pclose(pipe);
  return output;
}

/// The browser, or nothing where there is none.
inline std::optional<std::string> browser() {
  std::string path =
      output_of("command -v chromium || command -v chromium-browser || command -v google-chrome");
  while (!path.empty() && path.back() == '\n') path.pop_back();
  return path.empty() ? std::nullopt : std::optional(path);
}

inline std::string browse(const std::string& program, const TemporaryFolder& folder, int width,
                          const std::string& arguments, const std::filesystem::path& page) {
  const std::string profile = (folder / "profile").string();
  return output_of("timeout 100 '" + program +
                   "' --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
                   "--disable-background-networking --disable-component-update --disable-sync "
                   "--disable-dev-shm-usage --hide-scrollbars --user-data-dir='" +
                   profile + "' --window-size=" + std::to_string(width) + ",1400 " + arguments +
                   " 'file://" + page.string() + "' 2>/dev/null");
}

/// What a page's script wrote into its element `seen`.
inline nlohmann::json observed(const std::string& dom) {
  const std::string mark = "<pre id=\"seen\">";
  const std::size_t start = dom.find(mark);
  INFO(dom.substr(0, 400));
  REQUIRE(start != std::string::npos);
  const std::size_t end = dom.find("</pre>", start);
  return nlohmann::json::parse(dom.substr(start + mark.size(), end - start - mark.size()));
}

}  // namespace equigen::testing::browser
