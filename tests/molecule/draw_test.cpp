// SPDX-License-Identifier: MIT
#include "equigen/molecule/draw.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/smiles.h"

using namespace equigen;

TEST_CASE("a drawing is a small, transparent SVG element that follows the page's colour") {
  const std::string svg = draw_svg(parse_smiles("OC(=O)c1ccccc1N"), 180, 140);
  CHECK(svg.starts_with("<svg xmlns='http://www.w3.org/2000/svg' width='180' height='140'"));
  CHECK(svg.ends_with("</svg>"));
  CHECK_THAT(svg, ContainsSubstring("currentColor"));
  CHECK_THAT(svg, !ContainsSubstring("#000000") && !ContainsSubstring("#FFFFFF"));
  CHECK_THAT(svg, !ContainsSubstring("<rect") && !ContainsSubstring("<?xml"));
  CHECK(svg.size() < 6000);
}

TEST_CASE("single atoms, charges, parts and stereochemistry can be drawn") {
  for (const char* smiles : {"C", "[NH4+]", "CC.O", "C[C@H](N)O", "C/C=C/C", "[Na+].[Cl-]", "CBr"})
    CHECK(draw_svg(parse_smiles(smiles), 100, 80).size() > 100);
}

TEST_CASE("a drawing of nothing is refused") {
  CHECK_THROWS_AS(draw_svg(Molecule{}, 100, 100), DataError);
  CHECK_THROWS_AS(draw_svg(parse_smiles("CC"), 0, 100), DataError);
}
