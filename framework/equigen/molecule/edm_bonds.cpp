// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/bond_perception.h"

namespace equigen {
namespace {

using Pair = std::pair<int, int>;
using Lengths = std::map<Pair, int>;

/// "H-H 74, H-C 109" to lengths in pm for both orders of the elements.
Lengths lengths_of(std::string_view text) {
  Lengths lengths;
  for (const std::string& item : text::split(text, ',')) {
    const std::string_view entry = text::trim(item);
    const auto dash = entry.find('-'), blank = entry.find(' ');
    const int first = atomic_number_of(std::string(entry.substr(0, dash)));
    const int second = atomic_number_of(std::string(entry.substr(dash + 1, blank - dash - 1)));
    const auto length = text::to_integer(entry.substr(blank + 1));
    lengths[{first, second}] = lengths[{second, first}] = static_cast<int>(length.value());
  }
  return lengths;
}

const Lengths& single_bonds() {
  static const Lengths lengths = lengths_of(
      "H-H 74, H-C 109, H-N 101, H-O 96, H-F 92, H-B 119, H-Si 148, H-P 144, H-As 152, H-S 134, "
      "H-Cl 127, H-Br 141, H-I 161, C-C 154, C-N 147, C-O 143, C-F 135, C-Si 185, C-P 184, "
      "C-S 182, C-Cl 177, C-Br 194, C-I 214, N-N 145, N-O 140, N-F 136, N-Cl 175, N-Br 214, "
      "N-S 168, N-I 222, N-P 177, O-O 148, O-F 142, O-Br 172, O-S 151, O-P 163, O-Si 163, "
      "O-Cl 164, O-I 194, F-F 142, F-S 158, F-Si 160, F-Cl 166, F-Br 178, F-P 156, F-I 187, "
      "B-Cl 175, Si-Si 233, Si-S 200, Si-Cl 202, Si-Br 215, Si-I 243, Cl-Cl 199, Cl-P 203, "
      "Cl-S 207, Cl-Br 214, S-S 204, S-Br 225, S-P 210, S-I 234, Br-Br 228, Br-P 222, P-P 221, "
      "I-I 266");
  return lengths;
}

const Lengths& double_bonds() {
  static const Lengths lengths = [] {
    Lengths symmetric = lengths_of(
        "C-C 134, C-N 129, C-O 120, C-S 160, N-N 125, N-O 121, O-O 121, O-P 150, P-S 186");
    symmetric.erase({16, 6});  // the published table has C=S but not S=C
    return symmetric;
  }();
  return lengths;
}

const Lengths& triple_bonds() {
  static const Lengths lengths = lengths_of("C-C 120, C-N 116, C-O 113, N-N 110");
  return lengths;
}

/// Whether a distance [pm] is below the table's length and margin.
bool is_below(const Lengths& lengths, Pair elements, double distance, double margin) {
  const auto found = lengths.find(elements);
  return found != lengths.end() && distance < found->second + margin;
}

}  // namespace

int edm_bond_order(int first_element, int second_element, double distance) {
  const Pair elements{first_element, second_element};
  const double picometres = 100 * distance;
  if (!is_below(single_bonds(), elements, picometres, 10)) return 0;
  if (!is_below(double_bonds(), elements, picometres, 5)) return 1;
  return is_below(triple_bonds(), elements, picometres, 3) ? 3 : 2;
}

std::vector<Bond> edm_bonds(const Molecule& molecule) {
  if (molecule.positions.size() != molecule.atoms.size())
    throw DataError("bond-perception", "bonds by their lengths need positions");
  std::vector<Bond> bonds;
  for (std::size_t i = 0; i < molecule.atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < molecule.atoms.size(); ++j) {
      const auto& p = molecule.positions[i];
      const auto& q = molecule.positions[j];
      const auto [first, second] =
          std::minmax(molecule.atoms[i].atomic_number, molecule.atoms[j].atomic_number);
      const int order =
          edm_bond_order(first, second, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
      if (order > 0)
        bonds.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(j),
                         static_cast<std::uint8_t>(order)});
    }
  }
  return bonds;
}

}  // namespace equigen
