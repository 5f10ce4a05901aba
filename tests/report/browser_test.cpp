// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "browser.h"
#include "catch.h"
#include "compared_runs.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/report/comparison.h"
#include "equigen/report/report.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::report;
using namespace equigen::testing::browser;
using equigen::testing::compared_runs;
using equigen::testing::TemporaryFolder;

namespace {

/// What the page shows, and what is left of it after clicks, written into the page as JSON.
const char* const kObserve = R"js(<script>
(function () {
  const seen = {};
  const shown = function (element) { return !element.closest("details:not([open])"); };
  const pictures = Array.from(document.querySelectorAll("svg")).filter(shown);
  const is_empty = function (svg) {
    const box = svg.getBoundingClientRect();
    const marks = svg.querySelectorAll("path, line, circle, rect, polyline, polygon, text");
    return box.width < 10 || box.height < 10 || marks.length === 0;
  };
  seen.pictures = pictures.length;
  seen.empty = pictures.filter(is_empty).length;
  seen.width = window.innerWidth;
  seen.overflow = document.documentElement.scrollWidth - window.innerWidth;
  seen.requests = performance.getEntriesByType("resource").length;
  const box = document.querySelector(".gallery-box");
  const find = function (selector) { return box.querySelector(selector); };
  const cards = function () {
    return Array.from(box.querySelectorAll(".card"))
      .filter(function (card) { return card.getBoundingClientRect().height > 0; })
      .map(function (card) { return Number(card.querySelector(".index").textContent); });
  };
  const change = function (selector, value, event) {
    find(selector).value = value;
    find(selector).dispatchEvent(new Event(event));
  };
  seen.controls = find(".filters").getBoundingClientRect().height > 0;
  seen.all = cards();
  find("[data-filter=novel]").click();
  seen.novel = cards();
  find("[data-filter=known]").click();
  seen.neither = cards();
  find("[data-filter='']").click();
  find("[data-filter=unique]").click();
  seen.unique = cards();
  find("[data-filter='']").click();
  change(".sort", "0", "change");
  seen.by_nodes = cards();
  find(".descending").click();
  seen.by_nodes_down = cards();
  change(".sort", "3", "change");
  seen.by_score_down = cards();
  find(".descending").click();
  change(".sort", "-1", "change");
  change(".least", "4", "input");
  change(".most", "7", "input");
  seen.four_to_seven = cards();
  seen.told = find(".shown").textContent;
  const copy = document.querySelector(".copy");
  copy.closest("details").open = true;
  seen.copy = copy.getBoundingClientRect().height > 0;
  document.getElementById("theme").click();
  seen.background = getComputedStyle(document.body).backgroundColor;
  document.getElementById("theme").click();
  seen.other_background = getComputedStyle(document.body).backgroundColor;
  const out = document.createElement("pre");
  out.id = "seen";
  out.textContent = JSON.stringify(seen);
  document.body.appendChild(out);
})();
</script>
</body>)js";

/// The page in a frame of this width, since a browser's window has a least width above a phone's.
/// What the page wrote of itself is copied out of the frame.
std::filesystem::path observed_page(const TemporaryFolder& folder, const std::string& html,
                                    int width) {
  std::string page = html;
  page.replace(page.rfind("</body>"), std::string("</body>").size(), kObserve);
  const auto path = folder / "page.html";
  write_file_atomically(
      path,
      "<!DOCTYPE html><html><body style=\"margin:0\"><iframe style=\"border:0;height:1400px;"
      "width:" +
          std::to_string(width) + "px\" srcdoc=\"" + text::escape_html(page) +
          "\"></iframe><script>window.onload = function () { document.body.appendChild("
          "document.querySelector('iframe').contentDocument.getElementById('seen'));"
          "};</script></body></html>");
  return path;
}

using Cards = std::vector<int>;

void check_gallery(const nlohmann::json& seen) {
  CHECK(seen.at("controls") == true);
  CHECK(seen.at("all") == Cards{1, 2, 3, 4, 5, 6, 7});
  CHECK(seen.at("novel") == Cards{1, 2, 4, 6});
  CHECK(seen.at("neither") == Cards{});
  CHECK(seen.at("unique") == Cards{1, 2, 3, 4, 6});
  CHECK(seen.at("by_nodes") == Cards{7, 1, 3, 5, 4, 6, 2});
  CHECK(seen.at("by_nodes_down") == Cards{2, 6, 4, 3, 5, 1, 7});
  // The empty graph has no score and stays behind.
  CHECK(seen.at("by_score_down") == Cards{1, 3, 5, 4, 6, 2, 7});
  CHECK(seen.at("four_to_seven") == Cards{3, 4, 5, 6});
  CHECK(seen.at("told") == "4 of 7");
}

void check_page(const nlohmann::json& seen) {
  CHECK(seen.at("pictures").get<int>() >= 7);
  CHECK(seen.at("empty") == 0);
  CHECK(seen.at("overflow").get<int>() <= 0);
  CHECK(seen.at("requests") == 0);
  CHECK(seen.at("copy") == true);
  CHECK(seen.at("background") != seen.at("other_background"));
}

}  // namespace

TEST_CASE("browser: pages show their pictures, fit their window, filter and sort", "[slow]") {
  const auto program = browser();
  if (!program) {
    WARN("skipped: there is no Chromium here (Debian package chromium)");
    return;
  }
  const TemporaryFolder folder;
  const ComparisonInput several = compared_runs();
  ReportInput one;
  one.title = "one run";
  one.evaluation = several.runs.front().evaluation;
  one.training = several.runs.front().training;
  one.samples = several.runs.front().samples;
  one.reference = several.runs.back().samples;
  for (const std::string& html : {comparison_html(several), report_html(one)}) {
    for (const int width : {390, 1200}) {
      CAPTURE(width);
      const auto page = observed_page(folder, html, width);
      const auto seen = observed(browse(*program, folder, 1280, "--dump-dom", page));
      CHECK(seen.at("width") == width);
      check_page(seen);
      check_gallery(seen);
    }
  }
}

TEST_CASE("browser: a page prints", "[slow]") {
  const auto program = browser();
  if (!program) {
    WARN("skipped: there is no Chromium here (Debian package chromium)");
    return;
  }
  const TemporaryFolder folder;
  const auto page = folder / "page.html";
  write_file_atomically(page, comparison_html(compared_runs()));
  const auto paper = folder / "page.pdf";
  browse(*program, folder, 1200, "--no-pdf-header-footer --print-to-pdf='" + paper.string() + "'",
         page);
  REQUIRE(std::filesystem::exists(paper));
  const std::string pdf = read_file(paper);
  CHECK(pdf.starts_with("%PDF"));
  CHECK(pdf.size() > 10000);
}
