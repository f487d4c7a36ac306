// Studies: where each of them puts a nerve or a nodule, one by one or all together, with a table beside.

import { begin, fade } from "./anatomy-looks.js";
import { ballsAt } from "./anatomy-plot.js";
import { claimChip } from "./claim-chip.js";
import { dataTable } from "./data-table.js";
import { create, labelled } from "./dom.js";
import { mirrored } from "./places.js";

/** @typedef {import("./places.js").Explorer} Explorer @typedef {import("./places.js").Structure} Structure @typedef {import("./places.js").Study} Study @typedef {import("./places.js").Point} Point */

/** Told apart by place and by number in the table, not by colour alone. */
const COLOURS = ["#ffd166", "#ef476f", "#06d6a0", "#f78c6b", "#83d0ff", "#c8e05b", "#ff9ff3", "#e9efec"];
const [STEP_PX, ASIDE_PX] = [18, 11];
const DIM = "#5d6f6c";

/** @param {any} figure @param {HTMLElement} pane @param {Explorer} explorer @returns {import("./anatomy-tools.js").Tool} */
export function studiesTool(figure, pane, explorer) {
  const studied = explorer.structures.filter(({ studies }) => studies?.length);
  const list = create("select", {}, ...studied.map(({ id, name }) => new Option(name, id)));
  const place = create("div", { className: "by-study" });
  const told = create("p", { className: "told-study" });
  told.setAttribute("role", "status");
  /** @type {number | null} */ let one = null; // which study alone is shown
  list.addEventListener("change", () => ((one = null), write()));
  const all = create("button", { type: "button", className: "button" }, "All studies");
  all.addEventListener("click", () => ((one = null), draw()));
  pane.append(labelled("Where do studies put", list), told, place, create("div", { className: "row" }, all));

  const chosen = () => /** @type {Structure & {studies: Study[]}} */ (studied.find(({ id }) => id === list.value) ?? studied[0]);

  function write() {
    const { id, name, studies, words = [] } = chosen();
    const rows = studies.map((study, n) => {
      const button = create("button", { type: "button", className: "button is-study" }, String(n + 1));
      button.setAttribute("aria-label", `Show study ${n + 1} alone`);
      button.style.setProperty("--c", COLOURS[n % COLOURS.length]);
      button.addEventListener("click", () => ((one = one === n ? null : n), draw()));
      const spread = study.spread ? ` (${study.spread})` : ", no spread given";
      return [button, `${study.figure}${study.what ? ` ${study.what}` : ""}${spread}`, claimChip(figure, explorer, study.ref)];
    });
    const table = dataTable(`${name}: study by study`, ["Study", "What it gives", "Source and certainty"], rows);
    place.replaceChildren(table, ...inWords(words));
    figure.change({ ...figure.looks, studies: id, shown: new Set([...(figure.looks.shown.size ? figure.looks.shown : begin(figure.list.structures).shown), id]) });
    draw();
  }

  /** @param {string[]} words claims that give no place */
  function inWords(words) {
    if (!words.length) return [];
    const found = words.filter((claim) => explorer.claims[claim]).map((claim) => create("li", {}, `${explorer.claims[claim].statement} `, claimChip(figure, explorer, claim)));
    return [create("p", {}, "Also known, without a place that could be drawn:"), create("ul", { className: "figures" }, ...found)];
  }

  function draw() {
    const { name, studies } = chosen();
    const seen = studies.map((_, n) => one === null || one === n);
    // The numbers fan out, or those of places that lie close would cover each other.
    const rank = new Map(studies.map(({ at }, n) => ({ x: at[0], n })).sort((a, b) => a.x - b.x).map(({ n }, place) => [n, place]));
    const fanned = (/** @type {number} */ n) => ({ up: 34 + STEP_PX * ((rank.get(n) ?? 0) % 2), aside: ASIDE_PX * ((rank.get(n) ?? 0) - (studies.length - 1) / 2) });
    const notes = studies.flatMap(({ at }, n) => (seen[n] ? { at: before(at), text: String(n + 1), colour: COLOURS[n % COLOURS.length], ...fanned(n) } : []));
    figure.plot?.lay("studies", marks(studies, (n) => (seen[n] ? COLOURS[n % COLOURS.length] : DIM)), notes);
    for (const [n, button] of [...place.querySelectorAll(".is-study")].entries()) button.setAttribute("aria-pressed", String(one === n));
    all.setAttribute("aria-pressed", String(one === null));
    const count = studies.length === 1 ? "One study gives" : `${studies.length} figures give`;
    const alone = one === null ? "" : ` Shown alone: number ${one + 1}, ${studies[one].figure}${studies[one].what ? ` ${studies[one].what}` : ""}.`;
    told.textContent = `${name}: ${count} a place. Balls mark the figure, lines its spread.${alone}`;
  }

  return {
    asDrawn: true,
    open(given) {
      if (given) list.value = given;
      else if (studied.some(({ id }) => id === figure.selected)) list.value = figure.selected;
      else list.value = [...studied].sort((a, b) => (b.studies?.length ?? 0) - (a.studies?.length ?? 0))[0].id;
      one = null;
      write();
    },
    close: () => void figure.change({ ...figure.looks, studies: "" }),
    touch(structure) {
      if (!studied.some(({ id }) => id === structure)) return false;
      list.value = structure;
      one = null;
      write();
      return true;
    },
  };
}

/**
 * Few traces, since each is drawn by itself: all lines are one, with gaps between them, and all balls another.
 * @param {Study[]} studies @param {(n: number) => string} colourOf @returns {any[]} on both sides
 */
function marks(studies, colourOf) {
  /** @type {[Point | null, string][]} */ const path = [];
  /** @type {[Point, string][]} */ const balls = [];
  for (const [n, { at, lines }] of studies.entries()) {
    for (const side of [(/** @type {Point} */ point) => point, mirrored]) {
      for (const line of lines) path.push(...line.map((point) => /** @type {[Point, string]} */ ([before(side(point)), colourOf(n)])), [null, colourOf(n)]);
      balls.push([before(side(at)), colourOf(n)]);
    }
  }
  const axis = (/** @type {number} */ n) => path.map(([point]) => point?.[n] ?? null);
  const lines = { type: "scatter3d", mode: "lines", showlegend: false, line: { width: 7, color: path.map(([, colour]) => colour) }, x: axis(0), y: axis(1), z: axis(2) };
  const all = ballsAt(balls.map(([point]) => point), balls.map(([, colour]) => colour));
  return path.length ? [lines, all] : [all];
}

/** @param {Point} point @returns {Point} before the bone, so that it is seen from behind */
const before = ([x, y, z]) => [x, y - 4, z];
