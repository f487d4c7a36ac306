// How many students have how many points, drawn as assign/drawing.py does, with its table.

import { dataTable } from "./data-table.js";
import { create } from "./dom.js";
import { draw, EDGE } from "./interval-plot.js";

const [HEIGHT_EM, MOST_BARS] = [9, 24];

/**
 * @param {number[]} counts of students, by points from 0 up
 * @returns {{low: number, high: number, count: number, x: number, width: number, height: number}[]} in at most
 *   `MOST_BARS` bars; `x` and `width` in per cent, `height` in em
 */
export function bars(counts) {
  const each = Math.ceil(counts.length / MOST_BARS);
  const groups = Array.from({ length: Math.ceil(counts.length / each) }, (_, n) => counts.slice(n * each, (n + 1) * each));
  const sums = groups.map((group) => group.reduce((sum, count) => sum + count, 0));
  const most = Math.max(...sums) || 1;
  const step = (100 - 2 * EDGE) / groups.length;
  return groups.map(({ length }, n) => ({
    low: n * each, high: n * each + length - 1, count: sums[n], x: EDGE + n * step, width: 0.86 * step,
    height: ((HEIGHT_EM - 2) * sums[n]) / most,
  })); // prettier-ignore
}

/** @param {number[]} counts of students, by points from 0 up */
export function histogram(counts) {
  const drawn = bars(counts);
  const title = "How many students have how many points";
  const svg = draw("svg", { role: "img", "aria-label": `${title}. The table says the same.`, width: "100%", height: `${HEIGHT_EM + 3.4}em` });
  for (const [n, { low, count, x, width, height }] of drawn.entries()) {
    svg.append(draw("rect", { class: "bar-of", x: `${x}%`, width: `${width}%`, y: `${HEIGHT_EM - height}em`, height: `${height}em` }));
    const middle = { class: "scale", "text-anchor": "middle", x: `${x + width / 2}%` };
    if (count && drawn.length <= 12) svg.append(draw("text", { ...middle, y: `${HEIGHT_EM - height}em`, dy: "-.4em" }, String(count)));
    if (drawn.length <= 12 || n % 4 === 0) svg.append(draw("text", { ...middle, y: `${HEIGHT_EM}em`, dy: "1.3em" }, String(low)));
  }
  svg.append(draw("line", { class: "base tick", x1: `${EDGE}%`, x2: `${100 - EDGE}%`, y1: `${HEIGHT_EM}em`, y2: `${HEIGHT_EM}em` }));
  svg.append(draw("text", { class: "axis-words", x: `${EDGE}%`, y: `${HEIGHT_EM + 2.9}em` }, "Points"));
  const rows = drawn.map(({ low, high, count }) => [low === high ? `${low}` : `${low} to ${high}`, `${count}`]);
  const table = create("details", { className: "as-table" }, create("summary", {}, "Read it as a table"), dataTable("Students by points", ["Points", "Students"], rows));
  return create("figure", { className: "plot-figure", ariaLabel: title }, create("p", { className: "plot-title" }, title), svg, table);
}
