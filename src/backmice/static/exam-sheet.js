// The sheet of an exam: its items one at a time, a map of them, the clock, and what is kept.

import { create, focusOn, icon } from "./dom.js";
import { pointsOf } from "./exam-record.js";
import { CHANGE, ItemView } from "./item-view.js";

/**
 * @typedef {import("./exam-record.js").ExamRecord} ExamRecord
 * @typedef {{answer: (facts: Record<string, any>) => Promise<boolean>, end: (why: "handed-in" | "time") => Promise<void>}} Host
 */

const SLICE_MS = 12; // build views for so long, then let the page breathe
const PAUSE_MS = 300; // typing is logged once it rests
const MORE_MINUTES = 10;
const WARN_AT = [5, 1]; // minutes left
const STATES = {
  right: ["i-check", "right"],
  partly: ["i-half", "partly right"],
  wrong: ["i-cross", "not right"],
};

export class ExamSheet {
  /** @type {ItemView[]} */ views = [];
  /** @type {Map<string, any>} */ responses = new Map();
  element = create("section", { className: "exam-sheet" });
  #isMarked;
  #at = 0;
  #shownAt = 0;
  /** @type {Host | null} */ #host = null;
  /** @type {ExamRecord | null} */ #record = null;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ #waiting = new Map();
  #flags = new Set();
  #ends = new AbortController();
  /** @type {ReturnType<typeof setInterval> | undefined} */ #clock;
  #warned = new Set();
  #bar = create("div", { className: "exam-bar" });
  #count = create("p", { className: "count" });
  #time = create("p", { className: "time" });
  #state = create("p", { className: "kept" });
  #forms = create("div", { className: "exam-items" });
  #alarm = create("div", {});
  #turn = create("div", { className: "row exam-turn" });
  #map = create("ol", { className: "exam-map" });
  #open = create("details", {});
  #summary = create("summary", {});

  /** @param {HTMLElement} stage where the items are put @param {{isMarked: boolean}} how */
  constructor(stage, { isMarked }) {
    this.#isMarked = isMarked;
    this.element.setAttribute("aria-label", "Exam");
    this.#state.setAttribute("role", "status");
    this.#alarm.setAttribute("role", "alert");
    this.#bar.append(this.#count, this.#time, this.#state);
    this.#open.append(this.#summary, this.#map);
    this.element.append(this.#bar, this.#alarm, this.#forms, this.#turn, this.#open);
    stage.replaceChildren(this.element);
  }

  /**
   * Build the views, in slices, so that the page stays alive.
   * @param {string[]} ids
   * @param {Map<string, HTMLFormElement>} forms
   */
  async fill(ids, forms) {
    this.#forms.hidden = true;
    // What the bank no longer has is told by the report.
    await inSlices(ids.filter((id) => forms.has(id)), (id) => {
      const form = /** @type {HTMLFormElement} */ (forms.get(id));
      form.hidden = true;
      this.#forms.append(form);
      this.views.push(new ItemView(form, { mode: "exam", certainty: this.#isMarked }));
    });
    for (const [i, view] of this.views.entries()) view.place(i + 1, this.views.length);
  }

  /**
   * Put the options in their order, and say what each item then is.
   * @param {(id: string, options: [string, string][]) => string[]} orderOf
   * @returns {Promise<ReturnType<ItemView["snapshot"]>[]>}
   */
  async shuffle(orderOf) {
    /** @type {ReturnType<ItemView["snapshot"]>[]} */
    const snapshots = [];
    await inSlices(this.views, (view) => {
      view.shuffle(orderOf(view.id, view.snapshot().options));
      snapshots.push(view.snapshot());
    });
    return snapshots;
  }

  /**
   * Put back what was shown and given.
   * @param {ExamRecord} record
   */
  restore(record) {
    this.#record = record;
    this.responses = new Map(record.responses);
    this.#flags = new Set(record.flags);
    for (const view of this.views) {
      const drawn = record.items.find(({ id }) => id === view.id);
      if (drawn && isSame(drawn.options, view.options)) view.shuffle(drawn.options);
      const given = record.responses.get(view.id);
      if (given) fill(view, given);
    }
  }

  /** @param {any[]} submissions of this sitting, from another tab */
  takeOver(submissions) {
    for (const given of submissions) {
      const view = this.views.find(({ id }) => id === given.item);
      if (!view || this.#waiting.has(view.id)) continue; // what is being typed here is newer
      this.responses.set(view.id, given);
      fill(view, given);
    }
    this.#drawMap();
  }

  /** @param {ExamRecord} record @param {Host} host */
  sit(record, host) {
    this.restore(record);
    this.#host = host;
    const { signal } = this.#ends;
    for (const view of this.views) {
      view.addEventListener(CHANGE, () => this.#changed(view), { signal });
      view.goLive();
    }
    addEventListener("pagehide", () => this.#flush(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.#flush(), { signal });
    this.#buildTurn();
    this.#buildMap();
    this.#forms.hidden = false;
    if (record.minutes) {
      this.#tick();
      this.#clock = setInterval(() => this.#tick(), 1000);
    }
    const first = this.views.findIndex(({ id }) => !this.responses.has(id));
    this.#go(Math.max(0, first));
  }

  /**
   * Show marks and rationales from now on.
   * @param {ExamRecord} record
   */
  reveal(record) {
    this.end();
    this.#record = record;
    this.#host = null;
    this.#forms.hidden = false;
    this.#bar.remove();
    this.#alarm.replaceChildren();
    this.#open.open = true;
    this.#buildTurn();
    this.#buildMap();
    this.#go(0, false);
  }

  /** Stop the clock and let go of everything that listens. */
  end() {
    clearInterval(this.#clock);
    this.#ends.abort();
    this.#ends = new AbortController();
  }

  /** @param {ItemView} view */
  #changed(view) {
    clearTimeout(this.#waiting.get(view.id));
    this.#waiting.set(view.id, setTimeout(() => this.#keep(view), PAUSE_MS));
    this.#state.textContent = "Keeping your answer…";
  }

  /** Log what was given last. @param {ItemView} view */
  async #keep(view) {
    clearTimeout(this.#waiting.get(view.id));
    this.#waiting.delete(view.id);
    const { id: item, revision, response, certainty } = view;
    const seconds = Math.round((performance.now() - this.#shownAt) / 1000);
    const facts = { type: "submission", attempt: this.#record?.id, item, revision, response, seconds };
    const given = certainty ? { ...facts, certainty } : facts;
    this.responses.set(item, given);
    if (!response.length) this.responses.delete(item);
    const kept = await this.#host?.answer(given);
    this.#state.textContent = kept ? "Your answer is kept." : "Your answer is kept until you close the page.";
    this.#drawMap();
  }

  #flush() {
    return Promise.all([...this.#waiting.keys()].map((id) => this.#keep(/** @type {ItemView} */ (this.views.find((v) => v.id === id)))));
  }

  /** @param {number} at @param {boolean} [takesFocus] */
  #go(at, takesFocus = true) {
    this.#flush();
    if (this.views[this.#at]) this.views[this.#at].form.hidden = true;
    this.#at = at;
    const view = this.views[at];
    if (!view) return;
    view.form.hidden = false;
    this.#shownAt = performance.now();
    if (!this.#host && this.#record && !view.last) {
      const { id, revision } = view;
      const nothing = { id: "none", at: this.#record.at, item: id, revision, response: [] };
      view.reveal(this.#record.responses.get(id) ?? nothing, this.#record.seen.get(id));
      for (const fieldset of view.form.querySelectorAll("fieldset")) fieldset.disabled = true; // even if it was reworded
    }
    this.#state.textContent = "";
    this.#drawTurn();
    this.#drawMap();
    if (takesFocus) view.focus();
  }

  #buildTurn() {
    const button = (/** @type {string} */ words, /** @type {() => void} */ act, main = false) => {
      const made = create("button", { type: "button", className: main ? "button is-main" : "button" }, words);
      made.addEventListener("click", act);
      return made;
    };
    const back = button("Back", () => this.#go(this.#at - 1));
    const next = button("Next item", () => this.#go(this.#at + 1), true);
    const flag = button("Come back to this", () => this.#flag());
    const hand = button("Hand in", () => this.#handIn());
    this.#turn.replaceChildren(back, next, ...(this.#host ? [flag, hand] : []));
  }

  #drawTurn() {
    const [back, next, flag, hand] = /** @type {HTMLCollectionOf<HTMLButtonElement>} */ (this.#turn.children);
    back.hidden = this.#at === 0;
    next.hidden = this.#at === this.views.length - 1;
    if (!this.#host) return;
    flag.setAttribute("aria-pressed", String(this.#flags.has(this.views[this.#at].id)));
    hand.classList.toggle("is-main", next.hidden);
  }

  #buildMap() {
    const cells = this.views.map((_, i) => {
      const button = create("button", { type: "button", className: "button" }, String(i + 1));
      button.addEventListener("click", () => this.#go(i));
      return create("li", {}, button);
    });
    this.#map.replaceChildren(...cells);
  }

  #drawMap() {
    for (const [i, view] of this.views.entries()) {
      const button = /** @type {HTMLElement} */ (this.#map.children[i]?.firstElementChild);
      if (!button) return;
      const [name, state] = this.#stateOf(view);
      const flagged = this.#host && this.#flags.has(view.id);
      button.replaceChildren(String(i + 1), ...(name ? [icon(name)] : []));
      button.classList.toggle("is-answered", this.responses.has(view.id));
      button.classList.toggle("is-flagged", Boolean(flagged));
      button.setAttribute("aria-label", `Item ${i + 1}, ${state}${flagged ? ", to come back to" : ""}`);
      i === this.#at ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    }
    this.#count.textContent = `${this.responses.size} of ${this.views.length} answered`;
    this.#summary.textContent = this.#host ? "All items" : "All items, each with its mark";
  }

  /** @param {ItemView} view @returns {[icon: string, words: string]} */
  #stateOf(view) {
    const given = this.responses.has(view.id);
    if (this.#host || !this.#record) return ["", given ? "answered" : "open"];
    if (!given) return ["", "left open"];
    const points = pointsOf(this.#record, view.id);
    return /** @type {[string, string]} */ (points === 1 ? STATES.right : points ? STATES.partly : STATES.wrong);
  }

  async #flag() {
    const { id } = this.views[this.#at];
    const on = !this.#flags.has(id);
    on ? this.#flags.add(id) : this.#flags.delete(id);
    this.#drawTurn();
    this.#drawMap();
    await this.#host?.answer({ type: "flag", attempt: this.#record?.id, item: id, on });
  }

  async #handIn() {
    await this.#flush();
    if (this.element.querySelector("dialog")) return; // pressed twice while the log was being written
    const open = this.views.length - this.responses.size;
    const flagged = this.views.filter(({ id }) => this.#flags.has(id)).length;
    const facts = [open && `${open} left open`, flagged && `${flagged} to come back to`].filter(Boolean);
    if (await asked("Hand in?", facts.length ? `${facts.join(", ")}. After this the answers can’t be changed.` : "All are answered. After this the answers can’t be changed.", "Hand in", this.element)) {
      await this.#finish("handed-in");
    }
  }

  /** @param {"handed-in" | "time"} why */
  async #finish(why) {
    clearInterval(this.#clock);
    await this.#host?.end(why);
  }

  /** The clock warns early, locks when the time is up, and can always be given more. */
  #tick() {
    const record = /** @type {ExamRecord} */ (this.#record);
    const left = Date.parse(record.at) + record.minutes * 60_000 - Date.now();
    const minutes = Math.ceil(left / 60_000);
    this.#time.textContent = left > 0 ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : "Time is up";
    const due = left <= 0 ? 0 : WARN_AT.findLast((mark) => left <= mark * 60_000);
    if (due === undefined || this.#warned.has(due)) return;
    this.#warned.add(due);
    const words = due ? `${this.#time.textContent}.` : "Time is up. Your answers are kept; hand in, or take more time.";
    const more = create("button", { type: "button", className: "button" }, `Add ${MORE_MINUTES} minutes`);
    more.addEventListener("click", () => this.#extend());
    const hand = create("button", { type: "button", className: "button is-main" }, "Hand in");
    hand.addEventListener("click", () => this.#finish("time"));
    const row = create("div", { className: "row" }, ...(due ? [] : [hand]), more);
    this.#alarm.replaceChildren(create("div", { className: "empty" }, create("p", {}, words), row));
    if (!due) for (const view of this.views) view.lock("Time is up. Your last answer was kept.");
  }

  async #extend() {
    const record = /** @type {ExamRecord} */ (this.#record);
    this.#record = { ...record, minutes: record.minutes + MORE_MINUTES };
    this.#warned.clear();
    this.#alarm.replaceChildren();
    for (const view of this.views) view.unlock();
    this.#tick();
    focusOn(this.views[this.#at]?.form.querySelector("fieldset"));
    await this.#host?.answer({ type: "extension", attempt: record.id, minutes: MORE_MINUTES });
  }
}

/**
 * Do something to each, and let the page breathe in between.
 * @template T
 * @param {T[]} list
 * @param {(each: T) => void} act
 */
async function inSlices(list, act) {
  let until = performance.now() + SLICE_MS;
  for (const each of list) {
    act(each);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + SLICE_MS;
  }
}

/** @param {ItemView} view @param {{response: string[], certainty?: any}} given */
function fill(view, given) {
  try {
    view.response = given.response;
    view.certainty = given.certainty ?? null;
  } catch {
    // not an answer to the item as it is now: its record stays
  }
}

/** @param {string[]} a @param {string[]} b whether both hold the same ids */
const isSame = (a, b) => a.length === b.length && a.every((id) => b.includes(id));

/**
 * Ask before something that can't be undone.
 * @param {string} title @param {string} words @param {string} yes @param {HTMLElement} host
 * @returns {Promise<boolean>}
 */
function asked(title, words, yes, host) {
  const dialog = create("dialog", { className: "ask" });
  const heading = create("h2", { id: "exam-ask" }, title);
  const form = create("form", { method: "dialog", className: "row" });
  form.append(
    create("button", { className: "button is-main", value: "yes" }, yes),
    create("button", { className: "button", value: "no" }, "Not yet"),
  );
  dialog.append(heading, create("p", {}, words), form);
  dialog.setAttribute("aria-labelledby", heading.id);
  host.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
