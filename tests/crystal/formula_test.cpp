// SPDX-License-Identifier: MIT
#include "equigen/crystal/formula.h"

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen;

TEST_CASE("formulas are read with counts, brackets and blanks", "[crystal]") {
  CHECK(parse_formula("SrTiO3") == Composition{{8, 3}, {22, 1}, {38, 1}});
  CHECK(parse_formula("Ca3(PO4)2") == Composition{{8, 8}, {15, 2}, {20, 3}});
  CHECK(parse_formula("Fe[Fe(CN)6]2") == Composition{{6, 12}, {7, 12}, {26, 3}});
  CHECK(parse_formula("Na1 Cl1") == Composition{{11, 1}, {17, 1}});
  CHECK(parse_formula("CO") == Composition{{6, 1}, {8, 1}});
  CHECK(parse_formula("Co") == Composition{{27, 1}});
  CHECK(parse_formula(formula({{8, 3}, {22, 1}, {38, 1}})) ==
        Composition{{8, 3}, {22, 1}, {38, 1}});
}

TEST_CASE("what is no formula is refused with the reason", "[crystal]") {
  CHECK_THROWS_WITH(parse_formula(""), ContainsSubstring("no element"));
  CHECK_THROWS_WITH(parse_formula("Xx2"), ContainsSubstring("'Xx'"));
  CHECK_THROWS_WITH(parse_formula("Na(Cl"), ContainsSubstring("')' is missing"));
  CHECK_THROWS_WITH(parse_formula("NaCl)"), ContainsSubstring("closes nothing"));
  CHECK_THROWS_WITH(parse_formula("Fe0.9O"), ContainsSubstring("whole"));
  CHECK_THROWS_WITH(parse_formula("H0"), ContainsSubstring("0"));
  CHECK_THROWS_AS(parse_formula("H99999999999"), DataError);
  CHECK_THROWS_AS(parse_formula("((((((((((((((((((((((((((((((H"), DataError);
  CHECK_THROWS_AS(parse_formula("(((H999999)999999)999999)999999"), DataError);
}
