// SPDX-License-Identifier: MIT
#include "equigen/base/text.h"

#include "catch.h"

using namespace equigen;

TEST_CASE("text: the nearest name is suggested within two edits or by prefix") {
  const std::vector<std::string> names{"hidden_dim", "depth", "learning_rate"};
  CHECK(text::nearest("hiden_dim", names) == "hidden_dim");
  CHECK(text::nearest("dpeth", names) == "depth");
  CHECK(text::nearest("learning", names) == "learning_rate");
  CHECK_FALSE(text::nearest("cutoff", names));
  CHECK(text::edit_distance("abcd", "acbd") == 1);
  CHECK(text::edit_distance("", "abc") == 3);
}

TEST_CASE("text: numbers are read whole or not at all") {
  CHECK(text::to_integer("-12") == -12);
  CHECK(text::to_integer("+7") == 7);
  CHECK_FALSE(text::to_integer("12a"));
  CHECK_FALSE(text::to_integer("99999999999999999999"));
  CHECK(text::to_real("1e-3") == 1e-3);
  CHECK_FALSE(text::to_real("1.0.0"));
  CHECK(text::shortest(0.1) == "0.1");
}

TEST_CASE("text: splitting keeps empty parts and escaping covers markup") {
  CHECK(text::split("a,,b,", ',') == std::vector<std::string>{"a", "", "b", ""});
  CHECK(text::escape_html("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  CHECK(text::trim("  x y\r\n") == "x y");
}
