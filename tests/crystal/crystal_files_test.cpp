// SPDX-License-Identifier: MIT
#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/crystal/drawing/draw.h"
#include "equigen/crystal/files/extxyz.h"
#include "equigen/crystal/files/poscar.h"
#include "equigen/crystal/symmetry/symmetry_operation.h"

using namespace equigen;

namespace {

Crystal caesium_chloride() {
  return {.lattice = Lattice::from_parameters({{4.1, 4.2, 4.3}, {80, 90, 100}}),
          .fractional_coordinates = {{0, 0, 0}, {0.5, 0.5, 0.5}},
          .atomic_numbers = {55, 17},
          .name = "salt"};
}

const std::string kCube = "2 0 0\n0 2 0\n0 0 2\n";

template <typename Read>
std::string refusal(const Read& read, const std::string& text) {
  try {
    read(text);
  } catch (const DataError& error) {
    return error.message();
  }
  return "accepted";
}

void check_close(const Crystal& a, const Crystal& b) {
  CHECK(a.atomic_numbers == b.atomic_numbers);
  CHECK(a.name == b.name);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      CHECK(a.lattice.vectors()[i][j] == Approx(b.lattice.vectors()[i][j]).margin(1e-9));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < 3; ++j)
      CHECK(a.fractional_coordinates[i][j] == Approx(b.fractional_coordinates[i][j]).margin(1e-9));
}

}  // namespace

TEST_CASE("crystals read back from POSCAR and extxyz", "[crystal]") {
  check_close(read_poscar(poscar_text(caesium_chloride())), caesium_chloride());
  const CrystalRecord record{caesium_chloride(), {{"energy", -1.5}}};
  const auto again = read_extxyz_frame(extxyz_text(record));
  check_close(again.crystal, record.crystal);
  CHECK(again.properties == record.properties);
  CHECK(read_extxyz_frame(extxyz_text({})).crystal.size() == 0);
}

TEST_CASE("POSCAR: scales, selective dynamics, Cartesian positions, old form", "[crystal]") {
  const Crystal scaled = read_poscar("t\n-64\n" + kCube +
                                     "Fe_pv O/ab12\n1 1\nSelective\nCartesian\n0 0 0 T T F\n1 1 1 "
                                     "F F F\n\n0 0 0\n");
  CHECK(scaled.lattice.volume() == Approx(64));
  CHECK(scaled.atomic_numbers == std::vector<std::uint8_t>{26, 8});
  CHECK(scaled.fractional_coordinates[1][0] == Approx(0.5));
  const Crystal old_form = read_poscar("Na Cl\n1 2 3\n" + kCube + "1 1\ndirect\n0 0 0\n.5 .5 .5\n");
  CHECK(old_form.lattice.parameters().lengths == std::array<double, 3>{2, 4, 6});
  CHECK(old_form.atomic_numbers == std::vector<std::uint8_t>{11, 17});
}

TEST_CASE("broken POSCARs are named with their line", "[crystal]") {
  CHECK_THAT(refusal(read_poscar, "t\n1\n" + kCube + "1 1\nDirect\n"), ContainsSubstring("line 6"));
  CHECK_THAT(refusal(read_poscar, "t\n1\n1 0\n"), ContainsSubstring("line 3"));
  CHECK_THAT(refusal(read_poscar, "t\n1\n" + kCube + "Xx\n1\n"),
             ContainsSubstring("'Xx' is no element"));
  CHECK_THAT(refusal(read_poscar, "t\n1\n" + kCube + "Fe\n99999999\n"),
             ContainsSubstring("99999999 atoms"));
  CHECK_THAT(refusal(read_poscar, "t\n1\n" + kCube + "Fe\n2\nDirect\n0 0 0\n"),
             ContainsSubstring("ends before"));
  CHECK_THAT(refusal(read_poscar, ""), ContainsSubstring("ends before"));
}

TEST_CASE("an xyz frame is a crystal by its comment", "[crystal]") {
  CHECK(comment_is_of_crystal("Lattice=\"1 0 0 0 1 0 0 0 1\" Properties=species:S:1:pos:R:3"));
  CHECK_FALSE(comment_is_of_crystal("Lattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"F F F\""));
  CHECK_FALSE(comment_is_of_crystal("a molecule"));
  const std::string lattice = "Lattice=\"2 0 0 0 2 0 0 0 2\" ";
  const auto record = read_extxyz_frame("1\n" + lattice +
                                        "Properties=id:I:1:pos:R:3:species:S:1 material_id=mp-1 "
                                        "e=2.5 note=text\n7 1 0 0 Fe\n");
  CHECK(record.crystal.name == "mp-1");
  CHECK(record.properties == std::vector<std::pair<std::string, double>>{{"e", 2.5}});
  CHECK(record.crystal.fractional_coordinates.at(0)[0] == Approx(0.5));
  CHECK_THAT(refusal(read_extxyz_frame, "1\n" + lattice + "pbc=\"T T F\"\nFe 0 0 0\n"),
             ContainsSubstring("not periodic"));
  CHECK_THAT(refusal(read_extxyz_frame, "1\n" + lattice + "\nFe 0 0\n"),
             ContainsSubstring("atom 1"));
  CHECK_THAT(refusal(read_extxyz_frame, "1\nLattice=\"1 2\"\nFe 0 0 0\n"),
             ContainsSubstring("2 numbers"));
}

TEST_CASE("symmetry operations are read and written", "[crystal]") {
  for (const char* text : {"x,y,z", "-y,x-y,z+1/3", "x+1/2,-z+1/4,y", "-x,2x,-1/4", "0,1/2,z"})
    CHECK(to_text(parse_symmetry_operation(text)) == text);
  CHECK(to_text(parse_symmetry_operation("1/2+X, 0.3333-y , +z")) == "x+1/2,-y+1/3,z");
  for (const char* text : {"", "x,y", "x,y,", "x,y,w", "x,y,z/0", "x,y,1e9", "x,,z", "x,y,1/2/3"})
    CHECK_THROWS_AS(parse_symmetry_operation(text), DataError);
  const auto turn = parse_symmetry_operation("-y,x,z+1/4");
  CHECK(to_text(turn * turn) == "-x,-y,z+1/2");
}

TEST_CASE("a crystal is drawn with its cell and images on the faces", "[crystal]") {
  const auto svg = draw_svg(caesium_chloride(), 180, 140);
  CHECK_THAT(svg, ContainsSubstring("unit cell of CsCl") && ContainsSubstring(element_colour(55)));
  std::size_t circles = 0;
  for (auto at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1))
    ++circles;
  CHECK(circles == 2 * 9);  // eight corners and the middle, each with its light
  CHECK_THROWS_AS(draw_svg(Crystal{}, 180, 140), DataError);
  CHECK_THROWS_AS(draw_svg(Crystal{Lattice(Matrix3{}), {{0, 0, 0}}, {1}, ""}, 180, 140), DataError);
}
