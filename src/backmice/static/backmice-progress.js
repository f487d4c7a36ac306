// <backmice-progress>: what this browser keeps of the learning, and how to carry it away, bring it in or erase it.
// `data-index` is the address of the course index; without it the page shows what the log alone tells.
// `data-review` is the address of the page where what is due is reviewed.

import { sharedLog } from "./attempt-log.js";
import { calibrationSection } from "./calibration-curve.js";
import { loadIndex } from "./course-index.js";
import { counted, create, focusOn } from "./dom.js";
import { answers, calibration, exams, filmsWatched, labs, mastery, pagesRead } from "./learning.js";
import { ProgressFileError, fileName, read, write } from "./progress-file.js";
import * as view from "./progress-view.js";
import { reviewQueue } from "./review-queue.js";

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 */

const PARTS = ["storage", "reviews", "mastery", "calibration", "exams", "lessons", "films", "labs", "empty"];
const FAILED = {
  full: "This browser’s storage is full.",
  refused: "This browser’s storage can’t be used.",
};

export class BackmiceProgress extends HTMLElement {
  #log = sharedLog();
  #ends = new AbortController();
  /** @type {CourseIndex | null} */ #index = null;
  /** @type {LogEvent[]} */ #events = [];
  #parts = new Map(PARTS.map((name) => [name, create("div", { className: `part-${name}` })]));
  #export = button("Export", "button", () => this.#save());
  #file = create("input", { type: "file", accept: ".json,application/json", hidden: true });
  #import = button("Import", "button", () => this.#file.click());
  #erase = button("Erase everything", "button", () => this.#ask());
  #status = create("div", { className: "outcome" });
  #lost = create("p", { id: "progress-lost" });
  #copied = create("p", { className: "copied" });
  #dialog = create("dialog", {});
  #drawing = Promise.resolve();
  #isDue = false;

  async connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.#status.isConnected) this.#build();
    for (const name of ["added", "merged", "erased"]) this.#log.addEventListener(name, () => this.#refresh(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#refresh(), { signal });
    this.#index ??= this.dataset.index ? await loadIndex(this).catch(() => null) : null;
    await this.#refresh();
    this.#parts.get("storage")?.setAttribute("role", "status"); // from now on a change is news
    this.dataset.state = "drawn";
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  #build() {
    this.#status.setAttribute("role", "status");
    this.#file.addEventListener("change", () => this.#take(this.#file.files?.[0]));
    const title = create("h2", { id: "your-data" }, "Your data");
    const told = create(
      "p",
      {},
      "Export saves all of it as one file. Import adds what such a file holds and changes nothing that is here.",
    );
    const row = create("div", { className: "row" }, this.#export, this.#import, this.#erase, this.#file);
    const data = create("section", { className: "report" }, title, told, row, this.#status, this.#buildDialog());
    data.setAttribute("aria-labelledby", title.id);
    this.replaceChildren(...this.#parts.values(), data);
  }

  #buildDialog() {
    const title = create("h2", { id: "progress-erase" }, "Erase everything?");
    const copy = button("Export a copy first", "button", async () => {
      this.#copied.textContent = await this.#download();
    });
    const erase = button("Erase", "button", () => this.#eraseAll());
    const keep = button("Keep everything", "button is-main", () => this.#dialog.close());
    keep.autofocus = true;
    this.#copied.setAttribute("role", "status");
    this.#dialog.setAttribute("aria-labelledby", title.id);
    this.#dialog.setAttribute("aria-describedby", this.#lost.id);
    this.#dialog.append(title, this.#lost, create("div", { className: "row" }, keep, copy, erase), this.#copied);
    return this.#dialog;
  }

  /** Draw again what the log holds; several calls while it draws become one. */
  #refresh() {
    if (this.#isDue) return this.#drawing;
    this.#isDue = true;
    this.#drawing = this.#drawing.then(() => {
      this.#isDue = false;
      return this.#draw();
    });
    return this.#drawing;
  }

  async #draw() {
    const { events, ...kept } = await this.#log.readAll();
    const outcome = kept.kept ? await this.#log.probe() : kept;
    const isSafe = await (navigator.storage?.persisted?.() ?? Promise.resolve(false)).catch(() => false);
    const given = answers(events);
    const made = {
      storage: events.length || !outcome.kept ? view.storageNote(outcome, isSafe) : null,
      reviews: view.reviewsSection(reviewQueue(events, (item) => this.#has(item)), new Date(), this.dataset.review),
      mastery: view.masterySection(mastery(given, this.#index), this.#index),
      calibration: calibrationSection(calibration(given)),
      exams: view.examsSection(exams(events), this.#index),
      lessons: events.length ? view.lessonsSection(pagesRead(events), this.#index) : null,
      films: events.length ? view.filmsSection(filmsWatched(events), this.#index) : null,
      labs: view.labsSection(labs(events), this.#index),
      empty: events.length ? null : view.invitation(this.#index, outcome.kept),
    };
    this.#events = events;
    for (const [name, element] of Object.entries(made)) fill(this.#parts.get(name), element);
    this.#export.hidden = this.#erase.hidden = !events.length;
    this.#lost.textContent = `${this.#counts()} will be lost in this browser. No copy is kept anywhere else, and it can’t be undone.`;
    if (!events.length && this.#dialog.open) this.#dialog.close(); // another tab was faster
  }

  /** @param {string} item @returns {boolean} whether the course still has it, as far as is known */
  #has(item) {
    return !this.#index || Object.hasOwn(this.#index.items, item);
  }

  #counts() {
    const given = this.#events.filter(({ type }) => type === "submission");
    const counts = {
      answers: given.length,
      items: new Set(given.map(({ item }) => item)).size,
      exams: this.#events.filter(({ type, mode }) => type === "attempt" && mode === "exam").length,
      vignettes: new Set(this.#events.filter(({ type }) => type === "belief").map(({ vignette }) => vignette)).size,
      films: filmsWatched(this.#events).size,
      lessons: pagesRead(this.#events).size,
      tasks: new Set(this.#events.filter(({ type }) => type === "lab").map(({ lab, task }) => `${lab} ${task}`)).size,
    };
    const words = view.counts(counts);
    return words[0].toUpperCase() + words.slice(1);
  }

  async #save() {
    this.#say(await this.#download());
  }

  /** @returns {Promise<string>} what was exported */
  async #download() {
    const { events } = await this.#log.readAll();
    const now = new Date();
    const { text, count, left } = write(events, now);
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    create("a", { href: address, download: fileName(now) }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers begin to save late
    const damaged = left ? ` ${counted(left, "damaged entry", "damaged entries")} could not go with them.` : "";
    return `Exported ${counted(count, "entry", "entries")} as ${fileName(now)}.${damaged}`;
  }

  /** @param {File | undefined} file */
  async #take(file) {
    if (!file) return;
    try {
      this.#say(await this.#merge(await read(file)));
    } catch (error) {
      const why = error instanceof ProgressFileError ? error.message : "This file can’t be taken in.";
      this.#say(`Nothing was imported. ${why}`, true);
    } finally {
      this.#file.value = ""; // the same file may be chosen again
    }
  }

  /** @param {LogEvent[]} events */
  async #merge(events) {
    const { kept, reason, added, known } = await this.#log.merge(events);
    if (!kept) throw new ProgressFileError(FAILED[reason || "refused"]);
    await this.#refresh();
    return `Imported ${counted(added, "new entry", "new entries")}; ${known || "none"} of the file’s were here already.`;
  }

  #ask() {
    this.#copied.replaceChildren();
    this.#dialog.showModal();
  }

  async #eraseAll() {
    const { erased, reason } = await this.#log.erase();
    this.#dialog.close();
    if (!erased) return this.#say(`Nothing was erased. ${FAILED[reason || "refused"]}`, true);
    await this.#refresh();
    this.#say("Everything is erased.");
    focusOn(this.querySelector(".part-empty h2"));
  }

  /** @param {string} text @param {boolean} [isError] */
  #say(text, isError = false) {
    this.#status.replaceChildren(create("p", { className: isError ? "empty is-error" : "" }, text));
  }
}

/**
 * Put an element into its place, unless the same stands there; the reader keeps the place in it.
 * @param {HTMLElement | undefined} part
 * @param {Element | null} element
 */
function fill(part, element) {
  if (!part) return;
  const opened = new Set([...part.querySelectorAll("details")].flatMap(({ open, dataset }) => (open ? [dataset.of] : [])));
  for (const details of element?.querySelectorAll("details") ?? []) details.open = opened.has(details.dataset.of);
  if (element && part.firstElementChild?.isEqualNode(element)) return;
  const had = part.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  part.replaceChildren(...(element ? [element] : []));
  const again = [...part.querySelectorAll("a, summary")].find((one) => had && nameOf(one) === had);
  if (again instanceof HTMLElement) again.focus();
}

/** @param {Element | null} element what a link or a summary is known by over two drawings */
const nameOf = (element) => element?.getAttribute("href") ?? element?.parentElement?.dataset.of ?? "";

/** @param {string} text @param {string} className @param {() => void} act */
function button(text, className, act) {
  const element = create("button", { type: "button", className }, text);
  element.addEventListener("click", act);
  return element;
}

if (!customElements.get("backmice-progress")) customElements.define("backmice-progress", BackmiceProgress);
