// <backmice-exam>: draws an exam from its blueprint and a seed, takes the answers, and reports at the end.
// What was drawn is logged before the first item is shown, each answer as soon as it is given. So a sitting
// goes on after a reload, and can be shown again when the bank has long moved on.

import { newId, sharedLog } from "./attempt-log.js";
import { fetchForms, loadIndex } from "./course-index.js";
import { create, day, focusOn, number } from "./dom.js";
import { drawExam, orderOf } from "./draw.js";
import { recordOf, totalOf } from "./exam-record.js";
import { ExamSheet } from "./exam-sheet.js";
import { storageNotice } from "./storage-notice.js";

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 */

const SEEDS = 1_000_000; // short enough to read out to a neighbour

export class BackmiceExam extends HTMLElement {
  #log = sharedLog();
  /** @type {CourseIndex} */ #index;
  /** @type {ExamSheet | null} */ #sheet = null;
  /** @type {import("./exam-record.js").ExamRecord | null} */ #sitting = null;
  #stage = create("div", { className: "exam-stage" });
  #notice = create("div", { className: "notice" });

  get quiz() {
    return `exam-${this.dataset.exam}`;
  }

  get #blueprint() {
    return this.#index.blueprints[this.dataset.exam ?? ""];
  }

  async connectedCallback() {
    if (this.#stage.isConnected) return;
    this.querySelector(".needs-script")?.remove();
    this.#notice.setAttribute("role", "status");
    this.querySelector("section")?.append(this.#notice, this.#stage);
    try {
      this.#index = await loadIndex(this);
      this.#log.addEventListener("added", (event) => this.#takeOver(/** @type {CustomEvent} */ (event).detail));
      this.#log.addEventListener("erased", () => this.#start());
      this.#log.addEventListener("merged", () => this.#sheet || this.#start());
      await this.#start();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Offer a new sitting, and what there is of earlier ones. */
  async #start() {
    this.#sheet?.end();
    this.#sheet = this.#sitting = null;
    this.classList.remove("is-sitting");
    const { events, kept, reason } = await this.#log.readAll();
    this.#tell(kept, reason);
    const records = events
      .filter((event) => event.type === "attempt" && event.quiz === this.quiz)
      .map((attempt) => recordOf(attempt, events));
    const open = records.filter((record) => !record.end).at(-1);
    const ended = records.filter((record) => record.end).reverse();
    this.#stage.replaceChildren(
      ...(open ? [this.#offerToGoOn(open)] : []),
      this.#form(),
      ...(ended.length ? [this.#earlier(ended)] : []),
    );
  }

  #form() {
    const form = create("form", { className: "exam-start", autocomplete: "off" });
    form.append(
      create("h2", {}, "Sit this exam"),
      field("Seed", "seed", String(Math.floor(Math.random() * SEEDS)), "The same seed draws the same exam from the same bank."),
      choice("certainty", "Mark how sure I am", "Guessing, fairly sure or certain with each answer: right earns 1, 2 or 3, wrong costs 0, 2 or 6."),
      choice("limit", "Set a time limit", "Off unless you ask for it; you can add time at any moment."),
    );
    const minutes = field("Minutes", "minutes", String(this.#blueprint.minutes), "");
    minutes.hidden = true;
    const limit = /** @type {HTMLInputElement} */ (form.elements.namedItem("limit"));
    limit.addEventListener("change", () => (minutes.hidden = !limit.checked));
    const begin = create("button", { type: "submit", className: "button is-main" }, "Draw and begin");
    form.append(minutes, create("div", { className: "row" }, begin));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(form);
    });
    return form;
  }

  /** @param {HTMLFormElement} form */
  #submit(form) {
    const given = new FormData(form);
    const whole = (/** @type {string} */ name, /** @type {number} */ least, /** @type {number} */ most) => {
      const text = String(given.get(name)).trim();
      const fits = /^[0-9]{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most;
      complain(form, name, fits ? "" : `Give a whole number from ${least} to ${most.toLocaleString("en-GB")}.`);
      return fits ? Number(text) : null;
    };
    const seed = whole("seed", 0, Number.MAX_SAFE_INTEGER);
    const minutes = given.has("limit") ? whole("minutes", 1, 600) : 0;
    if (seed === null || minutes === null) return;
    this.#guard(form, () => this.#draw(seed, { minutes, isMarked: given.has("certainty") }));
  }

  /**
   * Do what takes a while once, with the button saying so.
   * @param {HTMLElement} from holds the button
   * @param {() => Promise<void>} act
   */
  async #guard(from, act) {
    const buttons = [...from.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    try {
      await act();
    } catch (error) {
      this.#fail(error);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  /** @param {number} seed @param {{minutes: number, isMarked: boolean}} how */
  async #draw(seed, { minutes, isMarked }) {
    const items = Object.entries(this.#index.items).map(([id, item]) => ({ id, ...item }));
    const areas = Object.fromEntries(this.#index.areas.map(({ id, topics }) => [id, topics]));
    const ids = drawExam(items, areas, this.#blueprint.counts, seed);
    const sheet = await this.#open(ids, isMarked);
    const snapshots = await sheet.shuffle((id, options) => orderOf(seed, id, options));
    const attempt = {
      id: newId(), type: "attempt", quiz: this.quiz, mode: "exam", blueprint: this.dataset.exam, seed,
      items: sheet.views.map(({ id, revision, options }) => ({ id, revision, options })),
      ...(minutes ? { minutes } : {}), ...(isMarked ? { marking: "certainty" } : {}),
    }; // prettier-ignore
    const { events, kept, reason } = await this.#log.append(...snapshots, attempt);
    this.#tell(kept, reason);
    this.#sit(sheet, recordOf(/** @type {LogEvent} */ (events.at(-1)), events));
  }

  /** @param {import("./exam-record.js").ExamRecord} record */
  async #goOn(record) {
    const sheet = await this.#open(this.#unchanged(record), record.isMarked);
    this.#sit(sheet, record);
  }

  /** @param {import("./exam-record.js").ExamRecord} record @returns {string[]} its items that the bank has left as they were */
  #unchanged = ({ items }) =>
    items.filter(({ id, revision }) => this.#index.items[id]?.revision === revision).map(({ id }) => id);

  /** @param {string[]} ids @param {boolean} isMarked */
  async #open(ids, isMarked) {
    this.#notice.replaceChildren(create("p", {}, `Drawing ${ids.length} items…`));
    // The report is fetched with the items: it must be at hand when the line is lost before the end.
    const [forms] = await Promise.all([fetchForms(this.#index, ids), import("./exam-report.js")]);
    const sheet = new ExamSheet(this.#stage, { isMarked });
    await sheet.fill(ids, forms);
    this.#notice.replaceChildren();
    return sheet;
  }

  /** @param {ExamSheet} sheet @param {import("./exam-record.js").ExamRecord} record */
  #sit(sheet, record) {
    this.#sheet = sheet;
    this.#sitting = record;
    this.classList.add("is-sitting");
    sheet.sit(record, {
      answer: async (facts) => {
        const { kept, reason } = await this.#log.append({ quiz: this.quiz, ...facts });
        this.#tell(kept, reason);
        return kept;
      },
      end: async (why) => {
        const { events, kept, reason } = await this.#log.append({ type: "end", quiz: this.quiz, attempt: record.id, why });
        this.#tell(kept, reason);
        await this.#report({ ...record, responses: sheet.responses, end: events[0] }, sheet);
      },
    });
  }

  /**
   * What another tab has logged of the same sitting holds here, too.
   * @param {LogEvent[]} events
   */
  #takeOver(events) {
    const own = events.filter((event) => event.attempt && event.attempt === this.#sitting?.id);
    this.#sheet?.takeOver(own.filter(({ type }) => type === "submission"));
    const end = own.find(({ type }) => type === "end");
    if (end && this.#sheet) this.#report({ .../** @type {any} */ (this.#sitting), responses: this.#sheet.responses, end }, this.#sheet);
  }

  /** @param {import("./exam-record.js").ExamRecord} record */
  async #show(record) {
    const sheet = await this.#open(this.#unchanged(record), record.isMarked);
    sheet.restore(record);
    await this.#report(record, sheet);
  }

  /** @param {import("./exam-record.js").ExamRecord} record @param {ExamSheet} sheet */
  async #report(record, sheet) {
    this.#sheet = sheet;
    this.#sitting = null;
    const { asTheyWere, report } = await import("./exam-report.js");
    const again = create("button", { type: "button", className: "button is-main" }, "Back to the start");
    again.addEventListener("click", async () => {
      await this.#start();
      focusOn(this.#stage.querySelector("h2"));
    });
    const told = report(record, this.#index);
    const gone = record.items.map(({ id }) => id).filter((id) => !sheet.views.some((view) => view.id === id));
    if (gone.length) told.append(asTheyWere(record, gone));
    sheet.reveal(record);
    this.classList.add("is-sitting");
    this.#stage.replaceChildren(told, sheet.element, create("div", { className: "row" }, again));
    focusOn(told.querySelector("h2"));
  }

  /** @param {import("./exam-record.js").ExamRecord} record */
  #offerToGoOn(record) {
    const box = create("div", { className: "empty" });
    const button = create("button", { type: "button", className: "button is-main" }, "Go on");
    const drop = create("button", { type: "button", className: "button" }, "Hand it in as it is");
    button.addEventListener("click", () => this.#guard(box, () => this.#goOn(record)));
    drop.addEventListener("click", () =>
      this.#guard(box, async () => {
        const { events } = await this.#log.append({ type: "end", quiz: this.quiz, attempt: record.id, why: "handed-in" });
        await this.#show({ ...record, end: events[0] });
      }),
    );
    const told = `Begun on ${day(record.at)}, seed ${record.seed}: ${record.responses.size} of ${record.items.length} answered.`;
    box.append(create("h2", {}, "An exam is open"), create("p", {}, told), create("div", { className: "row" }, button, drop));
    return box;
  }

  /** @param {import("./exam-record.js").ExamRecord[]} records */
  #earlier(records) {
    const rows = records.map((record) => {
      const show = create("button", { type: "button", className: "button" }, "Show");
      show.setAttribute("aria-label", `Show the exam of ${day(record.at)}, seed ${record.seed}`);
      show.addEventListener("click", () => this.#guard(list, () => this.#show(record)));
      const told = `${day(record.at)}, seed ${record.seed}: ${number(totalOf(record))} of ${record.items.length} points`;
      return create("li", {}, create("span", {}, told), show);
    });
    const list = create("ul", { className: "due" }, ...rows);
    return create("div", { className: "earlier" }, create("h2", {}, "Exams you sat"), list);
  }

  /** @param {boolean} kept @param {"" | "full" | "refused"} reason */
  #tell(kept, reason) {
    this.#notice.replaceChildren(...(kept ? [] : [storageNotice(reason)]));
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = create("strong", {}, "The exam can’t be drawn.");
    const then = create("p", {}, `${why}. What you answered is kept; load the page again to go on.`);
    this.#notice.replaceChildren(create("div", { className: "empty is-error" }, create("p", {}, what), then));
  }
}

/** @param {string} label @param {string} name @param {string} value @param {string} hint */
function field(label, name, value, hint) {
  const input = create("input", { className: "field", name, value, inputMode: "numeric" });
  return create("p", { className: "exam-field" }, create("label", {}, label, input), ...hinted(input, hint));
}

/** @param {string} name @param {string} label @param {string} hint */
function choice(name, label, hint) {
  const input = create("input", { type: "checkbox", name });
  return create("p", { className: "exam-choice" }, create("label", {}, input, ` ${label}`), ...hinted(input, hint));
}

let hints = 0;

/** @param {HTMLInputElement} input @param {string} words */
function hinted(input, words) {
  if (!words) return [];
  const hint = create("span", { className: "hint", id: `exam-hint-${++hints}` }, words);
  input.setAttribute("aria-describedby", hint.id);
  return [hint];
}

/** @param {HTMLFormElement} form @param {string} name @param {string} words none: it fits */
function complain(form, name, words) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  input.setCustomValidity(words);
  if (words) input.reportValidity();
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
}

if (!customElements.get("backmice-exam")) customElements.define("backmice-exam", BackmiceExam);
