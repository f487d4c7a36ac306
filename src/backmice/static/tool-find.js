// Find it: a place is named, the learner shows where it is, by touch or by numbers, and hears how far off that was.

import { only } from "./anatomy-looks.js";
import { ballsAt } from "./anatomy-plot.js";
import { sharedLog } from "./attempt-log.js";
import { claimChip } from "./claim-chip.js";
import { create, labelled } from "./dom.js";
import { inWords, offBy, placesOf } from "./places.js";
import { hindmost } from "./section.js";
import { storageNotice } from "./storage-notice.js";

/** @typedef {import("./places.js").Explorer} Explorer @typedef {import("./places.js").Task} Task @typedef {import("./places.js").Point} Point */

const MARK = "#ffd166";
const WHERE = "#06d6a0";
/** What is left for the eye: bone, and no name. */
const SEEN = ["bone"];

/** @param {any} figure @param {HTMLElement} pane @param {Explorer} explorer @returns {import("./anatomy-tools.js").Tool} */
export function findTool(figure, pane, explorer) {
  const places = placesOf(explorer);
  const target = (/** @type {Task} */ task) => /** @type {{at: Point}} */ (places.find(({ id }) => id === task.place)).at;
  /** @type {Task[]} */ let left = [];
  /** @type {Task | null} */ let task = null;
  const done = { found: 0, asked: 0 };
  /** @type {any[]} */ let bones = [];
  /** @type {any} the looks before */ let before = null;

  const ask = create("p", { className: "ask" });
  const right = number("Millimetres to the right of the midline, left with a minus", -130, 130);
  const up = number("Millimetres above the line between the two spines, below with a minus", -110, 130);
  const candidates = create("select", {});
  const mark = create("button", { type: "submit", className: "button is-main" }, "Mark this place");
  const next = create("button", { type: "button", className: "button" }, "Next");
  const told = create("div", { className: "found" });
  told.setAttribute("role", "status");
  const list = labelled("A place from the list", candidates);
  const numbers = create("form", { className: "by-numbers" }, list, right.label, up.label, create("div", { className: "row" }, mark, next));
  pane.append(ask, create("p", { className: "manner" }, figure.plot ? "Touch the figure there, choose a place from the list or type numbers: all count the same. Depth does not count." : "Choose a place from the list or type numbers: both count the same. Depth does not count."), numbers, told);

  numbers.addEventListener("submit", (event) => {
    event.preventDefault();
    const [x, z] = [right.value(), up.value()];
    if (x === null || z === null) return told.replaceChildren(create("p", {}, "Give both numbers, or choose a place from the list."));
    answer([x, z], "numbers");
  });
  candidates.addEventListener("change", () => {
    const [x, z] = candidates.value.split(" ");
    right.set(x);
    up.set(z);
    point();
  });
  for (const { input } of [right, up]) input.addEventListener("input", point);
  next.addEventListener("click", pose);

  function pose() {
    if (!left.length) left = shuffled(explorer.find);
    task = left.pop() ?? null;
    if (!task) return;
    ask.replaceChildren("Find ", create("b", {}, task.ask), ".");
    told.replaceChildren();
    mark.disabled = false;
    right.set("");
    up.set("");
    const offered = shuffled(explorer.find).filter(({ place }) => place !== task?.place).slice(0, 5);
    const options = [...offered, task].map(target).sort((a, b) => b[2] - a[2] || a[0] - b[0]);
    candidates.replaceChildren(new Option("Choose", ""), ...options.map((at) => new Option(inWords(at), `${Math.round(at[0])} ${Math.round(at[2])}`)));
    figure.plot?.lay("find", []);
  }

  /** Show where the numbers point. */
  function point() {
    const [x, z] = [right.value(), up.value()];
    if (x !== null && z !== null && task && !mark.disabled) figure.plot?.lay("find", [ballsAt([onBack(x, z)], MARK)]);
  }

  /** @param {number} x @param {number} z @returns {Point} on what lies hindmost there */
  const onBack = (x, z) => [x, (hindmost(bones, x, z) ?? -6) - 3, z];

  /** @param {[number, number]} touched @param {"touch" | "numbers"} by */
  async function answer(touched, by) {
    if (!task || mark.disabled) return;
    mark.disabled = true;
    const at = target(task);
    const { mm, found } = offBy(at, touched, task.tolerance_mm);
    done.asked++;
    done.found += Number(found);
    figure.plot?.lay("find", [ballsAt([onBack(...touched)], MARK), ballsAt([onBack(at[0], at[2])], WHERE)], [{ at: onBack(at[0], at[2]), text: "here" }]);
    const verdict = found ? "Found." : "Not there.";
    const off = `You marked ${inWords([touched[0], 0, touched[1]])}: ${Math.round(mm)}\u00a0mm off. It is ${inWords(at)} in this model.`;
    const within = `Up to ${task.tolerance_mm}\u00a0mm counts. ${task.because}`;
    told.replaceChildren(
      create("p", { className: found ? "is-found" : "is-not-found" }, create("b", {}, verdict), ` ${off}`),
      create("p", {}, `${within} `, ...(task.claim ? [claimChip(figure, explorer, task.claim)] : [])),
      create("p", {}, `So far ${done.found} of ${done.asked} found.`),
    );
    if (by === "numbers") next.focus();
    const { kept, reason } = await sharedLog().append({ type: "find", quiz: "", figure: explorer.id, place: task.place, off_mm: Math.round(mm * 10) / 10, tolerance_mm: task.tolerance_mm, found, by });
    if (!kept) told.append(storageNotice(reason));
  }

  return {
    asDrawn: true,
    async open() {
      if (!task || mark.disabled) pose(); // what was answered is not asked again; nor later, when somebody may have answered
      const bony = new Set(explorer.structures.filter(({ layer }) => SEEN.includes(layer)).map(({ id }) => id));
      bones = (await figure.data()).data.filter((/** @type {any} */ { meta, type }) => type === "mesh3d" && bony.has(meta.structure));
      before ??= figure.looks;
      figure.plot?.hideNames(true);
      await figure.change({ ...only(figure.looks, bony), labels: false });
    },
    close() {
      figure.plot?.hideNames(false);
      if (before) figure.change(before);
      before = null;
    },
    touch(_structure, [x, , z]) {
      answer([x, z], "touch");
      return true;
    },
  };
}

/** @param {string} words @param {number} low @param {number} high */
function number(words, low, high) {
  const input = create("input", { type: "number", min: String(low), max: String(high), step: "1", inputMode: "numeric" });
  return {
    input,
    value: () => (input.value.trim() === "" || !Number.isFinite(input.valueAsNumber) ? null : input.valueAsNumber),
    set: (/** @type {string} */ value) => (input.value = value),
    label: labelled(words, input),
  };
}

/** @template T @param {T[]} all @returns {T[]} */
function shuffled(all) {
  const copy = [...all];
  for (let n = copy.length - 1; n > 0; n--) {
    const m = Math.floor(Math.random() * (n + 1));
    [copy[n], copy[m]] = [copy[m], copy[n]];
  }
  return copy;
}
