// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "catch.h"
#include "fuzz_targets.h"
#include "paths.h"

using namespace equigen;

namespace {

constexpr auto kLongest = std::chrono::seconds(10);

std::vector<std::filesystem::path> inputs_of(std::string_view target) {
  std::vector<std::filesystem::path> files;
  const auto folder = equigen::testing::tests_folder() / "fuzz/corpus" / target;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

TEST_CASE("fuzz corpus: " EQUIGEN_FUZZ_LAYER_NAME " readers take every saved input or refuse it") {
  for (const fuzz::Target& target : fuzz::EQUIGEN_FUZZ_LAYER()) {
    INFO(std::string(target.name));
    const auto files = inputs_of(target.name);
    CHECK(!files.empty());
    for (const auto& path : files) {
      INFO(path.filename().string());
      // As it is stored: some are gzip, which read_file() would unpack.
      std::ifstream file(path, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      const auto start = std::chrono::steady_clock::now();
      CHECK_NOTHROW(target.read(bytes));
      CHECK(std::chrono::steady_clock::now() - start < kLongest);
    }
  }
}
