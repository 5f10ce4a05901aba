"use strict";

// The page is complete without this script; it adds filters and sorting, copying, a light/dark switch and printing of folded parts.
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

  // A gallery: buttons that must all hold, a range of one number, an order.
  document.querySelectorAll(".gallery-box").forEach(function (box) {
    const controls = box.querySelector(".filters");
    if (!controls) return;
    const list = box.querySelector(".gallery");
    const cards = Array.from(list.children).map(function (element, index) {
      return {
        element: element,
        index: index,
        words: element.dataset.words.split(" "),
        values: element.dataset.values.split(";").map(function (text) {
          return text === "" ? NaN : Number(text);
        }),
      };
    });
    const find = function (selector) { return controls.querySelector(selector); };
    const sort = find(".sort");
    const quantity = find(".quantity");
    const descending = find(".descending");
    const buttons = Array.from(controls.querySelectorAll("[data-filter]"));
    const all = buttons.shift();
    const isPressed = function (button) { return button.getAttribute("aria-pressed") === "true"; };
    const press = function (button, on) { button.setAttribute("aria-pressed", String(on)); };

    const value = document.createElement("span");
    value.className = "badge value";

    const show = function () {
      const words = buttons.filter(isPressed).map(function (button) { return button.dataset.filter; });
      press(all, words.length === 0);
      const least = find(".least").value === "" ? -Infinity : Number(find(".least").value);
      const most = find(".most").value === "" ? Infinity : Number(find(".most").value);
      const ranged = least !== -Infinity || most !== Infinity;
      const place = Number(quantity.value);
      let count = 0;
      cards.forEach(function (card) {
        const number = card.values[place];
        const visible =
          words.every(function (word) { return card.words.indexOf(word) !== -1; }) &&
          (!ranged || (number >= least && number <= most));
        card.element.hidden = !visible;
        if (visible) count += 1;
      });
      find(".shown").textContent = count + " of " + cards.length;
    };

    const order = function () {
      const key = Number(sort.value);
      const sign = isPressed(descending) ? -1 : 1;
      const sorted = cards.slice().sort(function (a, b) {
        if (key < 0) return sign * (a.index - b.index);
        const x = a.values[key];
        const y = b.values[key];
        // Samples without the number stand behind, whatever the direction.
        if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y) || a.index - b.index;
        return sign * (x - y) || a.index - b.index;
      });
      sorted.forEach(function (card) {
        const old = card.element.querySelector(".value");
        if (old) old.remove();
        if (key >= 2 && !isNaN(card.values[key])) {
          const badge = value.cloneNode(false);
          badge.textContent = sort.options[sort.selectedIndex].text + " " + card.values[key];
          card.element.querySelector(".badges").appendChild(badge);
        }
        list.appendChild(card.element);
      });
    };

    controls.hidden = false;
    all.addEventListener("click", function () {
      buttons.forEach(function (button) { press(button, false); });
      show();
    });
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        press(button, !isPressed(button));
        show();
      });
    });
    descending.addEventListener("click", function () {
      press(descending, !isPressed(descending));
      order();
    });
    sort.addEventListener("change", order);
    [quantity, find(".least"), find(".most")].forEach(function (field) {
      field.addEventListener("input", show);
    });
  });

  // Pages opened from a file may not have navigator.clipboard; then the text is selected to be copied by hand.
  document.querySelectorAll(".copy").forEach(function (button) {
    const text = button.nextElementSibling;
    button.hidden = false;
    button.addEventListener("click", function () {
      const done = function () {
        button.textContent = "Copied";
        window.setTimeout(function () { button.textContent = "Copy"; }, 1500);
      };
      const select = function () {
        window.getSelection().selectAllChildren(text);
        if (document.execCommand("copy")) done();
      };
      if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).then(done, select);
      else select();
    });
  });

  // On paper nothing can be unfolded.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) {
      if (!part.closest(".cif")) part.open = true;
    });
  });
})();
