// <backmice-quiz>: makes the forms of a quiz answer. The forms read well without it, with the key behind
// a disclosure; this takes the disclosure's place, keeps what was answered and shows why.

import { newId, sharedLog } from "./attempt-log.js";
import { certaintyMark, setWantsCertainty, wantsCertainty } from "./certainty.js";
import { counted, create, number } from "./dom.js";
import { ItemView } from "./item-view.js";
import { QuizPaper, keysOnPaper } from "./quiz-paper.js";
import { KINDS } from "./response-forms.js";
import { breath } from "./rest.js";
import { storageNotice } from "./storage-notice.js";

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

export const SUBMISSION = "backmice-submission"; // bubbles; detail {submission, score}
export const COUNTED = "backmice-counted"; // what is answered may have changed
export class BackmiceQuiz extends HTMLElement {
  /** @type {HTMLFormElement[]} */ #forms = [];
  /** @type {ItemView[]} */ #views = [];
  /** @type {string | null} */ #attempt = null;
  /** @type {Map<string, any>} what items were, by the id of the event */ #seen = new Map();
  /** @type {Set<string>} what this page has written of it */ #told = new Set();
  /** @type {string | null} the event by which it was last begun again */ #started = null;
  #log = sharedLog();
  /** @type {Promise<void> | undefined} */ #upgraded;
  #restored = Promise.resolve();
  #ends = new AbortController();
  #notice = create("div", { className: "notice" });
  #tally = create("p", { className: "tally" });

  get quiz() {
    return this.dataset.quiz ?? "";
  }

  /** Forms that are not answered. */
  get unanswered() {
    const answered = this.#views.flatMap(({ form, score }) => (score ? form : []));
    return this.#forms.filter((form) => !answered.includes(form));
  }

  /** Settles when what was answered earlier is shown again. */
  get ready() {
    return this.#restored;
  }

  /** @returns {Record<string, string[]>} what was given, by item */
  get responses() {
    return Object.fromEntries(this.#views.flatMap((view) => (view.score ? [[view.id, view.response]] : [])));
  }

  /** @returns {Record<string, number>} what that was worth, by item */
  get scores() {
    return Object.fromEntries(this.#views.flatMap(({ id, score }) => (score ? [[id, score.points]] : [])));
  }

  /**
   * Answer an item as a learner would, unless that is its answer already.
   * @param {string} item
   * @param {string[]} response
   * @throws {RangeError} if it could not be given
   */
  async answer(item, response) {
    const view = this.#views.find(({ id }) => id === item);
    if (!view || (view.score && view.response.join() === response.join())) return;
    view.clear();
    view.response = response;
    await this.#submit(view);
  }

  /**
   * Show an item as answered, unless it is. Nobody gave that answer, so the log knows nothing of it.
   * @param {string} item
   * @param {string[]} response
   */
  show(item, response) {
    const view = this.#views.find(({ id, score }) => id === item && !score);
    view?.reveal({ id: "", item, revision: view.revision, response });
    this.#count();
  }

  /** Show every item unanswered, from now on; what was answered is kept. */
  async startAgain() {
    const { events } = await this.#log.append({ type: "start", quiz: this.quiz });
    this.#takeOver(this.#since(events));
  }

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    this.#upgraded ??= this.#upgrade();
    this.#restored = this.#restore();
    this.#log.addEventListener("added", (event) => this.#takeOver(this.#since(/** @type {CustomEvent} */ (event).detail)), { signal });
    this.#log.addEventListener("merged", () => (this.#restored = this.#restore()), { signal });
    this.#log.addEventListener("erased", () => this.#forget(), { signal });
    // On paper nothing can be pressed: the keys stand after all items, so that these can be tried first. An item that
    // is marked has its rationales with it already.
    const keys = () => keysOnPaper(this.#views.map(({ key, score }) => (score ? null : key?.details)));
    addEventListener("beforeprint", () => this.append(keys()), { signal });
    addEventListener("afterprint", () => this.querySelector(":scope > .keys")?.remove(), { signal });
    addEventListener("pageshow", (event) => event.persisted && (this.#restored = this.#restore()), { signal });
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  /** Put what stands around the forms in its place, and then make one form after the other answer. */
  async #upgrade() {
    const forms = [...this.querySelectorAll("form")].filter((form) => Object.hasOwn(KINDS, form.dataset.kind ?? ""));
    const submit = (/** @type {ItemView} */ view) => this.#submit(view);
    const isNear = (/** @type {number} */ i) => i < forms.length && stageOf(forms[i]) === stageOf(forms[i - 1]);
    const next = (/** @type {number} */ i) => (isNear(i + 1) ? () => this.#views[i + 1].focus() : undefined);
    const certainty = wantsCertainty();
    const again = this.dataset.again !== "no";
    const section = this.closest("main.text") && this.querySelector(":scope > .quiz");
    // A platform's own printing is left alone.
    const paper = section && again && forms.length ? new QuizPaper(section.getAttribute("aria-label") ?? "", forms) : null;
    this.#forms = forms;
    this.#notice.setAttribute("role", "status");
    forms[0]?.before(this.#notice, this.#wish(certainty));
    forms.at(-1)?.after(this.#tally, ...(paper ? [paper.row] : []));
    this.#count();
    for (const [i, form] of forms.entries()) {
      await breath();
      this.#views.push(new ItemView(form, { submit, next: next(i), certainty: wantsCertainty(), again }));
    }
  }

  /** @param {boolean} wanted */
  #wish(wanted) {
    const input = create("input", { type: "checkbox", checked: wanted });
    input.addEventListener("change", () => {
      setWantsCertainty(input.checked);
      for (const view of this.#views) view.asksCertainty = input.checked;
    });
    const hint = "Right earns 1, 2 or 3 as you were guessing, fairly sure or certain; wrong costs 0, 2 or 6.";
    return create("p", { className: "wish" }, create("label", {}, input, " Ask me how sure I am"), create("span", { className: "hint" }, hint));
  }

  async #restore() {
    await this.#upgraded;
    const { events: all, kept, reason } = await this.#log.read(this.quiz);
    const events = this.#since(all);
    await this.#recall(events);
    this.#takeOver(events);
    const notice = this.#tellStorage(kept, reason);
    if (notice) this.#notice.replaceChildren(notice);
    this.#tally.setAttribute("role", "status");
    for (const view of this.#views) view.goLive();
  }

  /** @param {LogEvent[]} events in order @returns {LogEvent[]} those after the quiz was last begun again */
  #since(events) {
    const at = events.findLastIndex(({ type, quiz }) => type === "start" && quiz === this.quiz);
    if (at >= 0 && events[at].id !== this.#started) {
      this.#started = events[at].id;
      this.#forget();
    }
    return events.slice(at + 1);
  }

  /** The learner has erased everything, or begins again. */
  #forget() {
    this.#attempt = null;
    this.#seen.clear();
    this.#told.clear();
    for (const view of this.#views) {
      Object.assign(view, { score: null, last: null });
      view.clear();
    }
    this.#count();
  }

  /**
   * Read what items were when they were answered, if any of them has changed since.
   * @param {LogEvent[]} events
   */
  async #recall(events) {
    const revisions = new Map(this.#views.map(({ id, revision }) => [id, revision]));
    const isOld = (/** @type {LogEvent} */ { type, item, revision }) =>
      type === "submission" && revisions.has(item) && revisions.get(item) !== revision;
    if (!events.some(isOld)) return;
    for (const event of (await this.#log.read("")).events) if (event.type === "seen") this.#seen.set(event.id, event);
  }

  /** @param {LogEvent[]} events in order; the last submission of each item counts */
  #takeOver(events) {
    const drawn = JSON.stringify(this.#drawn());
    for (const event of events) {
      if (event.quiz !== this.quiz) continue;
      if (event.type === "attempt" && JSON.stringify(event.items) === drawn) this.#attempt = event.id;
    }
    for (const view of this.#views) {
      const last = events.findLast((e) => e.type === "submission" && e.quiz === this.quiz && e.item === view.id);
      if (last && last.id !== view.last && !view.isDraft) view.reveal(asSubmission(last), this.#seenFor(last));
    }
    this.#count();
  }

  /** @returns {{id: string, revision: number, options: string[]}[]} what the learner was shown */
  #drawn() {
    return this.#views.map(({ id, revision, options }) => ({ id, revision, options }));
  }

  /** @param {LogEvent} submission */
  #seenFor = ({ item, revision }) => this.#seen.get(`seen:${item}@${revision}`);

  /**
   * Write a response to the log, with what the item was, and only then show its mark.
   * @param {ItemView} view
   * @returns {Promise<HTMLElement | null>} what to tell of the storage
   */
  async #submit(view) {
    const { id: item, revision, response } = view;
    await this.#restored;
    const facts = [];
    if (!this.#attempt) {
      this.#attempt = newId();
      facts.push({ id: this.#attempt, type: "attempt", quiz: this.quiz, mode: "practice", items: this.#drawn() });
    }
    const seen = view.snapshot();
    if (!this.#told.has(seen.id)) facts.push(seen);
    this.#told.add(seen.id); // the log would ignore another, too
    const given = { type: "submission", attempt: this.#attempt, quiz: this.quiz, item, revision, response };
    facts.push(view.certainty ? { ...given, certainty: view.certainty } : given);
    const { events, kept, reason } = await this.#log.append(...facts);
    const submission = events[events.length - 1];
    view.reveal(asSubmission(submission));
    this.#count();
    this.dispatchEvent(new CustomEvent(SUBMISSION, { bubbles: true, detail: { submission, score: view.score } }));
    return this.#tellStorage(kept, reason);
  }

  /** @param {boolean} kept @param {import("./attempt-log.js").Outcome["reason"]} reason */
  #tellStorage(kept, reason) {
    if (kept) for (const told of this.querySelectorAll(".empty.is-error")) told.remove();
    return kept || this.querySelector(".empty.is-error") ? null : storageNotice(reason);
  }

  #count() {
    const scores = this.#views.flatMap((view) => view.score ?? []);
    const points = scores.reduce((sum, { points }) => sum + points, 0);
    const of = this.#forms.length;
    const sure = this.#views.filter(({ score, certainty }) => score && certainty);
    const mark = sure.reduce((sum, { score, certainty }) => sum + certaintyMark(certainty, score?.points === 1), 0);
    const marked = sure.length ? `; by how sure you were ${mark} of ${3 * sure.length}` : "";
    const text = `${number(points)} of ${counted(of, "point")}, ${scores.length} of ${of} answered${marked}`;
    if (this.#tally.textContent !== text) this.#tally.textContent = text;
    this.dispatchEvent(new CustomEvent(COUNTED));
  }
}

/** @param {Element} form @returns {Element | null} the stage of a case, or the pause of a film, that it stands in */
const stageOf = (form) => form.closest("[data-stage], [data-pause]");

/** @param {LogEvent} event @returns {import("./item-view.js").Submission} */
const asSubmission = (event) => /** @type {any} */ (event);

if (!customElements.get("backmice-quiz")) customElements.define("backmice-quiz", BackmiceQuiz);
