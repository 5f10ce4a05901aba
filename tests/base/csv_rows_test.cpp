// SPDX-License-Identifier: MIT
#include "equigen/base/csv_rows.h"

#include "catch.h"

using namespace equigen;
using Fields = std::vector<std::string>;

TEST_CASE("CSV rows keep quoted separators, quotes and line ends") {
  const auto rows = split_csv("a,b\r\n\"x,1\",\"say \"\"hi\"\"\"\n\n\"two\nlines\",\n", ',');
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].fields == Fields{"a", "b"});
  CHECK(rows[1].fields == Fields{"x,1", "say \"hi\""});
  CHECK(rows[2].fields == Fields{"two\nlines", ""});
  CHECK(rows[0].line == 1);
  CHECK(rows[1].line == 2);
  CHECK(rows[2].line == 4);
}

TEST_CASE("CSV rows end with the text, whatever state they are in") {
  CHECK(split_csv("", ',').empty());
  CHECK(split_csv("\n\n", ',').empty());
  CHECK(split_csv("\"never closed, x", ',').at(0).fields == Fields{"never closed, x"});
  CHECK(split_csv("\"\"", ',').at(0).fields == Fields{""});
  CHECK(split_csv("a\tb", '\t').at(0).fields == Fields{"a", "b"});
}
