// SPDX-License-Identifier: MIT
#include "equigen/graph/graph_files.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/graph/edge_list.h"
#include "paths.h"
#include "random_graph.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;

TEST_CASE("graph files: a JSON row gives the graph and its properties") {
  const auto row = parse_graph_row(
      R"({"edges": [[2, 0], [0, 1], [0, 2]], "n": 3, "set": "x", "properties": {"gap": 0.25, "ok": true}})");
  CHECK(row.graph == Graph{3, {{0, 1}, {0, 2}}});
  REQUIRE(row.properties.size() == 2);
  CHECK(row.properties[0] == std::pair<std::string, double>{"gap", 0.25});
  CHECK(row.properties[1].second == 1.0);
  CHECK(parse_graph_json(R"({"n":0,"edges":[]})") == Graph{});
}

TEST_CASE("graph files: a JSON row that cannot be used says why") {
  const auto reason = [](const std::string& line) {
    try {
      parse_graph_row(line);
    } catch (const DataError& error) {
      return error.message();
    }
    return std::string("accepted");
  };
  CHECK_THAT(reason("{\"n\": 3, \"edges\": [[0, 1"), ContainsSubstring("not valid JSON"));
  CHECK_THAT(reason("[1, 2]"), ContainsSubstring("array"));
  CHECK_THAT(reason(R"({"edges": []})"), ContainsSubstring("\"n\""));
  CHECK_THAT(reason(R"({"n": 2.5, "edges": []})"), ContainsSubstring("integer"));
  CHECK_THAT(reason(R"({"n": -1, "edges": []})"), ContainsSubstring("-1"));
  CHECK_THAT(reason(R"({"n": 99999999999999, "edges": []})"), ContainsSubstring("outside"));
  CHECK_THAT(reason(R"({"n": 18446744073709551615, "edges": []})"), ContainsSubstring("outside"));
  CHECK_THAT(reason(R"({"n": 3})"), ContainsSubstring("\"edges\""));
  CHECK_THAT(reason(R"({"n": 3, "edges": {"0": 1}})"), ContainsSubstring("list"));
  CHECK_THAT(reason(R"({"n": 3, "edges": [[0, 1, 2]]})"), ContainsSubstring("pair"));
  CHECK_THAT(reason(R"({"n": 3, "edges": [[0, "1"]]})"), ContainsSubstring("integers"));
  CHECK_THAT(reason(R"({"n": 3, "edges": [[0, 1], [0, 3]]})"), ContainsSubstring("node 3"));
  CHECK_THAT(reason(R"({"n": 3, "edges": [[0, -1]]})"), ContainsSubstring("node -1"));
  CHECK_THAT(reason(R"({"n": 3, "edges": [[1, 1]]})"), ContainsSubstring("self loop"));
  CHECK_THAT(reason(R"({"n": 1, "edges": [], "properties": {"a": "b"}})"),
             ContainsSubstring("\"a\""));
  CHECK_THAT(reason(std::string(100'000, '[')), ContainsSubstring("not valid JSON"));
}

TEST_CASE("graph files: JSON and graph6 read back what they wrote") {
  RandomStream random(3, "test");
  for (const std::int32_t n : {0, 1, 2, 5, 7, 61, 62, 63, 64, 130}) {
    const Graph graph = equigen::testing::random_graph(n, 0.3, random);
    CHECK(parse_graph_json(to_graph_json(graph)) == graph);
    CHECK(parse_graph6(to_graph6(graph)) == graph);
  }
  GraphRow row;
  row.graph = {2, {{0, 1}}};
  row.properties = {{"a\"b", 0.1}, {"c", -2e-300}};
  CHECK(parse_graph_row(to_graph_json(row)) == row);
  row.properties = {{"nan", std::numeric_limits<double>::quiet_NaN()}};
  CHECK(std::isnan(parse_graph_row(to_graph_json(row)).properties.at(0).second));
}

TEST_CASE("graph files: graph6 follows the published format") {
  // The example of the format's description: n = 5, edges 0-2, 0-4, 1-3, 3-4.
  CHECK(to_graph6({5, {{0, 2}, {0, 4}, {1, 3}, {3, 4}}}) == "DQc");
  CHECK(parse_graph6(">>graph6<<DQc") == Graph{5, {{0, 2}, {0, 4}, {1, 3}, {3, 4}}});
  CHECK(parse_graph6("?") == Graph{});
  CHECK(parse_graph6("~?@?" + std::string(336, '?')).node_count == 64);
}

TEST_CASE("graph files: graph6 that cannot be used says why") {
  CHECK_THROWS_WITH(parse_graph6(""), ContainsSubstring("empty"));
  CHECK_THROWS_WITH(parse_graph6("DQ"), ContainsSubstring("need 2 characters"));
  CHECK_THROWS_WITH(parse_graph6("DQcc"), ContainsSubstring("the row has 3"));
  CHECK_THROWS_WITH(parse_graph6("DQ\x01"), ContainsSubstring("code 1"));
  CHECK_THROWS_WITH(parse_graph6("DQ\xff"), ContainsSubstring("code 255"));
  CHECK_THROWS_WITH(parse_graph6(":Fa@x^"), ContainsSubstring("sparse6"));
  CHECK_THROWS_WITH(parse_graph6("&AG"), ContainsSubstring("undirected"));
  CHECK_THROWS_WITH(parse_graph6("A`"), ContainsSubstring("behind the last"));
  CHECK_THROWS_WITH(parse_graph6("~?"), ContainsSubstring("node count"));
  CHECK_THROWS_WITH(parse_graph6("~~~~~~~~"), ContainsSubstring("above"));
  CHECK_THROWS_WITH(to_graph6({40'000, {}}), ContainsSubstring("too large"));
}

TEST_CASE("graph files: damaged rows are refused or read, never worse") {
  RandomStream random(17, "test");
  const std::string json_row = R"({"n": 12, "edges": [[0, 11], [3, 4]], "properties": {"a": 1e3}})";
  const std::string graph6_row = to_graph6(equigen::testing::random_graph(12, 0.4, random));
  int read = 0;
  for (int k = 0; k < 4000; ++k) {
    const bool json = k % 2 == 0;
    std::string row = json ? json_row : graph6_row;
    for (std::uint64_t change = random.below(3); change < 3; ++change) {
      row[random.below(row.size())] = static_cast<char>(random.below(256));
    }
    row.resize(row.size() - random.below(3));
    try {
      const Graph graph = json ? parse_graph_row(row).graph : parse_graph6(row);
      CHECK(normalised(graph) == graph);
      ++read;
    } catch (const DataError&) {
      continue;
    }
  }
  CHECK(read < 4000);
}

TEST_CASE("graph files: a whole file keeps good rows and names bad ones, plain or compressed") {
  const TemporaryFolder folder;
  for (const std::string name : {"graphs.jsonl", "graphs.jsonl.gz"}) {
    write_file_atomically(folder / name,
                          "{\"n\":2,\"edges\":[[0,1]]}\r\n\n{\"n\":2,\"edges\":[[0,5]]}\n"
                          "{\"n\":1,\"edges\":[],\"properties\":{\"p\":3}}");
    const GraphFile file = read_graph_file(folder / name);
    REQUIRE(file.graphs.size() == 2);
    CHECK(file.graphs[0] == Graph{2, {{0, 1}}});
    CHECK(file.properties[0].empty());
    CHECK(file.properties[1] == GraphProperties{{"p", 3.0}});
    CHECK(file.bad_row_count == 1);
    CHECK(file.bad_rows.at(0).line == 3);
    CHECK_THAT(file.bad_rows[0].reason, ContainsSubstring("node 5"));
  }
}

TEST_CASE("graph files: writing follows the extension") {
  const TemporaryFolder folder;
  const std::vector<Graph> graphs{{3, {{0, 1}, {1, 2}}}, {1, {}}, {}};
  for (const std::string name : {"a.jsonl", "a.g6", "b/a.graph6.gz", "a.ndjson.gz"}) {
    write_graph_file(folder / name, graphs);
    CHECK(read_graph_file(folder / name).graphs == graphs);
  }
  const std::vector<GraphProperties> properties{{{"p", 1.5}}, {}, {{"q", -1}}};
  write_graph_file(folder / "p.jsonl", graphs, properties);
  CHECK(read_graph_file(folder / "p.jsonl").properties == properties);
  CHECK_THROWS_AS(write_graph_file(folder / "p.g6", graphs, properties), DataError);
  CHECK_THROWS_WITH(write_graph_file(folder / "a.txt", graphs), ContainsSubstring("a.txt"));
  CHECK_THROWS_AS(read_graph_file(folder / "missing.jsonl"), DataError);
  CHECK(is_graph_file("x.G6.gz"));
  CHECK_FALSE(is_graph_file("x.smi"));
}

TEST_CASE("graph files: an edge list numbers nodes as they appear") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "cites.txt",
                        "# citations\npaper9\tpaper1\npaper1 paper9\n\npaper1,p3,1.0\np3 p3\n");
  const EdgeList list = read_edge_list(folder / "cites.txt");
  CHECK(list.graph == Graph{3, {{0, 1}, {1, 2}}});
  CHECK(list.labels == std::vector<std::string>{"paper9", "paper1", "p3"});
  write_file_atomically(folder / "bad.txt", "a b\nc\n");
  CHECK_THROWS_WITH(read_edge_list(folder / "bad.txt"), ContainsSubstring("bad.txt:2"));
  write_file_atomically(folder / "empty.txt", "# nothing\n");
  CHECK_THROWS_WITH(read_edge_list(folder / "empty.txt"), ContainsSubstring("no edge"));
}

TEST_CASE("graph files: the data sets beside the checkout are read whole") {
  const auto data = equigen::testing::data_beside_checkout("community_small");
  if (!data) {
    WARN("skipped: the data folder is not beside the checkout");
    return;
  }
  const GraphFile file = read_graph_file(*data / "community_small.jsonl.gz");
  CHECK(file.graphs.size() == 100);
  CHECK(file.bad_row_count == 0);
}
