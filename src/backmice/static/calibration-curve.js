// Draws how often answers given with each certainty were right: a curve, and the table that says the same.

import { dataTable } from "./data-table.js";
import { create, percent } from "./dom.js";
import { ENOUGH } from "./learning.js";
import { interval } from "./progress-view.js";

/** @typedef {ReturnType<typeof import("./learning.js").calibration>} Calibration */

/**
 * By certainty: its word as items ask for it, and the shares of right answers at which marking by certainty (right 1, 2 or 3 points,
 * wrong 0, -2 or -6) gives most for it: mid beats low from 2/3, high beats mid from 4/5.
 * @type {Record<string, {word: string, from: number, to: number}>}
 */
const LEVELS = {
  low: { word: "Guessing", from: 0, to: 2 / 3 },
  mid: { word: "Fairly sure", from: 2 / 3, to: 4 / 5 },
  high: { word: "Certain", from: 4 / 5, to: 1 },
};
const SVG = "http://www.w3.org/2000/svg";
const [LEFT, TOP, WIDTH, HEIGHT] = [54, 10, 216, 180];

/** @param {Calibration} rows @returns {HTMLElement | null} nothing unless a certainty was ever given */
export function calibrationSection(rows) {
  if (!rows.some(({ count }) => count)) return null;
  const heading = create("h2", { id: "calibration" }, "When you were sure, were you right?");
  const enough = rows.filter(({ count }) => count >= ENOUGH);
  const figure = create("figure", {}, ...(enough.length ? [curve(rows), caption()] : []));
  const table = dataTable("How often you were right, by how sure you were", ["How sure", "Right", "True share"], rows.map(cells));
  const section = create("section", { className: "report" }, heading, create("div", { className: "split" }, figure, table));
  if (!enough.length) figure.replaceWith();
  section.setAttribute("aria-labelledby", heading.id);
  return section;
}

const caption = () =>
  create(
    "figcaption",
    { className: "caption" },
    "Dots are your share of right answers, lines the range in which the true share likely lies. " +
      "A dot above its box: you can trust yourself more. Below it: you were surer than right.",
  );

/** @param {Calibration[number]} row */
function cells({ certainty, count, right, interval: range }) {
  const told = range && count >= ENOUGH ? `${percent(right / count)}, ${interval(range)}` : "too few to say";
  return [LEVELS[certainty].word, `${right} of ${count}`.replaceAll(" ", "\u00a0"), count ? told : "not used yet"];
}

/** @param {Calibration} rows */
function curve(rows) {
  const y = (/** @type {number} */ share) => TOP + HEIGHT * (1 - share);
  const columns = rows.map((row, i) => ({ ...row, ...LEVELS[row.certainty], x: LEFT + (WIDTH * (2 * i + 1)) / 6 }));
  const drawn = columns.filter(({ count }) => count >= ENOUGH);
  const at = ({ x, right, count }) => `${x} ${y(right / count)}`;
  const svg = draw("svg", { class: "curve", viewBox: "0 0 290 218", role: "img", "aria-label": "The table as a curve." });
  svg.append(
    ...columns.map(({ x, from, to }) =>
      draw("rect", { class: "fits", x: x - 26, y: y(to), width: 52, height: y(from) - y(to) }),
    ),
    draw("path", { class: "axis", d: `M${LEFT} ${TOP}v${HEIGHT}h${WIDTH}` }),
    draw("path", { class: "range", d: drawn.map(({ x, interval: i }) => `M${x} ${y(i.low)}V${y(i.high)}`).join("") }),
    draw("path", { class: "line", d: `M${drawn.map(at).join("L")}` }),
    ...drawn.map(({ x, right, count }) => draw("circle", { cx: x, cy: y(right / count), r: 6 })),
    ...[0, 0.5, 1].map((share) => label(percent(share), LEFT - 8, y(share) + 4, "end")),
    ...columns.map(({ word, x }) => label(word, x, TOP + HEIGHT + 20, "middle")),
  );
  return svg;
}

/** @param {string} text @param {number} x @param {number} y @param {string} anchor */
function label(text, x, y, anchor) {
  const element = draw("text", { x, y, "text-anchor": anchor });
  element.textContent = text;
  return element;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
