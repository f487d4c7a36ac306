// A plot of figures with their intervals, as the book draws them. The table beside it says the same.

import { create } from "./dom.js";

const [TOP_EM, WORDS_EM, TOLD_EM, LINE_EM, ROW_EM] = [3.3, 1.4, 2.65, 3.55, 4.3];
export const EDGE = 4; // per cent, left and right of what is drawn
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
export function draw(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/**
 * @param {string} title @param {string} note
 * @param {{words: string, low: number, high: number, step: number}} axis
 * @param {{words: string, told: string, figure: import("./analysis-resample.js").Figure}[]} rows
 */
export function intervalPlot(title, note, { words, low, high, step }, rows) {
  const across = (/** @type {number} */ value) => EDGE + ((100 - 2 * EDGE) * (Math.min(Math.max(value, low), high) - low)) / (high - low);
  const bottom = TOP_EM + rows.length * ROW_EM;
  const svg = draw("svg", { role: "img", "aria-label": `${title}. The table says the same.`, width: "100%", height: `${bottom + 2}em` });
  svg.append(draw("text", { class: "axis-words", x: "4%", y: "1.2em" }, words));
  for (let tick = low; tick <= high + step / 1000; tick += step) {
    const [x, label] = [`${across(tick)}%`, String(Math.round(tick * 100) / 100).replace("-", "\u2212")];
    svg.append(draw("line", { class: tick === low ? "tick base" : "tick", x1: x, x2: x, y1: `${TOP_EM}em`, y2: `${bottom}em` }));
    for (const [y, dy] of [[TOP_EM, "-.4em"], [bottom, "1.2em"]]) svg.append(draw("text", { class: "scale", "text-anchor": "middle", x, y: `${y}em`, dy }, label)); // prettier-ignore
  }
  for (const [n, { words, told, figure }] of rows.entries()) {
    const y = TOP_EM + n * ROW_EM;
    const line = `${y + LINE_EM}em`;
    svg.append(draw("text", { class: "words", x: "4%", y: `${y + WORDS_EM}em`, dx: ".4em" }, words));
    svg.append(draw("text", { class: "figure", x: "4%", y: `${y + TOLD_EM}em`, dx: ".4em" }, told));
    if (figure.low !== null && figure.high !== null) {
      svg.append(draw("line", { class: "span", x1: `${across(figure.low)}%`, x2: `${across(figure.high)}%`, y1: line, y2: line }));
    }
    if (figure.value !== null) svg.append(draw("circle", { class: figure.low === null ? "ring" : "point", cx: `${across(figure.value)}%`, cy: line, r: ".4em" }));
  }
  const head = create("p", { className: "plot-title" }, title);
  return create("figure", { className: "plot-figure", ariaLabel: title }, head, svg, create("figcaption", {}, note));
}
