"use strict";

// Turns the drawings of crystals: where this script runs, a drawing becomes a picture that turns under the pointer.
// Each `.crystal[data-scene]` holds {"cell": [a, b, c], "elements": [[symbol, colour, radius]], "sites": [[x, y, z, element]],
// "bonds": [[site, site]]}, all lengths in Å.
(function () {
  const TURN_PER_SECOND = 0.5;
  const BOND_RADIUS = 0.09;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const rotation = function (axis, angle) {
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    return axis === "x" ? [1, 0, 0, 0, c, -s, 0, s, c] : [c, 0, s, 0, 1, 0, -s, 0, c];
  };
  const product = function (a, b) {
    const m = [];
    for (let i = 0; i < 3; i += 1)
      for (let j = 0; j < 3; j += 1)
        m.push(a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j]);
    return m;
  };
  const turned = function (m, p) {
    return [0, 1, 2].map(function (i) { return m[3 * i] * p[0] + m[3 * i + 1] * p[1] + m[3 * i + 2] * p[2]; });
  };
  const mix = function (p, q, t) {
    return [0, 1, 2].map(function (i) { return p[i] + (q[i] - p[i]) * t; });
  };

  // A ball lit from above left, drawn once for each element and scaled afterwards.
  const ball = function (colour) {
    const size = 96;
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = size;
    const paint = sprite.getContext("2d");
    const disc = function (fill) {
      paint.beginPath();
      paint.arc(size / 2, size / 2, size / 2 - 1, 0, 2 * Math.PI);
      paint.fillStyle = fill;
      paint.fill();
    };
    disc(colour);
    const light = paint.createRadialGradient(size * 0.36, size * 0.32, size * 0.03, size * 0.5, size * 0.5, size * 0.5);
    light.addColorStop(0, "rgba(255,255,255,.85)");
    light.addColorStop(0.25, "rgba(255,255,255,.28)");
    light.addColorStop(0.6, "rgba(0,0,0,0)");
    light.addColorStop(1, "rgba(0,0,0,.5)");
    disc(light);
    return sprite;
  };

  const corners = function (cell) {
    const list = [];
    for (let n = 0; n < 8; n += 1)
      list.push([0, 1, 2].map(function (i) {
        return (n & 1) * cell[0][i] + ((n >> 1) & 1) * cell[1][i] + ((n >> 2) & 1) * cell[2][i];
      }));
    return list;
  };

  // The parts of a scene around the middle of its cell: balls, halves of bonds and pieces of the cell's edges.
  const partsOf = function (scene) {
    const vertices = corners(scene.cell);
    const centre = vertices[7].map(function (x) { return x / 2; });
    const placed = function (p) { return [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]]; };
    const sites = scene.sites.map(function (site) { return { at: placed(site), element: site[3] }; });
    const parts = sites.map(function (site) { return { kind: "ball", at: site.at, element: site.element }; });
    scene.bonds.forEach(function (bond) {
      const ends = [sites[bond[0]], sites[bond[1]]];
      const middle = mix(ends[0].at, ends[1].at, 0.5);
      ends.forEach(function (end) {
        parts.push({ kind: "bond", from: end.at, to: middle, at: mix(end.at, middle, 0.6), element: end.element });
      });
    });
    const pieces = 6;
    for (let n = 0; n < 8; n += 1)
      [1, 2, 4].forEach(function (step) {
        if (n & step) return;
        const from = placed(vertices[n]);
        const to = placed(vertices[n | step]);
        for (let k = 0; k < pieces; k += 1)
          parts.push({
            kind: "edge", from: mix(from, to, k / pieces), to: mix(from, to, (k + 1) / pieces),
            at: mix(from, to, (k + 0.5) / pieces),
          });
      });
    const reach = Math.max.apply(null, vertices.map(placed).concat(sites.map(function (s) { return s.at; }))
      .map(function (p) { return Math.hypot(p[0], p[1], p[2]); }));
    return { parts: parts, reach: reach + 0.8 };
  };

  const draw = function (view) {
    const canvas = view.canvas;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const paint = canvas.getContext("2d");
    const scale = (Math.min(width, height) / (2 * view.reach)) * view.zoom;
    const place = function (p) {
      const q = turned(view.matrix, p);
      return [width / 2 + q[0] * scale, height / 2 - q[1] * scale, q[2]];
    };
    paint.clearRect(0, 0, width, height);
    paint.lineCap = "round";
    const order = view.parts.map(function (part) { return { part: part, at: place(part.at) }; });
    order.sort(function (a, b) { return a.at[2] - b.at[2]; });
    const line = function (part, colour, thickness) {
      const from = place(part.from);
      const to = place(part.to);
      paint.beginPath();
      paint.moveTo(from[0], from[1]);
      paint.lineTo(to[0], to[1]);
      paint.strokeStyle = colour;
      paint.lineWidth = thickness;
      paint.stroke();
    };
    order.forEach(function (item) {
      const part = item.part;
      if (part.kind === "edge") {
        paint.globalAlpha = 0.7;
        line(part, view.ink, ratio);
        paint.globalAlpha = 1;
      } else if (part.kind === "bond") {
        const thickness = 2 * BOND_RADIUS * scale;
        line(part, "rgba(0,0,0,.45)", thickness + 1.2 * ratio);
        line(part, view.elements[part.element].colour, thickness);
      } else {
        const element = view.elements[part.element];
        const radius = element.radius * scale;
        paint.drawImage(element.sprite, item.at[0] - radius, item.at[1] - radius, 2 * radius, 2 * radius);
      }
    });
  };

  // Only one picture turns by itself at a time: the one under the pointer.
  let turning = null;
  const frame = function (time) {
    if (!turning) return;
    const view = turning;
    const seconds = view.last === undefined ? 0 : Math.min(0.1, (time - view.last) / 1000);
    view.last = time;
    if (!view.held && !calm) view.matrix = product(rotation("y", TURN_PER_SECOND * seconds), view.matrix);
    draw(view);
    window.requestAnimationFrame(frame);
  };
  const turn = function (view) {
    const idle = turning === null;
    turning = view;
    view.last = undefined;
    if (idle) window.requestAnimationFrame(frame);
  };

  const start = function () { return product(rotation("x", 0.35), rotation("y", -0.5)); };

  const listen = function (view) {
    const canvas = view.canvas;
    canvas.addEventListener("pointerdown", function (event) {
      view.held = [event.clientX, event.clientY];
      canvas.setPointerCapture(event.pointerId);
      turn(view);
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!view.held) return;
      const by = 0.012;
      const dx = (event.clientX - view.held[0]) * by;
      const dy = (event.clientY - view.held[1]) * by;
      view.held = [event.clientX, event.clientY];
      view.matrix = product(product(rotation("y", dx), rotation("x", dy)), view.matrix);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      canvas.addEventListener(name, function () { view.held = null; });
    });
    canvas.addEventListener("dblclick", function () {
      view.matrix = start();
      view.zoom = 1;
      draw(view);
    });
    // The wheel scrolls the page unless a key or the full size says that the picture is meant.
    canvas.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      view.zoom = Math.min(6, Math.max(0.4, view.zoom * Math.exp(-0.0015 * (event.deltaY || event.deltaX))));
      draw(view);
    }, { passive: false });
    canvas.addEventListener("keydown", function (event) {
      const step = { ArrowLeft: ["y", -1], ArrowRight: ["y", 1], ArrowUp: ["x", -1], ArrowDown: ["x", 1] }[event.key];
      if (step) view.matrix = product(rotation(step[0], 0.15 * step[1]), view.matrix);
      else if (event.key === "+" || event.key === "-") view.zoom *= event.key === "+" ? 1.15 : 1 / 1.15;
      else return;
      event.preventDefault();
      draw(view);
    });
    canvas.addEventListener("pointerleave", function () { if (turning === view) turning = null; });
  };

  const mount = function (box) {
    const scene = JSON.parse(box.dataset.scene);
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "crystal that turns: drag, or use the arrow keys; shift and wheel to zoom");
    canvas.title = "drag to turn, shift + wheel to zoom, double click to start again";
    const view = Object.assign(partsOf(scene), {
      canvas: canvas, matrix: start(), zoom: 1, held: null, ink: window.getComputedStyle(box).color,
      elements: scene.elements.map(function (element) {
        return { colour: element[1], radius: element[2], sprite: ball(element[1]) };
      }),
    });
    box.appendChild(canvas);
    box.classList.add("turning");
    listen(view);
    draw(view);
    return view;
  };

  document.querySelectorAll(".crystal[data-scene]").forEach(function (box) {
    let view = null;
    const wake = function () {
      if (!view) view = mount(box);
      view.ink = window.getComputedStyle(box).color;
      turn(view);
    };
    box.addEventListener("pointerenter", wake);
    box.addEventListener("touchstart", wake, { passive: true });
  });
})();
