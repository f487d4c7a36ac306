// <backmice-grader>: the instructor's files, opened, graded and analysed in this page. Nothing leaves the machine.

import { analyse } from "./analysis.js";
import { dataTable } from "./data-table.js";
import { capital, counted, create, focusOn } from "./dom.js";
import { feedbackSheets } from "./feedback-sheet.js";
import { gradeAll, gradebooks, tableOf } from "./grading.js";
import { LARGEST, readAll } from "./handed-files.js";
import { histogram } from "./histogram.js";
import { intervalPlot } from "./interval-plot.js";
import { isZip, unzip, zip } from "./zip.js";

/** @typedef {import("./analysis-resample.js").Figure} Figure */

const SURE = { low: "Guessing", mid: "Fairly sure", high: "Certain" };
const SHARE = { low: 0, high: 1, step: 0.2 };

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
    const { files, odd } = await opened([...chosen, ...dropped]);
    const { assignment, results } = parted(files);
    const pile = await readAll(assignment, results);
    pile.odd.unshift(...odd);
    const graded = gradeAll(assignment, pile);
    this.#told.textContent = graded.length ? "Analysing…" : "";
    await new Promise((resolve) => setTimeout(resolve)); // let that be seen
    const table = tableOf(assignment, graded);
    const found = graded.length ? analyse(table) : null;
    const sheets = () => this.#writeSheets(assignment, graded).catch((error) => this.#fail(error));
    this.#found.replaceChildren(...report(assignment, pile, graded, found, sheets));
    this.#told.textContent = `${counted(results.length, "file")}, ${counted(graded.length, "student")}.`;
    focusOn(this.#found.querySelector("h2"));
  }

  /** @param {any} assignment @param {import("./grading.js").Graded[]} graded */
  async #writeSheets(assignment, graded) {
    this.#told.textContent = "Writing the sheets…";
    await new Promise((resolve) => setTimeout(resolve));
    const { content, dataset } = /** @type {HTMLTemplateElement} */ (this.querySelector("template"));
    const look = { styles: content.textContent ?? "", policy: dataset.policy ?? "" };
    const archive = await zip(feedbackSheets(assignment, graded, look));
    const href = URL.createObjectURL(new Blob([/** @type {any} */ (archive)], { type: "application/zip" }));
    create("a", { href, download: "feedback.zip" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    this.#told.textContent = `${counted(graded.length, "sheet")} in feedback.zip.`;
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    this.#told.replaceChildren(create("div", { className: "empty is-error" }, create("p", {}, why)));
  }
}

/**
 * All files, also those in archives; an archive's name stands before theirs.
 * @param {File[]} files
 */
async function opened(files) {
  const odd = [];
  const found = [];
  for (const file of files) {
    const name = file.webkitRelativePath.split("/").slice(1).join("/") || file.name;
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      const members = isZip(bytes) ? await unzip(bytes, LARGEST) : [{ name: "", bytes }];
      found.push(...members.map((member) => ({ name: [name, member.name].filter(Boolean).join("/"), text: new TextDecoder().decode(member.bytes) })));
    } catch (error) {
      odd.push({ file: name, kind: "can't be read", words: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files: found, odd };
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

/** @param {any} assignment @param {import("./handed-files.js").Pile} pile @param {import("./grading.js").Graded[]} graded @param {ReturnType<typeof analyse> | null} found @param {() => void} writeSheets */
function report(assignment, pile, graded, found, writeSheets) {
  const odd = pile.odd.length
    ? scrolled("Files that are not as expected", ["File", "What", "Why"], pile.odd.map(({ file, kind, words }) => [file, kind, words]))
    : create("p", {}, "Nothing: every file opened, was on time, and belongs to who says so.");
  const files = { ...gradebooks(assignment, graded), ...(found ? { "analysis.json": `${JSON.stringify(found, null, 1)}\n` } : {}) };
  const links = Object.entries(files).map(([name, text]) => create("a", { className: "button", download: name, href: URL.createObjectURL(new Blob([text])) }, name));
  const sheets = create("button", { className: "button", type: "button", onclick: writeSheets }, "feedback.zip, a sheet for each student");
  const heading = (/** @type {string} */ words) => create("h2", {}, words);
  const parts = [heading("What to look at among the files"), odd, heading("Save"), create("div", { className: "row" }, ...links, ...(graded.length ? [sheets] : []))];
  if (!found) return parts;
  const { whole, items, objectives, calibration } = found;
  const test = [
    ["Mean", `${told(whole.mean, 1, 1)} of ${whole.items} points`],
    ["Median, SD", [whole.median, whole.sd].flatMap((each) => (each === null ? [] : [fixed(each, 1)])).join(", ")],
    [whole.name, `${told(whole.alpha)}; reliable enough to judge single students (0.8): ${whole.reliable}`],
    ["Standard error of measurement", `${told(whole.sem, 1, 1)} points`],
  ];
  if (whole.minutes) {
    const [early, middle, late] = whole.minutes.map((each) => fixed(each, 0));
    test.push(["Time", `median ${middle} min, middle half ${early} to ${late}`]);
  }
  const alarms = items.filter(({ alarm }) => alarm).map((item) => create("li", {}, create("strong", {}, item.id), `, ${item.alarm === "miskey" ? "the key may be wrong" : "two options may be right"}: ${item.why}.`));
  const named = (/** @type {any} */ { id, stem }) => `${id}  ${short(stem)}`;
  const rows = (/** @type {"facility" | "discrimination"} */ what, of = 1, places = 2) => items.map((item) => ({ words: named(item), told: told(item[what], of, places), figure: item[what] }));
  return [
    ...parts,
    heading("The test"),
    scrolled("The test as a whole", ["What", "Figure"], test),
    histogram(whole.counts),
    heading("Alarms"),
    alarms.length ? create("ul", {}, ...alarms) : create("p", {}, "No item looks miskeyed or ambiguous. In a small class that is no proof."),
    heading("The items"),
    intervalPlot("How much of each item the class got", "A line is the 95 % interval.", { ...SHARE, words: "Share of points" }, rows("facility")),
    intervalPlot("Whether who knows the rest gets the item", "At 0.2 or more an item separates well.", { words: "Correlation with the other items", low: -1, high: 1, step: 0.5 }, rows("discrimination")),
    scrolled(
      "Items",
      ["Item", "Facility", "Discrimination", "Upper less lower 27 %", "Separates (0.2)", "Left open", "Median time"],
      items.map((item) => [
        named(item), told(item.facility), told(item.discrimination), told(item.upper_lower), item.separates, String(item.open),
        item.median_s === null ? "" : `${fixed(item.median_s, 0)} s`,
      ]),
    ),
    ...items.filter(({ choices }) => choices.length).map((item) =>
      scrolled(
        `${item.id}: who chose what`,
        ["Choice", "Chosen by", "Upper 27 %", "Lower 27 %", "Goes with the rest", "Chosen by 5 % or more"],
        item.choices.map((choice) => [
          `${choice.is_credited ? "Key: " : ""}${choice.text}`, `${choice.count}`, fixed(choice.upper, 2), fixed(choice.lower, 2),
          told(choice.goes_with_rest), choice.is_credited ? "" : choice.works,
        ]),
      ),
    ),
    heading("What is not learned yet"),
    intervalPlot(
      "Points earned for each objective", "At 0.7 or more an objective is taken as learned.", { ...SHARE, words: "Share of points" },
      objectives.map(({ id, share }) => ({ words: short(taught(assignment, id)[0]), told: told(share), figure: share })),
    ),
    scrolled("Objectives, the least learned first", ["Objective", "Points earned", "Learned (0.7)", "Where it is taught"], objectives.map(({ id, share, learned }) => [...taught(assignment, id).slice(0, 1), told(share), learned, ...taught(assignment, id).slice(1)])),
    ...(calibration.length ? [heading("Whether the class knows what it knows"), ...sureness(calibration)] : []),
    create("p", {}, `Intervals: ${found.resamples} classes drawn from this one, seed ${found.seed}; below 20 students none is given. “too few to say” means that the interval leaves the question open.`),
  ]; // prettier-ignore
}

/** @param {{certainty: string, answers: number, right: Figure}[]} calibration */
function sureness(calibration) {
  const rows = calibration.map(({ certainty, answers, right }) => ({ words: SURE[/** @type {keyof typeof SURE} */ (certainty)], answers, told: told(right), figure: right }));
  const axis = { ...SHARE, words: "Answers that were right" };
  return [
    intervalPlot("How often answers were right, by how sure the student was", "Students are drawn, not answers: what one student gave hangs together.", axis, rows.map((row) => ({ ...row, words: `${row.words}, ${counted(row.answers, "answer")}` }))),
    scrolled("Certainty", ["How sure", "Answers", "Right"], rows.map(({ words, answers, told }) => [words, String(answers), told])),
  ]; // prettier-ignore
}

/** @param {string} words that fit one line of a phone */
const short = (words) => (words.length <= 38 ? words : `${words.slice(0, 37).replace(/ [^ ]*$/, "")}…`);

/**
 * A table as the report of the command has it: where there is no room it is moved sideways, so that its heads stay.
 * @param {string} title @param {string[]} heads @param {(string | Node)[][]} rows
 */
function scrolled(title, heads, rows) {
  const region = dataTable(title, heads, rows);
  region.className = "tabular";
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", title);
  region.tabIndex = 0;
  return region;
}

/** @param {any} assignment @param {string} objective @returns {[string, string]} its words, and where it is taught */
function taught(assignment, objective) {
  const passage = assignment.questions.find((/** @type {any} */ question) => question.objective === objective)?.passage;
  return passage ? [capital(passage.words.replace(/[.;]$/, "")), `${passage.lesson} (${passage.address})`] : [capital(objective.replaceAll("-", " ")), ""];
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
