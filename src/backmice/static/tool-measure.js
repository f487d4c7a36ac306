// Measuring: between two places chosen by list or touched, in mm, beside what is published on that distance.

import { ballsAt, lineThrough } from "./anatomy-plot.js";
import { scale } from "./body.js";
import { claimChip } from "./claim-chip.js";
import { create, labelled } from "./dom.js";
import { MIDLINE, measure, placesOf, publishedBetween, snap } from "./places.js";

/** @typedef {import("./places.js").Explorer} Explorer @typedef {import("./places.js").Point} Point @typedef {import("./places.js").Published} Published */

const TOUCHED = "touched";
const COLOUR = "#ffd166";

/** @param {any} figure @param {HTMLElement} pane @param {Explorer} explorer @returns {import("./anatomy-tools.js").Tool} */
export function measureTool(figure, pane, explorer) {
  let places = placesOf(explorer);
  /** @type {[Point | null, Point | null]} */ const touched = [null, null];
  let turn = 0; // which end the next touch sets
  const ends = ["From", "To"].map((words) => endList(words, places));
  const told = create("div", { className: "measured" });
  told.setAttribute("role", "status");
  const how = figure.plot ? "Choose two places in the lists, or touch two in the figure: a touch near a named place takes that place." : "Choose two places.";
  const swap = create("button", { type: "button", className: "button" }, "Start again");
  swap.addEventListener("click", () => { set(0, "", null); set(1, "", null); turn = 0; write(); });
  pane.append(create("p", {}, how), create("div", { className: "ends" }, ...ends.map(({ label }) => label)), told, create("div", { className: "row" }, swap));
  for (const [n, { list }] of ends.entries()) list.addEventListener("change", () => { if (list.value !== TOUCHED) touched[n] = null; write(); });

  /** @param {number} n @param {string} id @param {Point | null} point */
  function set(n, id, point) {
    const { list } = ends[n];
    touched[n] = point;
    const option = list.querySelector(`option[value="${TOUCHED}"]`);
    if (point && !option) list.append(new Option("The point you touched", TOUCHED));
    if (!point) option?.remove();
    list.value = point ? TOUCHED : id;
  }

  /** @param {number} n @returns {Point | null | undefined} null: the midline; undefined: nothing yet */
  function at(n) {
    const { value } = ends[n].list;
    if (value === MIDLINE) return null;
    return value === TOUCHED ? touched[n] ?? undefined : places.find(({ id }) => id === value)?.at;
  }

  function write() {
    const [a, b] = [at(0), at(1)];
    const [from, to] = ends.map(({ list }) => list.value);
    figure.measured_mm = null;
    if (a === undefined || b === undefined) {
      figure.plot?.lay("measure", [a, b].flatMap((point) => (point ? ballsAt([point], COLOUR) : [])));
      return told.replaceChildren();
    }
    if (from === to && from !== TOUCHED) return told.replaceChildren(create("p", {}, "Choose two different places."));
    const found = measure(a, b);
    figure.measured_mm = Math.round(found.mm * 10) / 10;
    figure.tell();
    figure.plot?.lay("measure", [lineThrough([found.from, found.to], COLOUR, 8), ballsAt([found.from, found.to], COLOUR)], [{ at: middle(found.from, found.to), text: mm(found.mm) }]);
    told.replaceChildren(create("p", {}, create("b", { className: "figure" }, mm(found.mm)), ` in the model, straight${ofBody(figure.body)}. ${directions(found)}`), ...published(figure, explorer, publishedBetween(explorer, from, to), found.mm));
  }

  return {
    open(given) {
      places = placesOf(explorer, scale(figure.body));
      const bones = figure.list.structures.filter(({ layer }) => layer === "bone").map(({ id }) => id);
      figure.change({ ...figure.looks, through: new Set(bones) }); // a straight line may run inside them
      if (given) for (const n of [0, 1]) set(n, given[n], null);
      write();
    },
    close() {
      figure.measured_mm = null;
      figure.change({ ...figure.looks, through: new Set() });
    },
    touch(structure, point) {
      const place = snap(places, point, structure);
      set(turn, place?.id ?? "", place ? null : point);
      if (turn === 0) set(1, "", null);
      turn = 1 - turn;
      write();
      figure.say(`${turn ? "From" : "To"}: ${place?.name ?? "the point you touched"}.`);
      return true;
    },
  };
}

/** @param {string} words @param {import("./places.js").Place[]} places */
function endList(words, places) {
  const list = create("select", {}, new Option("Choose", ""), new Option("The midline", MIDLINE));
  for (const group of new Set(places.map((place) => place.group))) {
    const options = places.filter((place) => place.group === group).map(({ id, name }) => new Option(name, id));
    list.append(create("optgroup", { label: group }, ...options));
  }
  return { list, label: labelled(words, list) };
}

/** @param {number} value */
const mm = (value) => `${value.toFixed(1)}\u00a0mm`;

/** @param {Point} a @param {Point} b */
const middle = (a, b) => a.map((v, i) => (v + b[i]) / 2);

/** @param {{right: number, anterior: number, superior: number}} way */
function directions({ right, anterior, superior }) {
  const part = (/** @type {number} */ value, /** @type {string} */ more, /** @type {string} */ less) => (Math.abs(value) < 0.5 ? [] : [`${Math.abs(value).toFixed(0)}\u00a0mm ${value > 0 ? more : less}`]);
  const parts = [...part(right, "to the right", "to the left"), ...part(superior, "up", "down"), ...part(anterior, "deeper", "nearer the skin")];
  return parts.length ? `That is ${parts.join(", ")}. Depth is illustrative.` : "";
}

/** @param {import("./body.js").Body} body */
const ofBody = (body) => (scale(body) === 1 ? "" : `, in a body of ${body.stature_cm} cm; distances grow with stature, which is illustrative`);

/** @param {any} figure @param {Explorer} explorer @param {Published[]} rows @param {number} modelled */
function published(figure, explorer, rows, modelled) {
  if (!rows.length) return [create("p", {}, "The course knows no published figure for this distance.")];
  const list = rows.map((row) => {
    const measured = row.what === "below the PSIS" ? row.model_mm * scale(figure.body) : modelled;
    const spread = row.spread ? ` (${row.spread})` : "";
    const within = row.high > row.low ? (measured < row.low || measured > row.high ? "; the model lies outside that spread" : "; the model lies within that spread") : "";
    return create("li", {}, `${row.figure} ${row.what}${spread}${within}. `, claimChip(figure, explorer, row.ref));
  });
  return [create("p", {}, "Published:"), create("ul", { className: "figures" }, ...list)];
}
