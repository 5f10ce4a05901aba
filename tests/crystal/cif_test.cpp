// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/cif.h"

#include <algorithm>
#include <string>

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen;

namespace {

const std::string kCell =
    "_cell_length_a 5.4307(2)\n_cell_length_b 5.4307(2)\n_cell_length_c 5.4307(2)\n"
    "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n";
const std::string kSites =
    "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";

std::string block(const std::string& body) {
  return "data_x\n" + kCell + body;
}

Crystal read(const std::string& body) {
  return read_cif_block(block(body)).crystal;
}

std::string refusal(const std::string& text) {
  try {
    read_cif_block(text);
  } catch (const DataError& error) {
    return error.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a space group's name fills the cell of a CIF", "[crystal]") {
  for (const std::string symmetry :
       {"_symmetry_space_group_name_H-M 'F d -3 m :1'\n", "_space_group_name_Hall 'F 4d 2 3 -1d'\n",
        "_space_group_name_H-M_alt 'F d -3 m S'\n"}) {
    const Crystal silicon = read(symmetry + kSites + "Si1 0 0 0\n");
    INFO(symmetry);
    CHECK(silicon.size() == 8);
    CHECK(silicon.lattice.parameters().lengths[0] == Approx(5.4307));
  }
  CHECK(read("_symmetry_Int_Tables_number 225\n" + kSites + "Na 0 0 0\nCl .5 .5 .5\n").size() == 8);
}

TEST_CASE("listed operations are applied and coinciding images are one atom", "[crystal]") {
  const Crystal crystal =
      read("loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-X, -Y, Z'\n'1/2+x, -y+.5, z'\n" + kSites +
           "O1 0.25(3) 0.1 0.3\nFe1 0.0001 0 0\n");
  CHECK(crystal.size() == 5);
  CHECK(std::count(crystal.atomic_numbers.begin(), crystal.atomic_numbers.end(), 26) == 2);
}

TEST_CASE("without symmetry coordinates stay as given, thirds become exact", "[crystal]") {
  const Crystal crystal = read(kSites + "C1 -0.25 1.5 0.3333\n");
  CHECK(crystal.fractional_coordinates.at(0) == Vector3{-0.25, 1.5, 1.0 / 3});
}

TEST_CASE("labels, symbols and isotopes name elements", "[crystal]") {
  const Crystal crystal = read(
      "loop_\n_atom_site_type_symbol\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n"
      "_atom_site_fract_z\nTi4+ T1 0 0 0\nCA CA1 .5 0 0\nD D1 0 .5 0\n. OW1 0 0 .5\n. Os1 0 .2 "
      ".2\n");
  CHECK(crystal.atomic_numbers == std::vector<std::uint8_t>{22, 20, 1, 8, 76});
}

TEST_CASE("what a CIF cannot be read for is named", "[crystal]") {
  const std::string occupancy =
      "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
      "_atom_site_occupancy\n";
  CHECK_THAT(refusal(block(occupancy + "Fe1 0 0 0 0.5\n")),
             ContainsSubstring("site Fe1") && ContainsSubstring("occupancy 0.5"));
  CHECK(read(occupancy + "Fe1 0 0 0 1.000(3)\nFe2 0 0 .5 0\n").size() == 1);
  CHECK_THAT(refusal(block(kSites + "Xx1 0 0 0\n")), ContainsSubstring("'Xx1' is no element"));
  CHECK_THAT(refusal(block(kSites + "Fe1 ? 0 0\n")), ContainsSubstring("site Fe1"));
  CHECK_THAT(refusal(block("_symmetry_space_group_name_H-M 'Q 9'\n" + kSites + "Fe1 0 0 0\n")),
             ContainsSubstring("'Q 9'"));
  CHECK_THAT(refusal("data_x\n" + kSites + "Fe1 0 0 0\n"), ContainsSubstring("_cell_length_a"));
  CHECK_THAT(refusal(block("")), ContainsSubstring("_atom_site_fract_x"));
  CHECK_THAT(refusal(block(kSites + "Fe1 0 0\n")), ContainsSubstring("not a CIF"));
  CHECK_THAT(refusal("data_x\n_cell_length_a -3\n"), ContainsSubstring("_cell_length_b"));
  CHECK_THAT(refusal("no cif at all"), ContainsSubstring("not a CIF"));
  CHECK_THAT(refusal(block("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,q\n" + kSites + "Fe1 0 0 0\n")),
             ContainsSubstring("'x,y,q'"));
}

TEST_CASE("a CIF is cut at its blocks, publication text and broken blocks apart", "[crystal]") {
  const std::string text = "data_global\n_publ_author 'A'\n" + block(kSites + "Fe1 0 0 0\n") +
                           "data_y\n_cell_length_a 1\nloop_\n_a\n_b\n1 2 3\n;\ndata_inside\n;\n" +
                           block(kSites + "Cu1 0 0 0\n");
  const auto blocks = blocks_of_cif(text);
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].line == 3);
  CHECK(read_cif_block(blocks[0].text).crystal.atomic_numbers.at(0) == 26);
  CHECK_THROWS_AS(read_cif_block(blocks[1].text), DataError);
  CHECK(read_cif_block(blocks[2].text).crystal.atomic_numbers.at(0) == 29);
}

TEST_CASE("what is written as CIF reads back", "[crystal]") {
  CrystalRecord record;
  record.crystal.lattice = Lattice::from_parameters({{3.1, 4.2, 5.3}, {81, 97, 112}});
  record.crystal.fractional_coordinates = {{0.1, -0.2, 0.3}, {0.5, 0.5, 1.25}};
  record.crystal.atomic_numbers = {22, 8};
  record.crystal.name = "two_atoms";
  record.properties = {{"band gap", 1.25}, {"valid_without_correction", 0}};
  const auto text = cif_text(record);
  REQUIRE(blocks_of_cif(text).size() == 1);
  const auto again = read_cif_block(text);
  CHECK(again.properties == record.properties);
  CHECK(again.crystal.name == "two_atoms");
  CHECK(again.crystal.atomic_numbers == record.crystal.atomic_numbers);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(again.crystal.lattice.parameters().angles[i] ==
          Approx(record.crystal.lattice.parameters().angles[i]).margin(1e-9));
    CHECK(again.crystal.fractional_coordinates[1][i] ==
          Approx(record.crystal.fractional_coordinates[1][i]).margin(1e-9));
  }
  CHECK(read_cif_block(cif_text({})) == CrystalRecord{});
  CHECK(read_cif_block(cif_text({{}, {{"a", 2}}})).properties.size() == 1);
}

TEST_CASE("of two origins the one is taken that the formula speaks for", "[crystal]") {
  const std::string spinel =
      kSites + "Mg1 0.125 0.125 0.125\nAl1 0.5 0.5 0.5\nO1 0.2624 0.2624 0.2624\n";
  const auto magnesium = [](const Crystal& crystal) {
    return std::ranges::count(crystal.atomic_numbers, 12);
  };
  const std::string name = "_symmetry_space_group_name_H-M 'F d -3 m'\n";
  const std::string number = "_symmetry_Int_Tables_number 227\n";
  for (const std::string& symmetry : {name, number, name + number}) {
    INFO(symmetry);
    CHECK(magnesium(read(symmetry + spinel)) == 8);
    CHECK(magnesium(read(symmetry + "_chemical_formula_sum 'Mg Al2 O4'\n" + spinel)) == 8);
  }
  CHECK(magnesium(read("_space_group_name_Hall 'F 4d 2 3 -1d'\n" + name + spinel)) == 16);
  // Diamond by the first origin, as old files have it.
  const std::string silicon = kSites + "Si1 0 0 0\n";
  CHECK(read(name + "_chemical_formula_sum Si8\n" + silicon).size() == 8);
  CHECK(read(name + "_chemical_formula_sum Si\n_cell_formula_units_Z 8\n" + silicon).size() == 8);
  CHECK(read(name + "_chemical_formula_sum Si16\n" + silicon).size() == 16);
}

TEST_CASE("cells that lack atoms of the stated formula are refused", "[crystal]") {
  const std::string salt = kSites + "Na1 0 0 0\nCl1 .5 .5 .5\n";
  const auto stated = [](const std::string& formula) {
    return "_chemical_formula_sum '" + formula + "'\n";
  };
  for (const char* agrees :
       {"Na Cl", "Na1 Cl1", "NaCl", "?", "Na0.98 Cl", "Na Cl H2", "(Na Cl)n", "Na"}) {
    INFO(agrees);
    CHECK(read(stated(agrees) + salt).size() == 2);
  }
  CHECK(read("_symmetry_Int_Tables_number 225\n" + stated("Na Cl") + salt).size() == 8);
  for (const char* contradicts : {"Na Cl2", "Na2 Cl2", "Na Cl O3", "K Cl"}) {
    INFO(contradicts);
    CHECK_THAT(refusal(block(stated(contradicts) + salt)),
               ContainsSubstring("_chemical_formula_sum") && ContainsSubstring("NaCl"));
  }
}

TEST_CASE("the heaviest elements are refused, not taken for their first letters", "[crystal]") {
  for (const char* label : {"Og1", "Ds1", "Cn2", "Hs"})
    CHECK_THAT(refusal(block(kSites + label + " 0 0 0\n")), ContainsSubstring("is no element"));
  CHECK(read(kSites + "Ow1 0 0 0\n").atomic_numbers.at(0) == 8);
}

TEST_CASE("blocks may be indented, and tell their names unread", "[crystal]") {
  const auto text = "  " + block(kSites + "Fe1 0 0 0\n") + "\tdata_y z\n" + kCell;
  const auto blocks = blocks_of_cif(text);
  REQUIRE(blocks.size() == 2);
  CHECK(name_of_cif_block(blocks[0].text) == "x");
  CHECK(name_of_cif_block(blocks[1].text) == "y");
  CHECK(read_cif_block(blocks[0].text).crystal.size() == 1);
}
