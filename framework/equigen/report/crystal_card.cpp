// SPDX-License-Identifier: MIT
#include "equigen/report/crystal_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/crystal/drawing/draw.h"
#include "equigen/crystal/drawing/scene.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/report/html.h"

namespace equigen::report {

namespace {

constexpr double kSymmetryTolerance = 0.1;  // Å; generated crystals are never exact

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

nlohmann::json rounded(const Vector3& vector) {
  return {rounded(vector[0]), rounded(vector[1]), rounded(vector[2])};
}

/// What assets/crystal_viewer.js draws; lengths in Å.
nlohmann::json scene_json(const Crystal& crystal) {
  const CrystalScene scene = scene_of(crystal);
  std::vector<int> numbers;
  nlohmann::json elements = nlohmann::json::array();
  nlohmann::json sites = nlohmann::json::array();
  for (const CrystalScene::Ball& ball : scene.balls) {
    const auto known = std::ranges::find(numbers, ball.atomic_number);
    const auto place = known - numbers.begin();
    if (known == numbers.end()) {
      numbers.push_back(ball.atomic_number);
      elements.push_back({element(ball.atomic_number).symbol, element_colour(ball.atomic_number),
                          rounded(ball.radius)});
    }
    nlohmann::json site = rounded(ball.at);
    site.push_back(place);
    sites.push_back(std::move(site));
  }
  nlohmann::json cell = nlohmann::json::array();
  for (const Vector3& vector : crystal.lattice.vectors()) cell.push_back(rounded(vector));
  return {{"cell", cell}, {"elements", elements}, {"sites", sites}, {"bonds", scene.bonds}};
}

}  // namespace

std::string crystal_drawing(const Crystal& crystal, int width, int height) {
  try {
    const std::string svg = draw_svg(crystal, width, height);
    return fmt::format("<div class=\"crystal\" data-scene=\"{}\">{}</div>",
                       html_text(scene_json(crystal).dump()), svg);
  } catch (const Error& error) {
    return fmt::format("<p class=\"no-drawing\">no drawing: {}</p>", html_text(error.message()));
  }
}

std::string space_group_text(const Crystal& crystal) {
  try {
    const auto found = find_symmetry(crystal, {.distance = kSymmetryTolerance, .angle = {}});
    return found ? fmt::format("{} ({})", found->symbol, found->number) : "no space group found";
  } catch (const Error& error) {
    return error.message();
  }
}

std::string crystal_file_element(const Crystal& crystal) {
  const std::string text = cif_text({.crystal = crystal, .properties = {}});
  return fmt::format("<div class=\"cif\">{}</div>", copyable_element("CIF", "", text));
}

}  // namespace equigen::report
