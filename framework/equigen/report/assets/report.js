"use strict";

// The page is complete without this script; it adds filters, a light/dark switch and printing of folded parts.
(function () {
  const root = document.documentElement;

  const theme = document.getElementById("theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", function () {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
  }

  document.querySelectorAll(".filters").forEach(function (group) {
    group.hidden = false;
    const buttons = group.querySelectorAll("button");
    const cards = group.parentElement.querySelector(".gallery").children;
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        const word = button.dataset.filter;
        buttons.forEach(function (other) {
          other.setAttribute("aria-pressed", String(other === button));
        });
        Array.prototype.forEach.call(cards, function (card) {
          card.hidden = word !== "" && card.dataset.words.split(" ").indexOf(word) === -1;
        });
      });
    });
  });

  // Paper is light, whatever was chosen for the screen.
  let chosen;
  window.addEventListener("beforeprint", function () {
    chosen = root.dataset.theme;
    root.dataset.theme = "light";
    document.querySelectorAll("details").forEach(function (part) {
      part.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
  });
})();
