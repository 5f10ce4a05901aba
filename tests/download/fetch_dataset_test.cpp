// SPDX-License-Identifier: MIT
#include "equigen/download/fetch_dataset.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "http_server.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::download;
using namespace equigen::testing;

namespace fs = std::filesystem;

namespace {

constexpr const char* kTable = "smiles\nC\nCO\nCCO\n";
constexpr const char* kMolecules = "C\nCO\nCCO\n";

DownloadOptions quick() {
  DownloadOptions options;
  options.first_wait_s = 0.01;
  options.attempts = 2;
  return options;
}

PublicDataset one_file(const std::string& url, const std::string& path) {
  PublicDataset dataset;
  dataset.name = "small";
  dataset.files.push_back({.path = path,
                           .urls = {url},
                           .size = {},
                           .sha256 = {},
                           .md5 = {},
                           .steps = {"drop_first_line"},
                           .text_sha256 = {},
                           .checked = {}});
  return dataset;
}

}  // namespace

TEST_CASE("fetch: a download becomes the stored form, checked by the text's checksum") {
  log::set_level(log::Level::error);
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest& request) { return serve_ranges(request, kTable); });
  auto dataset = one_file(server.url("/table.csv"), "small/molecules.smi.gz");
  dataset.files[0].text_sha256 = sha256(kMolecules);
  const auto result = fetch_dataset(dataset, folder.path(), false, quick());
  REQUIRE(result.files.size() == 1);
  CHECK(result.files[0].checked);
  CHECK(result.files[0].state == FetchedFile::State::downloaded);
  CHECK(read_file(folder / "small/molecules.smi.gz") == kMolecules);
  CHECK(sha256_of_file(folder / "small/molecules.smi.gz") != sha256(kMolecules));
  CHECK(std::distance(fs::directory_iterator(folder / "small"), {}) == 2);

  SECTION("a second time it is there") {
    const auto again = fetch_dataset(dataset, folder.path(), false, quick());
    CHECK(again.files[0].state == FetchedFile::State::present);
    CHECK(server.requests().size() == 1);
  }
  SECTION("one that was altered is named, not silently replaced") {
    write_file_atomically(folder / "small/molecules.smi.gz", "N\n");
    CHECK_THROWS_AS(fetch_dataset(dataset, folder.path(), false, quick()), DataError);
    CHECK(fetch_dataset(dataset, folder.path(), true, quick()).files[0].checked);
    CHECK(read_file(folder / "small/molecules.smi.gz") == kMolecules);
  }
  SECTION("another text is refused") {
    dataset.files[0].text_sha256 = sha256("other");
    CHECK_THROWS_AS(fetch_dataset(dataset, folder.path(), true, quick()), DataError);
    CHECK(read_file(folder / "small/molecules.smi.gz") == kMolecules);
  }
}

TEST_CASE("fetch: a checksum that nobody states is recorded and held to from then on") {
  log::set_level(log::Level::error);
  const TemporaryFolder folder;
  std::string body = kTable;
  const HttpServer server([&](const HttpRequest& request) { return serve_ranges(request, body); });
  const auto dataset = one_file(server.url("/table.csv"), "small/molecules.smi");
  const auto first = fetch_dataset(dataset, folder.path(), false, quick());
  CHECK_FALSE(first.files[0].checked);
  const auto record = nlohmann::json::parse(read_file(folder / "small/fetched.json"));
  CHECK(record["files"]["molecules.smi"]["text_sha256"] == sha256(kMolecules));
  CHECK(record["files"]["molecules.smi"]["url"] == server.url("/table.csv"));
  CHECK(fetch_dataset(dataset, folder.path(), true, quick()).files[0].checked);

  body = "smiles\nN\n";
  try {
    fetch_dataset(dataset, folder.path(), true, quick());
    FAIL("a file that changed at its source was accepted");
  } catch (const DataError& error) {
    CHECK_THAT(error.message(), ContainsSubstring("recorded on"));
  }
  CHECK(read_file(folder / "small/molecules.smi") == kMolecules);

  write_file_atomically(folder / "small/fetched.json", "{");
  CHECK_THROWS_AS(fetch_dataset(dataset, folder.path(), true, quick()), DataError);
}

TEST_CASE("fetch: a file put there by hand is taken, and its checksum recorded") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "small/molecules.smi", kMolecules);
  const auto dataset = one_file("http://127.0.0.1:1/never", "small/molecules.smi");
  CHECK(fetch_dataset(dataset, folder.path(), false, quick()).files[0].state ==
        FetchedFile::State::unproven);
  CHECK(fetch_dataset(dataset, folder.path(), false, quick()).files[0].state ==
        FetchedFile::State::present);
}

TEST_CASE("fetch: a page in place of a list of rows is refused") {
  log::set_level(log::Level::error);
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest&) { return HttpResponse{.body = "no list"}; });
  auto dataset = one_file(server.url("/rows.json"), "small/rows.txt");
  dataset.files[0].steps = {"json_rows"};
  CHECK_THROWS_AS(fetch_dataset(dataset, folder.path(), false, quick()), DataError);
  CHECK_FALSE(fs::exists(folder / "small/rows.txt"));
}
