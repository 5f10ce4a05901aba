// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "catch.h"
#include "equigen/config/compose.h"
#include "equigen/config/scalar.h"

using namespace equigen::config;

namespace {

std::string problems_of(const std::string& text) {
  Problems problems;
  parse_yaml(text, "file.yaml", problems);
  return problems.empty() ? "" : problems.render();
}

Value parsed(const std::string& text) {
  Problems problems;
  Value value = parse_yaml(text, "file.yaml", problems);
  INFO(problems.render());
  REQUIRE(problems.empty());
  return value;
}

}  // namespace

TEST_CASE("yaml: scalars follow YAML 1.2, and quotes make text") {
  const auto json = parsed(
                        "a: 12\nb: -0.5\nc: 1e-3\nd: true\ne: yes\nf: '12'\ng: ~\nh:\n"
                        "i: 18446744073709551615\nj: No\nk: .inf\nl: inf\nm: \"t\\n\"\nn: |\n  x\n")
                        .to_json();
  CHECK(json["a"] == 12);
  CHECK(json["b"] == -0.5);
  CHECK(json["c"] == 0.001);
  CHECK(json["d"] == true);
  CHECK(json["e"] == "yes");
  CHECK(json["f"] == "12");
  CHECK(json["g"].is_null());
  CHECK(json["h"].is_null());
  CHECK(json["i"] == 18446744073709551615ULL);
  CHECK(json["j"] == "No");
  CHECK(json["l"] == "inf");
  CHECK(json["m"] == "t\n");
  CHECK(json["n"] == "x\n");
}

TEST_CASE("yaml: keys and values know their line and column") {
  const Value value =
      parsed("# comment\nouter:\n  first: 1\n  second: [3, 'x']\n\xC3\xA9t\xC3\xA9: here\n");
  CHECK(value.find("outer")->origin().line == 2);
  CHECK(value.entries()[0].key_origin.column == 1);
  CHECK(value.at_path("outer.first")->origin().where() == "file.yaml:3:10");
  CHECK(value.at_path("outer.second.1")->origin().where() == "file.yaml:4:15");
  CHECK(value.entries()[1].value.origin().where() == "file.yaml:5:6");
  CHECK(value.at_path("outer.second.1")->origin().source_line == "  second: [3, 'x']");
}

TEST_CASE("yaml: duplicate and merge keys, tags and leading zeros are reported together") {
  CHECK(
      problems_of("a: 1\nb: 2\na: 3\nc: 010\nd:\n  <<: {x: 1}\ne: !!python/object y\n") ==
      R"(error: duplicate key 'a'                                            [config-duplicate-key]
  --> file.yaml:3:1
    3 | a: 3
      | ^ first set in line 1
error: '010' starts with a zero: some readers take it for an octal number  [config-leading-zeros]
  --> file.yaml:4:4
    4 | c: 010
      |    ^^^ write 10 for the number, '010' for the text
error: merge keys (<<) are not supported                            [config-merge-key]
  --> file.yaml:6:3
    6 |   <<: {x: 1}
      |   ^^ repeat the keys, or put them into a file of `defaults:`
error: the tag 'tag:yaml.org,2002:python/object' is not supported   [config-tag]
  --> file.yaml:7:4
    7 | e: !!python/object y
      |    ^ write the value without a tag
4 errors in the configuration; nothing was run.)");
}

TEST_CASE("yaml: syntax errors name the line, counted from one, and what is usually wrong") {
  CHECK_THAT(problems_of("a: 1\nb: [1, 2\nc: 3\n"),
             ContainsSubstring("file.yaml:") && ContainsSubstring("[config-syntax]"));
  CHECK_THAT(
      problems_of("a:\n  b: 1\n\tc: 2\n"),
      ContainsSubstring("file.yaml:3:") && ContainsSubstring("indent with spaces, not tabs"));
  CHECK_THAT(problems_of("a: 1\n b: 2\n"), ContainsSubstring("file.yaml:2:"));
  CHECK_THAT(problems_of("a: b: c\n"),
             ContainsSubstring("put text that contains ': ' into quotes"));
  CHECK_THAT(problems_of("a: 1\n---\nb: 2\n"), ContainsSubstring("several documents"));
  CHECK_THAT(problems_of("[1, 2]: x\n"), ContainsSubstring("a key must be a word"));
  CHECK_THAT(problems_of("a: *nothing\n"), ContainsSubstring("file.yaml:1:"));
  CHECK_THAT(problems_of("a: &x [*x]\n"), ContainsSubstring("an anchor contains itself"));
  CHECK_THAT(problems_of(std::string("a: \0b\n", 6)), ContainsSubstring("not text in UTF-8"));
  CHECK_THAT(problems_of("a: \xFF\xFE\n"), ContainsSubstring("not text in UTF-8"));
}

TEST_CASE("yaml: alias bombs and deep nesting end quickly") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = fmt::format("*a{}", i - 1);
    bomb += fmt::format("a{}: &a{} [{}", i, i, before);
    for (int k = 0; k < 9; ++k) bomb += fmt::format(", {}", before);
    bomb += "]\n";
  }
  CHECK_THAT(problems_of(bomb), ContainsSubstring("expands to more than 100000 values"));
  CHECK_THAT(problems_of(std::string(100000, '[')), ContainsSubstring("error"));
  CHECK_THAT(problems_of(std::string(100, '[') + std::string(100, ']')),
             ContainsSubstring("more than 64 levels"));
  std::string block;
  for (int i = 0; i < 300; ++i) block += fmt::format("{:>{}}a:\n", "", i);
  CHECK_THAT(problems_of(block), ContainsSubstring("more than 64 levels"));
}

TEST_CASE("yaml: an alias is a copy of what it names") {
  const Value value = parsed("a: &x {b: [1, 2]}\nc: *x\n");
  CHECK(value.find("c")->to_json() == value.find("a")->to_json());
}

TEST_CASE("yaml: what is written reads back as the same") {
  const char* awkward[] = {"",      "yes",     "010",   "12",    "1e5",         "true",      "null",
                           "~",     "a: b",    "a #b",  "- x",   "[x]",         "{y}",       "'q'",
                           "\"d\"", " lead",   "tail ", "x:",    "*a",          "&a",        "!t",
                           "|",     "% p",     "@h",    "`b",    "line\nbreak", "tab\there", "-",
                           "?",     "--- x",   ",",     "C:\\x", "\xC3\xA9",    "<<",        "=",
                           ".inf",  "${a}",    "...",   "-5",    "0x10",        "a,b",       "\x01",
                           "#c",    "key: [1", "-x",    ":y",    "off"};
  Value tree = Value::map();
  Value list = Value::sequence();
  for (const char* text : awkward) {
    tree.set(fmt::format("k{}", text), Value::scalar(text, true));
    list.items().push_back(Value::scalar(text, true));
  }
  tree.set("list", list);
  Value inner = Value::map();
  inner.set("deep", Value::sequence({tree, Value::map(), Value::sequence(), Value::null({}),
                                     Value::sequence({list, tree})}));
  tree.set("inner", inner);
  const std::string text = tree.to_yaml();
  INFO(text);
  CHECK(parsed(text).to_json() == tree.to_json());
  CHECK(parsed(tree.to_yaml(true)).to_json() == tree.to_json());
}

TEST_CASE("yaml: numbers are written in the shortest form that reads back") {
  const nlohmann::json json{{"a", 0.1},   {"b", 1e-5}, {"c", 3},
                            {"d", 1e300}, {"e", -2.5}, {"f", 1.0}};
  const Value value = Value::from_json(json);
  CHECK(value.to_yaml() == "a: 0.1\nb: 1e-05\nc: 3\nd: 1e+300\ne: -2.5\nf: 1\n");
  CHECK(parsed(value.to_yaml()).find("d")->to_json() == 1e300);
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const double number =
        std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 1600) - 1000);
    const auto text = scalar::real_text(number);
    CHECK(scalar::real(text) == number);
  }
}

TEST_CASE(
    "text with line breaks and control characters of Unicode is written so that it reads back") {
  for (const std::string text :
       {"q\xc2\x85", "\xc2\x9f end",
        "a\xe2\x80\xa8"
        "b",
        "\xe2\x80\xa9", "\xef\xbb\xbfstart", "\xc2\xa0 kept", "caf\xc3\xa9", "tab\t\x01\x7f"}) {
    INFO(text);
    Value tree = Value::map();
    tree.set("one", Value::scalar(text, true));
    tree.set("list", Value::sequence({Value::scalar(text, true)}));
    Problems problems;
    const Value again = parse_yaml(tree.to_yaml(), "again.yaml", problems);
    REQUIRE(problems.empty());
    CHECK(again.find("one")->text() == text);
    CHECK(again.find("list")->items().at(0).text() == text);
  }
}

TEST_CASE("escapes of characters beyond ASCII become UTF-8") {
  Problems problems;
  const Value tree = parse_yaml(R"(a: "\N\_\L\xe9\u20ac é")", "file.yaml", problems);
  REQUIRE(problems.empty());
  CHECK(tree.find("a")->text() == "\u0085\u00a0\u2028\u00e9\u20ac \u00e9");
}

TEST_CASE("yaml: damaged text never does more than report a problem") {
  const std::string good =
      "defaults: [model/gdss]\nmodel: &m\n  depth: 3\n  list: [1, {a: b}, 'c']\n"
      "other: *m\ntext: |\n  one\n  two\nlast: \"x\\ty\"\n? key\n: value\n";
  std::mt19937 random(3);
  const std::string letters = "[]{}:,-?&*!|>'\"%@`#\n\t \\x0a~<";
  for (int i = 0; i < 3000; ++i) {
    std::string text = good;
    for (unsigned k = 0; k <= random() % 4; ++k) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = letters[random() % letters.size()];
          break;
        case 1:
          text.erase(at, random() % 10);
          break;
        default:
          text.insert(at, 1, letters[random() % letters.size()]);
      }
      if (text.empty()) text = "x";
    }
    Problems problems;
    const Value value = parse_yaml(text, "file.yaml", problems);
    if (problems.empty()) {
      Problems again;
      INFO(text);
      CHECK(parse_yaml(value.to_yaml(), "again.yaml", again).to_json() == value.to_json());
    } else {
      CHECK_FALSE(problems.render().empty());
    }
  }
}
