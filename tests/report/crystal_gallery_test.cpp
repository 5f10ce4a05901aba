// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "browser.h"
#include "catch.h"
#include "equigen/base/file.h"
#include "equigen/report/gallery.h"
#include "equigen/report/report.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::report;
using namespace equigen::testing::browser;
using equigen::testing::TemporaryFolder;

namespace {

std::vector<Sample> crystals() {
  const Crystal rock_salt{.lattice = Lattice::from_parameters({{5.64, 5.64, 5.64}, {90, 90, 90}}),
                          .fractional_coordinates = {{0, 0, 0},
                                                     {0, .5, .5},
                                                     {.5, 0, .5},
                                                     {.5, .5, 0},
                                                     {.5, 0, 0},
                                                     {0, .5, 0},
                                                     {0, 0, .5},
                                                     {.5, .5, .5}},
                          .atomic_numbers = {11, 11, 11, 11, 17, 17, 17, 17},
                          .name = "halite"};
  const Crystal perovskite{
      .lattice = Lattice::from_parameters({{3.9, 3.9, 3.9}, {90, 90, 90}}),
      .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}},
      .atomic_numbers = {38, 22, 8, 8, 8},
      .name = {}};
  return {{rock_salt, {}}, {perovskite, {}}, {Crystal{}, {}}};
}

/// Wakes the first crystal, drags it, and tells what became of the picture.
const char* const kObserve = R"js(<script>
(function () {
  const seen = {};
  const boxes = Array.from(document.querySelectorAll(".crystal"));
  seen.drawings = boxes.filter(function (box) { return box.querySelector("svg circle"); }).length;
  const box = boxes[0];
  const scene = JSON.parse(box.dataset.scene);
  seen.sites = scene.sites.length;
  seen.bonds = scene.bonds.length;
  box.dispatchEvent(new Event("pointerenter"));
  const canvas = box.querySelector("canvas");
  const picture = function () { return canvas.toDataURL(); };
  const before = picture();
  seen.painted = new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size > 20;
  canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
  seen.turned = picture() !== before;
  seen.hidden = getComputedStyle(box.querySelector("svg")).visibility === "hidden";
  seen.others = document.querySelectorAll(".crystal canvas").length;
  seen.cif = document.querySelector(".cif pre").textContent.indexOf("_cell_length_a") >= 0;
  const out = document.createElement("pre");
  out.id = "seen";
  out.textContent = JSON.stringify(seen);
  document.body.appendChild(out);
})();
</script>
</body>)js";

}  // namespace

TEST_CASE("a gallery of crystals shows drawing, composition, space group and CIF") {
  const std::vector<Sample> samples = crystals();
  const std::string html = gallery_element({samples, {}, samples.size(), true});
  CHECK_THAT(html, ContainsSubstring("NaCl · Fm-3m (225) · 8 atoms"));
  CHECK_THAT(html, ContainsSubstring("SrTiO3 · Pm-3m (221) · 5 atoms"));
  CHECK_THAT(html, ContainsSubstring("no drawing: the crystal has no atoms"));
  CHECK_THAT(html, ContainsSubstring("data-scene="));
  CHECK_THAT(html, ContainsSubstring("_atom_site_fract_x"));
}

TEST_CASE("a card says why its crystal is invalid or could not be read") {
  std::vector<Sample> samples = crystals();
  samples[2].fault = "site Cu1 has the occupancy <0.5>";
  std::get<Crystal>(samples[2].structure).name = "mp-7";
  std::vector<SampleVerdict> verdicts(samples.size());
  verdicts[0].reason = "atoms 1 and 2 are 0.03 Å apart";
  verdicts[1].valid = true;
  verdicts[2].reason = samples[2].fault;
  const std::string html = gallery_element({samples, verdicts, samples.size(), true});
  CHECK_THAT(html, ContainsSubstring("<p class=\"reason\">atoms 1 and 2 are 0.03 Å apart</p>"));
  CHECK_THAT(html, ContainsSubstring("<p class=\"reason\">site Cu1 has the occupancy &lt;0.5&gt;"));
  CHECK_THAT(html, ContainsSubstring("could not be read"));
  CHECK_THAT(html, ContainsSubstring("mp-7"));
  CHECK(html.find("has no atoms") == std::string::npos);
}

TEST_CASE("a card of a crystal names its counterparts") {
  const std::vector<Sample> samples = crystals();
  std::vector<SampleVerdict> verdicts(samples.size());
  verdicts[0].counterparts = {{Relation::training, 4, "mp<1>", std::nullopt},
                              {Relation::structure, 6, "", 0.125}};
  const std::string html = gallery_element({samples, verdicts, samples.size(), true});
  CHECK_THAT(html, ContainsSubstring("<li>known: mp&lt;1&gt;</li>"));
  CHECK_THAT(html, ContainsSubstring("<li>nearest structure: reference crystal 7 (distance "
                                     "0.125)</li>"));
}

TEST_CASE("browser: crystals turn where scripts run", "[slow]") {
  const auto program = browser();
  if (!program) {
    WARN("skipped: there is no Chromium here (Debian package chromium)");
    return;
  }
  const TemporaryFolder folder;
  const std::vector<Sample> samples = crystals();
  ReportInput input;
  input.title = "crystals";
  input.samples = samples;
  std::string page = report_html(input);
  page.replace(page.rfind("</body>"), std::string("</body>").size(), kObserve);
  write_file_atomically(folder / "page.html", page);
  const auto seen = observed(browse(*program, folder, 1280, "--dump-dom", folder / "page.html"));
  CHECK(seen.at("drawings") == 2);
  CHECK(seen.at("sites") == 27);
  CHECK(seen.at("bonds") == 54);
  CHECK(seen.at("painted") == true);
  CHECK(seen.at("turned") == true);
  CHECK(seen.at("hidden") == true);
  CHECK(seen.at("others") == 1);
  CHECK(seen.at("cif") == true);
}
