// SPDX-License-Identifier: MIT
#include <fstream>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/graph_files.h"
#include "paths.h"

using namespace equigen;

namespace {

GraphFile read_text(const std::string& name, const std::string& text) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / name, text);
  return read_edge_lists(folder / name);
}

}  // namespace

TEST_CASE("graphs of an edge list are parted by empty lines") {
  for (const char* name : {"a.edges", "a.edgelist.gz"}) {
    const GraphFile file = read_text(name,
                                     "# a comment\n0 1 {}\n1 2 {'weight': 3}\n\n\n"
                                     "a,b\nb,a\na;a\nlonely\n% another\nc\td 0.5\r\n");
    REQUIRE(file.graphs.size() == 2);
    CHECK(file.graphs[0] == Graph{3, {{0, 1}, {1, 2}}});
    CHECK(file.graphs[1] == Graph{5, {{0, 1}, {3, 4}}});
    CHECK(file.bad_row_count == 0);
  }
}

TEST_CASE("graph files with the endings of edge lists are read so") {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.edges", "0 1\n\n0 1\n1 2\n");
  CHECK(is_graph_file("a.edgelist.gz"));
  CHECK(read_graph_file(folder / "a.edges").graphs.size() == 2);
  CHECK_THROWS_AS(write_graph_file(folder / "b.edges", {}), DataError);
}

TEST_CASE("a graph with a line that is no edge is left out whole") {
  const GraphFile file =
      read_text("a.edges", "0 1\n\n0 1\n" + std::string("\x01\x02 3\n") + "4 5\n\n" +
                               std::string(500, 'x') + " 1\n\n7 8\n");
  CHECK(file.graphs.size() == 2);
  REQUIRE(file.bad_rows.size() == 2);
  CHECK(file.bad_rows[0].line == 4);
  CHECK(file.bad_rows[1].line == 7);
}

TEST_CASE("a file of the TUDataset collection is divided by its indicator") {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "X_A.txt",
                        "1, 2\n2, 1\n2, 3\n4, 5\n5, 6\n9, 10\n3, 99\nfoo, 1\n7, 1\n");
  write_file_atomically(folder / "X_graph_indicator.txt", "1\n1\n1\n2\n2\n2\n3\n4\n4\n4\n");
  const GraphFile file = read_edge_lists(folder / "X_A.txt");
  REQUIRE(file.graphs.size() == 2);  // the edge 7-1 spoils the graphs 1 and 3
  CHECK(file.graphs[0] == Graph{3, {{0, 1}, {1, 2}}});
  CHECK(file.graphs[1] == Graph{3, {{1, 2}}});
  CHECK(file.bad_row_count == 4);
  write_file_atomically(folder / "X_graph_indicator.txt", "1\nx\n");
  CHECK_THROWS_AS(read_edge_lists(folder / "X_A.txt"), DataError);
}

TEST_CASE("a text file of edges is told from one of SMILES") {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.txt", "# graph\n10 11\n");
  write_file_atomically(folder / "b.txt", "CCO 12\n");
  write_file_atomically(folder / "c.txt", "");
  CHECK(looks_like_edges(folder / "a.txt"));
  CHECK_FALSE(looks_like_edges(folder / "b.txt"));
  CHECK_FALSE(looks_like_edges(folder / "c.txt"));
}
