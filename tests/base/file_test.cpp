// SPDX-License-Identifier: MIT
#include "equigen/base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "catch.h"
#include "equigen/base/error.h"
#include "paths.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;

TEST_CASE("file: what is written atomically is read back, compressed or not") {
  const TemporaryFolder folder;
  const std::string content = "first\r\nsecond\n\nlast";
  for (const char* name : {"plain.txt", "packed.txt.gz"}) {
    write_file_atomically(folder / name, content);
    CHECK(read_file(folder / name) == content);
    std::vector<std::string> lines;
    read_lines(folder / name, [&](std::string_view line, std::int64_t) {
      lines.emplace_back(line);
      return true;
    });
    CHECK(lines == std::vector<std::string>{"first", "second", "", "last"});
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("file: a truncated gzip stream is an error, not short data") {
  const TemporaryFolder folder;
  const std::string packed = gzip_compress(std::string(100000, 'x') + "end");
  std::ofstream(folder / "cut.gz", std::ios::binary) << packed.substr(0, packed.size() - 10);
  CHECK_THROWS_AS(read_file(folder / "cut.gz"), DataError);
}

TEST_CASE("file: missing files, folders and too large files are named") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_file(folder / "none.txt"), ContainsSubstring("none.txt"));
  CHECK_THROWS_AS(read_file(folder.path()), DataError);
  write_file_atomically(folder / "big.txt", std::string(1000, 'x'));
  CHECK_THROWS_AS(read_file(folder / "big.txt", 100), DataError);
}

TEST_CASE("file: a full disk leaves the old file and no temporary one") {
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryFolder folder;
  // A symbolic link in place of the temporary file sends the bytes to a device that is always full.
  write_file_atomically(folder / "data.txt", "old");
  const auto temporary = folder / fmt::format("data.txt.{}.tmp", ::getpid());
  std::filesystem::create_symlink("/dev/full", temporary);
  CHECK_THROWS_AS(write_file_atomically(folder / "data.txt", "new"), ResourceError);
  CHECK(read_file(folder / "data.txt") == "old");
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(temporary)));
}

TEST_CASE("file: checksums are SHA-256") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const TemporaryFolder folder;
  write_file_atomically(folder / "abc", "abc");
  CHECK(sha256_of_file(folder / "abc") == sha256("abc"));
  CHECK(format_extension("A/Molecules.SMI.gz") == ".smi");
}
