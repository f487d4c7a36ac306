// <backmice-grader>: the instructor's files, opened, graded and analysed in this page. Nothing leaves the machine.

import { analyse } from "./analysis.js";
import { dataTable } from "./data-table.js";
import { create, focusOn } from "./dom.js";
import { gradeAll, gradebooks, tableOf } from "./grading.js";
import { readAll } from "./handed-files.js";
import { intervalPlot } from "./interval-plot.js";

/** @typedef {import("./analysis-resample.js").Figure} Figure */

const SURE = { low: "Guessing", mid: "Fairly sure", high: "Certain" };
const SHARE = { words: "Share of points, %", low: 0, high: 1, step: 0.2 };

export default class BackmiceGrader extends HTMLElement {
  #form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  #found = create("div", { className: "grader-found" });
  #told = create("div", { className: "notice" });

  connectedCallback() {
    if (this.#found.isConnected) return;
    this.querySelector(".needs-script")?.remove();
    this.#form.hidden = false;
    this.#told.setAttribute("role", "status");
    this.append(this.#told, this.#found);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#grade().catch((error) => this.#fail(error));
    });
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#grade([...(event.dataTransfer?.files ?? [])]).catch((error) => this.#fail(error));
    });
  }

  /** @param {File[]} [dropped] beside those that were chosen */
  async #grade(dropped = []) {
    const chosen = [...this.#form.querySelectorAll("input")].flatMap((input) => [...(input.files ?? [])]);
    this.#told.textContent = "Opening…";
    const files = await Promise.all(
      [...chosen, ...dropped].map(async (file) => ({ name: file.webkitRelativePath.split("/").slice(1).join("/") || file.name, text: await file.text() })),
    );
    const { assignment, results } = parted(files);
    const pile = await readAll(assignment, results);
    const graded = gradeAll(assignment, pile);
    this.#told.textContent = graded.length ? "Analysing…" : "";
    await new Promise((resolve) => setTimeout(resolve)); // let that be seen
    const table = tableOf(assignment, graded);
    const found = graded.length ? analyse(table) : null;
    this.#found.replaceChildren(...report(assignment, pile, graded, found));
    this.#told.textContent = `${results.length} files, ${graded.length} students.`;
    focusOn(this.#found.querySelector("h2"));
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    this.#told.replaceChildren(create("div", { className: "empty is-error" }, create("p", {}, why)));
  }
}

/**
 * The instructor's file, and what students handed in.
 * @param {{name: string, text: string}[]} files
 * @throws {RangeError} if there is not one instructor's file
 */
function parted(files) {
  const isOwn = (/** @type {{text: string}} */ { text }) => /^\s*\{\s*"format":\s*"backmice-assignment"/.test(text);
  const own = files.filter(isOwn);
  if (own.length !== 1) {
    throw new RangeError(own.length ? "There are two instructor’s files; choose one." : "Choose the file that ends in .instructor.json as well.");
  }
  return { assignment: JSON.parse(own[0].text), results: files.filter((file) => !isOwn(file)) };
}

/** @param {any} assignment @param {import("./handed-files.js").Pile} pile @param {import("./grading.js").Graded[]} graded @param {ReturnType<typeof analyse> | null} found */
function report(assignment, pile, graded, found) {
  const odd = pile.odd.length
    ? dataTable("Files that are not as expected", ["File", "What", "Why"], pile.odd.map(({ file, kind, words }) => [file, kind, words]))
    : create("p", {}, "Nothing: every file opened, was on time, and belongs to who says so.");
  const files = { ...gradebooks(assignment, graded), ...(found ? { "analysis.json": `${JSON.stringify(found, null, 1)}\n` } : {}) };
  const links = Object.entries(files).map(([name, text]) => create("a", { className: "button", download: name, href: URL.createObjectURL(new Blob([text])) }, name));
  const heading = (/** @type {string} */ words) => create("h2", {}, words);
  const parts = [heading("What to look at among the files"), odd, heading("Save"), create("div", { className: "row" }, ...links)];
  if (!found) return parts;
  const { whole, items, objectives, calibration } = found;
  const test = [
    ["Mean", `${told(whole.mean, 1, 1)} of ${whole.items} points`],
    [whole.name, `${told(whole.alpha)}; at least 0.8: ${whole.reliable}`],
    ["Standard error of measurement", `${told(whole.sem, 1, 1)} points`],
  ];
  const alarms = items.filter(({ alarm }) => alarm).map((item) => create("li", {}, create("strong", {}, item.id), `, ${item.alarm === "miskey" ? "the key may be wrong" : "two options may be right"}: ${item.why}.`));
  const named = (/** @type {any} */ { id, stem }) => `${id}  ${stem.length > 32 ? `${stem.slice(0, 31)}…` : stem}`;
  const rows = (/** @type {"facility" | "discrimination"} */ what, of = 1, places = 2) => items.map((item) => ({ words: named(item), told: told(item[what], of, places), figure: item[what] }));
  return [
    ...parts,
    heading("The test"),
    dataTable("The test as a whole", ["What", "Figure"], test),
    heading("Alarms"),
    alarms.length ? create("ul", {}, ...alarms) : create("p", {}, "No item looks miskeyed or ambiguous. In a small class that is no proof."),
    heading("The items"),
    intervalPlot("How much of each item the class got", "A line is the 95 % interval.", { ...SHARE, words: "Share of points" }, rows("facility")),
    intervalPlot("Whether who knows the rest gets the item", "At 0.2 or more an item separates well.", { words: "Correlation with the other items", low: -1, high: 1, step: 0.5 }, rows("discrimination")),
    dataTable(
      "Items",
      ["Item", "Facility", "Discrimination", "Upper less lower 27 %", "Separates (0.2)"],
      items.map((item) => [named(item), told(item.facility), told(item.discrimination), told(item.upper_lower), item.separates]),
    ),
    ...items.filter(({ choices }) => choices.length).map((item) =>
      dataTable(
        `${item.id}: who chose what`,
        ["Choice", "Chosen by", "Upper 27 %", "Lower 27 %", "Goes with the rest", "Chosen by 5 % or more"],
        item.choices.map((choice) => [
          `${choice.is_credited ? "Key: " : ""}${choice.text}`, `${choice.count}`, fixed(choice.upper, 2), fixed(choice.lower, 2),
          told(choice.goes_with_rest), choice.is_credited ? "" : choice.works,
        ]),
      ),
    ),
    heading("What is not learned yet"),
    dataTable("Objectives, the least learned first", ["Objective", "Points earned", "Learned (0.7)", "Where it is taught"], objectives.map(({ id, share, learned }) => [...taught(assignment, id).slice(0, 1), told(share), learned, ...taught(assignment, id).slice(1)])),
    ...(calibration.length ? [heading("Whether the class knows what it knows"), dataTable("Certainty", ["How sure", "Answers", "Right"], calibration.map(({ certainty, answers, right }) => [SURE[/** @type {keyof typeof SURE} */ (certainty)], String(answers), told(right)]))] : []),
    create("p", {}, `Intervals: ${found.resamples} classes drawn from this one, seed ${found.seed}; below 20 students none is given. “too few to say” means that the interval leaves the question open.`),
  ]; // prettier-ignore
}

/** @param {any} assignment @param {string} objective @returns {[string, string]} its words, and where it is taught */
function taught(assignment, objective) {
  const passage = assignment.questions.find((/** @type {any} */ question) => question.objective === objective)?.passage;
  return passage ? [passage.words.replace(/[.;]$/, ""), `${passage.lesson} (${passage.address})`] : [objective.replaceAll("-", " "), ""];
}

/** @param {number} value @param {number} places */
const fixed = (value, places) => (Number(value.toFixed(places)) + 0).toFixed(places).replace("-", "\u2212");

/** @param {Figure} figure @param {number} [scale] @param {number} [places] */
function told({ value, low, high }, scale = 1, places = 2) {
  if (value === null) return "can’t be told";
  const words = fixed(scale * value, places);
  return low === null || high === null ? words : `${words} (${fixed(scale * low, places)} to ${fixed(scale * high, places)})`;
}

if (!customElements.get("backmice-grader")) customElements.define("backmice-grader", BackmiceGrader);
