// SPDX-License-Identifier: MIT
#include "equigen/molecule/draw.h"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "equigen/base/error.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

RDKit::DrawColour colour(int red, int green, int blue) {
  return {red / 255.0, green / 255.0, blue / 255.0};
}

/// Mid-tones with a contrast of three or more against both white and near-black.
RDKit::ColourPalette palette() {
  return {{-1, colour(0, 0, 0)},      {6, colour(0, 0, 0)},       {1, colour(0, 0, 0)},
          {7, colour(74, 124, 255)},  {8, colour(232, 72, 72)},   {9, colour(32, 158, 122)},
          {15, colour(214, 117, 23)}, {16, colour(168, 138, 20)}, {17, colour(46, 160, 67)},
          {35, colour(178, 96, 52)},  {53, colour(160, 92, 214)}};
}

rdkit::MoleculePointer laid_out(const Molecule& molecule) {
  const bool stereo = may_have_stereochemistry(molecule.smiles);
  rdkit::MoleculePointer target =
      stereo ? rdkit::parse(molecule.smiles) : rdkit::build_sanitised(molecule);
  RDDepict::compute2DCoords(*target);
  return target;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// Removes the attributes class='...'.
std::string without_classes(const std::string& svg) {
  constexpr std::string_view start = " class='";
  std::string result;
  std::size_t at = 0;
  for (auto found = svg.find(start); found != std::string::npos; found = svg.find(start, at)) {
    result.append(svg, at, found - at);
    const auto end = svg.find('\'', found + start.size());
    at = end == std::string::npos ? svg.size() : end + 1;
  }
  return result.append(svg, std::min(at, svg.size()));
}

/// Drops what a page does not need and puts the text colour in.
std::string for_a_page(std::string svg, int width, int height) {
  const auto first = svg.find("<!-- END OF HEADER -->");
  const auto last = svg.rfind("</svg>");
  if (first == std::string::npos || last == std::string::npos)
    throw DataError("drawing", "RDKit's drawing has an unknown form");
  std::string body = svg.substr(first + 22, last - first - 22);
  body = without_classes(body);
  for (const char* implied :
       {"fill-rule:evenodd;", "stroke-linecap:butt;", "stroke-linejoin:miter;", "stroke-opacity:1;",
        "stroke-opacity:1", "\n"})
    body = replaced(std::move(body), implied, "");
  body = replaced(std::move(body), "#000000", "currentColor");
  return fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' viewBox='0 0 {0} {1}'>"
      "{2}</svg>",
      width, height, body);
}

}  // namespace

std::string draw_svg(const Molecule& molecule, int width, int height) {
  if (molecule.atoms.empty()) throw DataError("drawing", "a molecule without atoms has no drawing");
  if (width < 16 || height < 16) throw DataError("drawing", "a drawing needs 16 pixels a side");
  const rdkit::MoleculePointer target = laid_out(molecule);
  RDKit::MolDraw2DSVG drawer(width, height);
  RDKit::MolDrawOptions& options = drawer.drawOptions();
  options.clearBackground = false;
  options.atomColourPalette = palette();
  options.bondLineWidth = 1.6;
  options.fixedBondLength = 34;
  options.minFontSize = 8;
  options.padding = 0.06;
  drawer.drawMolecule(*target);
  drawer.finishDrawing();
  return for_a_page(drawer.getDrawingText(), width, height);
}

}  // namespace equigen
