// SPDX-License-Identifier: MIT
#include <csignal>
#include <filesystem>
#include <string>

#include "../download/http_server.h"
#include "catch.h"
#include "equigen/base/file.h"
#include "paths.h"
#include "program.h"

using namespace equigen;
using namespace equigen::testing;

namespace fs = std::filesystem;

namespace {

ProgramResult data(std::vector<std::string> arguments, const TemporaryFolder& folder) {
  arguments.insert(arguments.begin(), "data");
  return run_program(arguments, {.folder = folder.path(),
                                 .environment = {"EQUIGEN_DATA=", "EQUIGEN_CONFIG_PATH=configs",
                                                 "XDG_DATA_HOME=" + folder.path().string()}});
}

/// Two small data sets of a project of its own, one of which has its file.
void write_project(const TemporaryFolder& folder) {
  write_file_atomically(
      folder / "configs/data/alcohols.yaml",
      "# Some alcohols. They are for tests.\ntype: molecules\nfile: alcohols.smi\n"
      "split: {test_fraction: 0.5, validation_fraction: 0}\n");
  write_file_atomically(folder / "configs/data/absent.yaml",
                        "# Graphs that are not there.\ntype: graphs\nfile: absent.g6\n");
  write_file_atomically(folder / "configs/data/wrong.yaml", "# No type.\nfile: x.g6\n");
  write_file_atomically(folder / "alcohols.smi", "CO\nCCO\nCCCO\nC1CC\nCCCCO\n");
}

std::string catalogue_of(const std::string& url, const std::string& sha256) {
  return R"({"format": "equigen-public-datasets/1", "datasets": [{"name": "tiny", "structure":
    "molecule", "description": "Three molecules", "licence": "CC0", "citation": "nobody",
    "files": [{"path": "tiny/tiny.smi", "urls": [")" +
         url + R"("], "sha256": ")" + sha256 + R"("}]}]})";
}

}  // namespace

TEST_CASE("cli: data list shows every named set, whether it is there, and its first sentence") {
  const TemporaryFolder folder;
  write_project(folder);
  const auto listed = data({"list"}, folder);
  INFO(listed.output + listed.errors);
  REQUIRE(listed.status == 0);
  CHECK_THAT(listed.output, ContainsSubstring("Some alcohols.\n"));
  for (const char* text : {"alcohols", "there", "missing", "broken", "can be fetched", "perov_5",
                           "crystal", "generated", "planar"})
    CHECK_THAT(listed.output, ContainsSubstring(text));
}

TEST_CASE("cli: data info shows files, parts, dirty rows, source and keys") {
  const TemporaryFolder folder;
  write_project(folder);
  const auto shown = data({"info", "alcohols"}, folder);
  INFO(shown.output + shown.errors);
  REQUIRE(shown.status == 0);
  for (const char* text :
       {"alcohols.yaml", "alcohols.smi  23 bytes", "training      2", "test          2",
        "left out      1", "alcohols.smi:4", "type: molecules"})
    CHECK_THAT(shown.output, ContainsSubstring(text));
  const auto crystals = data({"info", "perov_5_full"}, folder);
  CHECK(crystals.status == 0);
  CHECK_THAT(crystals.output, ContainsSubstring("equigen data fetch perov_5_full"));
  CHECK_THAT(crystals.output, ContainsSubstring("no checksum is published"));
  const auto unknown = data({"info", "alcohol"}, folder);
  CHECK(unknown.status == 3);
  CHECK_THAT(unknown.errors, ContainsSubstring("did you mean 'alcohols'"));
  CHECK(data({"info", "wrong"}, folder).status == 2);
}

TEST_CASE("cli: data inspect counts, names dirty and repeated rows, and writes a page") {
  const TemporaryFolder folder;
  write_file_atomically(
      folder / "table.csv",
      "text,SMILES,weight\n<b>,CCO,2.5\nb,OCC,3.5\nc,C1CC,1\nd,C#N,6\ne,[NH4+],1\n");
  const auto shown = data({"inspect", "table.csv", "--report", "page"}, folder);
  INFO(shown.output + shown.errors);
  REQUIRE(shown.status == 0);
  for (const char* text : {"samples", "distinct", "2 x  CCO", "table.csv:4", "weight", "Elements",
                           "triple", "Formal charges", "█"})
    CHECK_THAT(shown.output, ContainsSubstring(text));
  const std::string page = read_file(folder / "page/data.html");
  for (const char* text : {"<svg", "Elements", "table.csv:4", "Pictures"})
    CHECK_THAT(page, ContainsSubstring(text));
  CHECK(page.find("http://") == page.find("http://www.w3.org"));
  CHECK(data({"inspect", "table.csv", "--column", "weights"}, folder).status == 3);
  CHECK(data({"inspect", "perov_5"}, folder).status == 3);
  CHECK(data({"inspect", "planar", "--keep-hydrogens"}, folder).status == 2);

  write_file_atomically(
      folder / "graphs.jsonl",
      "{\"n\": 3, \"edges\": [[0, 1], [1, 2]]}\n{\"n\": 3, \"edges\": [[0, 1], [0, "
      "2]]}\n{\"n\": 2, \"edges\": [[0, 5]]}\n");
  const auto graphs = data({"inspect", "graphs.jsonl"}, folder);
  CHECK(graphs.status == 0);
  CHECK_THAT(graphs.output, ContainsSubstring("2 x  3 nodes, 2 edges"));
  CHECK_THAT(graphs.output, ContainsSubstring("graphs.jsonl:3"));
}

TEST_CASE("cli: data convert writes by name, counts dirty rows and says what is lost") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "in.csv",
                        "name,smiles,gap\nfirst,\"CCO\",1.5\nsecond,C1CC,2\nthird,C[C@H](N)O,3\n");
  const auto converted = data({"convert", "in.csv", "out.smi.gz"}, folder);
  INFO(converted.output + converted.errors);
  REQUIRE(converted.status == 0);
  CHECK(read_file(folder / "out.smi.gz") == "CCO\tfirst\tgap=1.5\nC[C@H](N)O\tthird\tgap=3\n");
  CHECK_THAT(converted.output, ContainsSubstring("2 of 3 rows"));
  CHECK_THAT(converted.errors, ContainsSubstring("in.csv:3"));

  const auto stereo = data({"convert", "out.smi.gz", "out.sdf"}, folder);
  CHECK(stereo.status == 0);
  CHECK_THAT(stereo.errors, ContainsSubstring("stereochemistry or isotopes of 1"));

  write_file_atomically(
      folder / "positions.jsonl",
      "{\"atoms\": [8, 1, 1], \"charges\": [0, 0, 0], \"bonds\": [[0, 1, 1], [0, 2, "
      "1]], \"positions\": [[0, 0, 0], [0, 0, 1], [0, 1, 0]]}\n");
  const auto flat = data({"convert", "positions.jsonl", "flat.smi"}, folder);
  CHECK(flat.status == 0);
  CHECK_THAT(flat.errors, ContainsSubstring("3-D positions of 1"));
  CHECK(read_file(folder / "flat.smi") == "O\n");
  const auto unbonded = data({"convert", "positions.jsonl", "atoms.xyz"}, folder);
  CHECK(unbonded.status == 0);
  CHECK_THAT(unbonded.errors, ContainsSubstring("the bonds of 1 molecules"));
  CHECK(data({"convert", "in.csv", "in.xyz"}, folder).status == 2);
  CHECK_FALSE(fs::exists(folder / "in.xyz"));
}

TEST_CASE("cli: data convert refuses what cannot be, and leaves no half file") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "graphs.g6", "Bw\nC~\n");
  write_file_atomically(folder / "graphs.jsonl", "{\"n\": 2, \"edges\": [[0, 1]]}\n");
  write_file_atomically(folder / "dirty.smi", "C1CC\nnonsense\n");
  const auto files = [&] { return std::distance(fs::directory_iterator(folder.path()), {}); };
  for (const char* source : {"graphs.g6", "graphs.jsonl"}) {
    const auto refused = data({"convert", source, "out.smi"}, folder);
    CHECK(refused.status == 2);
    CHECK_THAT(refused.errors, ContainsSubstring("cannot hold a graph"));
  }
  CHECK(data({"convert", "graphs.g6", "out.txt"}, folder).status == 2);
  CHECK(data({"convert", "graphs.g6", "graphs.g6", "--force"}, folder).status == 2);
  CHECK(data({"convert", "graphs.g6", "graphs.jsonl"}, folder).status == 2);
  CHECK(data({"convert", "missing.smi", "out.sdf"}, folder).status == 3);
  const auto dirty = data({"convert", "dirty.smi", "out.sdf"}, folder);
  CHECK(dirty.status == 3);
  CHECK_THAT(dirty.errors, ContainsSubstring("dirty.smi:2"));
  CHECK(files() == 3);
  CHECK(data({"convert", "graphs.g6", "graphs.jsonl", "--force"}, folder).status == 0);
  CHECK(read_file(folder / "graphs.jsonl").starts_with("{"));
}

#ifdef EQUIGEN_HAS_DOWNLOAD
TEST_CASE("cli: data fetch downloads with a checksum and is found by name afterwards") {
  const TemporaryFolder folder;
  const std::string text = "C\nCO\nCCO\n";
  const HttpServer server([&](const HttpRequest& request) { return serve_ranges(request, text); });
  write_file_atomically(folder / "catalogue.json", catalogue_of(server.url("/tiny"), sha256(text)));
  const auto fetched = data({"fetch", "tiny", "--catalogue", "catalogue.json"}, folder);
  INFO(fetched.output + fetched.errors);
  REQUIRE(fetched.status == 0);
  CHECK(read_file(folder / "equigen/data/tiny/tiny.smi") == text);
  CHECK_THAT(fetched.output, ContainsSubstring("licence: CC0"));
  CHECK_THAT(fetched.output, ContainsSubstring("checksum right"));
  const auto again = data({"fetch", "tiny", "--catalogue", "catalogue.json"}, folder);
  CHECK_THAT(again.output, ContainsSubstring("was there, checksum right"));
  CHECK(server.requests().size() == 1);
  write_file_atomically(folder / "configs/data/tiny.yaml",
                        "# Tiny.\ntype: molecules\nfile: tiny/tiny.smi\n");
  CHECK_THAT(data({"list"}, folder).output, ContainsSubstring("Tiny."));
  CHECK_THAT(data({"inspect", "tiny"}, folder).output, ContainsSubstring("samples"));
}

TEST_CASE("cli: data fetch refuses a corrupt file and an unknown name") {
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest& request) { return serve_ranges(request, "N\n"); });
  write_file_atomically(folder / "catalogue.json",
                        catalogue_of(server.url("/tiny"), sha256("other")));
  const auto refused =
      data({"fetch", "tiny", "--catalogue", "catalogue.json", "--to", "here"}, folder);
  CHECK(refused.status == 3);
  CHECK_THAT(refused.errors, ContainsSubstring("SHA-256"));
  CHECK_FALSE(fs::exists(folder / "here/tiny/tiny.smi"));
  const auto unknown = data({"fetch", "gucamol"}, folder);
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.errors, ContainsSubstring("did you mean 'guacamol'"));
}

TEST_CASE("cli: data fetch keeps the part on Ctrl-C and continues it", "[slow]") {
  const TemporaryFolder folder;
  const std::string text(200'000, 'C');
  std::atomic<bool> slow{true};
  const HttpServer server([&](const HttpRequest& request) {
    auto response = serve_ranges(request, text);
    if (slow) {
      response.cut_after = 150'000;
      response.stall_s = 5;
    }
    return response;
  });
  write_file_atomically(folder / "catalogue.json", catalogue_of(server.url("/tiny"), sha256(text)));
  const std::vector<std::string> arguments{"data",
                                           "fetch",
                                           "tiny",
                                           "--catalogue",
                                           (folder / "catalogue.json").string(),
                                           "--to",
                                           (folder / "here").string()};
  // The server's first answer stalls, so the signal meets a transfer under way.
  const auto stopped = run_program(arguments, {.signal = SIGINT, .signal_after = "cite:"});
  INFO(stopped.output + stopped.errors);
  CHECK(stopped.status == 130);
  slow = false;
  const auto continued = run_program(arguments);
  CHECK(continued.status == 0);
  CHECK(read_file(folder / "here/tiny/tiny.smi") == text);
}

TEST_CASE("cli: nothing but fetch loads libcurl") {
  const auto loaded = run_program({}, {.environment = {"LD_TRACE_LOADED_OBJECTS=1"}});
  CHECK(loaded.output.find("libcurl") == std::string::npos);
}
#endif
