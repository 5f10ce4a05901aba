// SPDX-License-Identifier: MIT
#include "equigen/base/tar_archive.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>
#include <vector>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "paths.h"
#include "tar_writer.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

Entries entries_of(const std::string& archive, const std::string& name = "a.tar",
                   std::uint64_t limit = 1 << 20) {
  const TemporaryFolder folder;
  std::ofstream(folder / name, std::ios::binary)
      << (name.ends_with(".gz") ? gzip_compress(archive) : archive);
  Entries found;
  for_each_tar_entry(
      folder / name, [](std::string_view entry) { return !entry.ends_with(".md"); },
      [&](std::string_view entry, std::string content) {
        found.emplace_back(entry, std::move(content));
      },
      [&](std::string_view entry, std::string reason) {
        found.emplace_back(entry, "skipped: " + reason);
      },
      limit);
  return found;
}

}  // namespace

TEST_CASE("tar: files are read in their order, folders and others are passed over") {
  const std::string archive = tar_entry("x/", "", '5') + tar_entry("x/1.cif", "one") +
                              tar_entry("README.md", "text") + tar_entry("link", "", '2') +
                              tar_entry("2.cif", std::string(1000, 'b')) + tar_entry("3", "");
  const Entries expected{{"x/1.cif", "one"}, {"2.cif", std::string(1000, 'b')}, {"3", ""}};
  CHECK(entries_of(archive + tar_end()) == expected);
  CHECK(entries_of(archive) == expected);  // some programs write no end
  CHECK(entries_of(archive + tar_end(), "a.tar.gz") == expected);
}

TEST_CASE("tar: long names of GNU and pax stand in front of their file") {
  const std::string name = fmt::format("{:n>150}.cif", "");
  const Entries expected{{name, "one"}, {"short", "two"}};
  CHECK(entries_of(tar_entry("././@LongLink", name + '\0', 'L') + tar_entry("nnn", "one") +
                   tar_entry("short", "two") + tar_end()) == expected);
  CHECK(entries_of(tar_entry("pax", "12 mtime=12\n" + pax_path(name), 'x') +
                   tar_entry("nnn", "one") + tar_entry("short", "two") + tar_end()) == expected);
  std::string prefixed = tar_entry("1.cif", "one");
  CHECK(entries_of(tar_entry("g", "13 comment=a\n", 'g') + prefixed + tar_end()) ==
        Entries{{"1.cif", "one"}});
}

TEST_CASE("tar: what is too large is skipped, what is damaged refused") {
  const std::string archive = tar_entry("a", std::string(600, 'x')) + tar_entry("b", "y");
  CHECK(entries_of(archive, "a.tar", 599) ==
        Entries{{"a", "skipped: larger than 0 MB"}, {"b", "y"}});
  CHECK_THROWS_AS(entries_of(""), DataError);
  CHECK_THROWS_AS(entries_of("no archive"), DataError);
  CHECK_THROWS_AS(entries_of(std::string(2000, 'q')), DataError);
  CHECK_THROWS_AS(entries_of(archive.substr(0, 700)), DataError);
  std::string damaged = archive;
  damaged[130] = '7';
  CHECK_THROWS_AS(entries_of(damaged), DataError);
  CHECK_THROWS_AS(entries_of(archive + "rest"), DataError);
}

TEST_CASE("tar: whatever is damaged, reading ends with files or an error") {
  const std::string archive = tar_entry("././@LongLink", std::string(130, 'n') + '\0', 'L') +
                              tar_entry("n", "one") + tar_entry("pax", pax_path("long"), 'x') +
                              tar_entry("l", std::string(700, 'x')) + tar_end();
  RandomStream random(1, "damaged tar archives");
  const auto below = [&](std::size_t count) {
    return static_cast<std::size_t>(random.uniform() * static_cast<double>(count));
  };
  int refused = 0;
  for (int round = 0; round < 120; ++round) {
    std::string damaged = archive.substr(0, archive.size() - (round % 3 == 0 ? below(3000) : 0));
    for (int k = 0; k < 1 + round % 4; ++k)
      damaged[below(damaged.size())] = static_cast<char>(below(256));
    try {
      for (const auto& [name, content] : entries_of(damaged)) CHECK(content.size() <= 4096);
    } catch (const DataError&) {
      ++refused;
    }
  }
  CHECK(refused > 20);
}
