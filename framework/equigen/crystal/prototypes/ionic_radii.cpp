// SPDX-License-Identifier: MIT
#include "equigen/crystal/prototypes/ionic_radii.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <tuple>
#include <vector>

#include "equigen/crystal/elements.h"

namespace equigen {
namespace embedded {
std::string_view ionic_radii_json();
}
namespace {

using Radii = std::map<std::tuple<int, int, int>, double>;

const Radii& radii() {
  static const Radii table = [] {
    Radii rows;
    const nlohmann::json root = nlohmann::json::parse(embedded::ionic_radii_json());
    for (const auto& row : root.at("radii"))
      rows[{atomic_number_of_element(row.at(0).get_ref<const std::string&>()), row.at(1).get<int>(),
            row.at(2).get<int>()}] = row.at(3).get<double>();
    return rows;
  }();
  return table;
}

constexpr std::array<std::string_view, 6> kSymbolsByCharge{
    "Li Na K Rb Cs Cu Ag Tl",
    "Be Mg Ca Sr Ba Zn Cd Hg Ti V Cr Mn Fe Co Ni Cu Ge Pb Eu Yb",
    "Al Ga In Sc Y La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Ti V Cr Mn Fe Co Ni Rh Ir Sb Bi Tl",
    "Si Ge Sn Pb Ti Zr Hf Ce V Nb Ta Cr Mo W Mn Re Ru Os Rh Ir Pd Pt Te",
    "V Nb Ta Mo W Re Ru Os Ir Sb Bi",
    "Mo W Re Os Te"};

std::vector<IonKind> ions_of(std::string_view symbols, int charge) {
  std::vector<IonKind> ions;
  while (!symbols.empty()) {
    const auto end = std::min(symbols.find(' '), symbols.size());
    ions.push_back({atomic_number_of_element(symbols.substr(0, end)), charge});
    symbols.remove_prefix(std::min(end + 1, symbols.size()));
  }
  return ions;
}

}  // namespace

std::optional<double> ionic_radius(int atomic_number, int charge, int coordination) {
  auto found = radii().find({atomic_number, charge, coordination});
  constexpr int kUsual = 6;
  if (found == radii().end() && charge < 0) {
    found = radii().find({atomic_number, charge, kUsual});
    // Nitride stands in the table with four neighbours only.
    if (found == radii().end()) found = radii().find({atomic_number, charge, 4});
  }
  return found == radii().end() ? std::nullopt : std::optional(found->second);
}

std::span<const IonKind> common_cations() {
  static const std::vector<IonKind> cations = [] {
    std::vector<IonKind> all;
    for (std::size_t k = 0; k < kSymbolsByCharge.size(); ++k) {
      const auto ions = ions_of(kSymbolsByCharge[k], static_cast<int>(k) + 1);
      all.insert(all.end(), ions.begin(), ions.end());
    }
    std::ranges::sort(all, {},
                      [](const IonKind& ion) { return std::pair(ion.atomic_number, ion.charge); });
    return all;
  }();
  return cations;
}

std::span<const IonKind> common_anions() {
  static constexpr std::array<IonKind, 12> kAnions{{{7, -3},
                                                    {8, -2},
                                                    {9, -1},
                                                    {15, -3},
                                                    {16, -2},
                                                    {17, -1},
                                                    {33, -3},
                                                    {34, -2},
                                                    {35, -1},
                                                    {51, -3},
                                                    {52, -2},
                                                    {53, -1}}};
  return kAnions;
}

}  // namespace equigen
