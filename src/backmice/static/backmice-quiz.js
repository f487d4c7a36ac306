// <backmice-quiz>: makes the forms of a quiz answer. The forms read well without it, with the key behind
// a disclosure; this takes the disclosure's place, keeps what was answered and shows why.

import { newId, sharedLog } from "./attempt-log.js";
import { score } from "./score.js";

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./score.js").Score} Score
 */

export const SUBMISSION = "backmice-submission"; // bubbles; detail {submission, score}
const CHOOSE = "Choose an answer first";
const STORAGE = {
  full: "This browser’s storage is full.",
  refused: "This browser’s storage can’t be used.",
};

/**
 * How one kind of item is answered. A new kind is a new row here and in score.js.
 * @typedef {object} ResponseForm
 * @property {(form: HTMLFormElement) => string[]} options ids in the order shown
 * @property {(form: HTMLFormElement) => string[]} read
 * @property {(form: HTMLFormElement, response: string[], locked: boolean) => void} write
 * @property {(form: HTMLFormElement, key: Key, score: Score) => void} mark
 * @property {(form: HTMLFormElement) => void} unmark
 * @property {(score: Score, keys: number) => [state: "right" | "partly" | "wrong", sentence: string]} tell
 */

/** @type {Pick<ResponseForm, "options" | "read" | "write" | "mark" | "unmark">} */
const choice = {
  options: (form) => inputs(form).map((input) => input.value),
  read: (form) => inputs(form).flatMap((input) => (input.checked ? [input.value] : [])),
  write(form, response, locked) {
    for (const input of inputs(form)) {
      input.checked = response.includes(input.value);
      input.disabled = locked;
    }
  },
  mark(form, key, result) {
    for (const li of optionRows(form)) {
      const id = li.dataset.option ?? "";
      const why = key.whys.get(id);
      if (why) li.append(why.cloneNode(true));
      if (result.right.includes(id)) verdict(li, "is-right", "i-check", "Right");
      if (result.wrong.includes(id)) verdict(li, "is-wrong", "i-cross", "Your answer", ", not right");
      if (result.missed.includes(id)) verdict(li, "is-missed", "i-check", key.ids.length > 1 ? "Missed" : "Right");
    }
  },
  unmark(form) {
    for (const li of optionRows(form)) {
      li.classList.remove("is-right", "is-wrong", "is-missed");
      for (const added of li.querySelectorAll(".why, .verdict")) added.remove();
    }
  },
};

/** @type {Record<string, ResponseForm>} */
const KINDS = {
  single: { ...choice, tell: (result) => (result.points ? ["right", "Right."] : ["wrong", "Not this one."]) },
  multiple: {
    ...choice,
    tell({ points, right, wrong }, keys) {
      if (points === 1) return ["right", `Right: all ${keys} found.`];
      const wrongs = wrong.length || "none";
      const counts = `${right.length || "none"} of ${keys} found, ${wrongs} wrong. ${number(points)} of 1 point.`;
      return right.length ? ["partly", `Partly right: ${counts}`] : ["wrong", `Not these: ${counts}`];
    },
  },
};
const ICONS = { right: "i-check", partly: "i-half", wrong: "i-cross" };

/** What the disclosure holds, taken out of the page until it is wanted. */
class Key {
  /** @param {HTMLElement} details */
  constructor(details) {
    const rows = [...details.querySelectorAll("li")];
    this.ids = rows.filter((li) => "credited" in li.dataset).map((li) => li.dataset.option ?? "");
    this.whys = new Map(rows.map((li) => [li.dataset.option ?? "", li.querySelector(".why")]));
    this.rests = details.querySelector(".rests");
    details.remove();
  }
}

/** One item: its form, and the last submission of it. */
class ItemView {
  /** @type {Score | null} */ score = null;
  /** @type {string | null} id of the last submission */ last = null;
  #busy = false;
  #outcome = create("div", { className: "outcome" });
  #row = create("div", { className: "row" });
  #check = create("button", { type: "submit", className: "button is-main" }, CHOOSE);
  #again = create("button", { type: "button", className: "button" }, "Try again");
  #next = create("button", { type: "button", className: "button is-main" }, "Next item");

  /**
   * @param {HTMLFormElement} form
   * @param {{submit: (view: ItemView, response: string[]) => Promise<HTMLElement | null>, next: HTMLFormElement | undefined}} quiz
   */
  constructor(form, quiz) {
    this.form = form;
    this.id = form.dataset.item ?? "";
    this.revision = Number(form.dataset.revision);
    this.kind = form.dataset.kind ?? "";
    this.with = KINDS[this.kind];
    this.options = this.with.options(form);
    this.key = new Key(/** @type {HTMLElement} */ (form.querySelector("details.key")));
    form.querySelector(".label")?.after(this.#outcome);
    form.append(this.#row);
    form.addEventListener("change", () => this.#ready());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(quiz);
    });
    this.#again.addEventListener("click", () => {
      this.clear();
      inputs(form)[0].focus();
    });
    this.#next.addEventListener("click", () => focusOn(quiz.next?.querySelector("fieldset")));
    this.isLast = !quiz.next;
    this.clear();
  }

  /** Begin to announce: not before what was kept has been put back, which is no news. */
  goLive() {
    this.#outcome.setAttribute("role", "status");
  }

  /** Whether the learner has chosen but not checked. */
  get isDraft() {
    return this.#row.contains(this.#check) && this.with.read(this.form).length > 0;
  }

  /** Show the item unanswered. */
  clear() {
    this.#reset([], false);
    this.#row.replaceChildren(this.#check);
    this.#ready();
  }

  /**
   * Show a submission: its mark, or, if the item has changed since, that it is kept.
   * @param {LogEvent} submission
   */
  show({ id, response, revision, at }) {
    this.last = id;
    const result = revision === this.revision ? this.#scored(response) : null;
    this.score = result;
    this.clear();
    if (result) this.#reveal(response, result);
    else if (revision !== this.revision) this.#say(revised(at));
  }

  /** @param {unknown} response @returns {Score | null} null if it could not have been given to this item */
  #scored(response) {
    try {
      const ids = /** @type {string[]} */ (response);
      return ids.length ? score(this.kind, this.key.ids, this.options, ids) : null;
    } catch {
      return null;
    }
  }

  /** @param {string[]} response @param {Score} result */
  #reveal(response, result) {
    const [state, sentence] = this.with.tell(result, this.key.ids.length);
    this.#reset(response, true);
    this.with.mark(this.form, this.key, result);
    if (this.key.rests) this.#row.before(this.key.rests.cloneNode(true));
    this.#row.replaceChildren(...(this.isLast ? [this.#again] : [this.#next, this.#again]));
    this.#say(create("p", { className: `result ${state}`, tabIndex: -1 }, icon(ICONS[state]), sentence));
  }

  /** @param {string[]} response @param {boolean} locked */
  #reset(response, locked) {
    this.with.unmark(this.form);
    this.with.write(this.form, response, locked);
    this.form.querySelector(".rests")?.remove();
    this.#outcome.replaceChildren();
  }

  /** Let the button say what it waits for; it stays reachable, so that a screen reader hears it too. */
  #ready() {
    const chosen = this.with.read(this.form).length > 0;
    this.#check.textContent = chosen ? "Check my answer" : CHOOSE;
    this.#check.setAttribute("aria-disabled", String(!chosen));
    if (chosen) this.#outcome.querySelector(".wanting")?.remove();
  }

  /** @param {{submit: (view: ItemView, response: string[]) => Promise<HTMLElement | null>}} quiz */
  async #submit(quiz) {
    const response = this.with.read(this.form);
    if (this.#busy) return;
    if (!response.length) return this.#say(create("p", { className: "wanting" }, `${CHOOSE}.`));
    this.#busy = true;
    try {
      this.with.write(this.form, response, true); // what is marked is what was chosen now
      const notice = await quiz.submit(this, response);
      focusOn(this.#outcome.querySelector(".result"));
      if (notice) this.#outcome.append(notice);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {Node} node */
  #say(node) {
    this.#outcome.replaceChildren(node);
  }
}

export class BackmiceQuiz extends HTMLElement {
  /** @type {ItemView[]} */ #views = [];
  /** @type {string | null} */ #attempt = null;
  #log = sharedLog();
  #restored = Promise.resolve();
  #ends = new AbortController();
  #notice = create("div", { className: "notice" });
  #tally = create("p", { className: "tally" });

  get quiz() {
    return this.dataset.quiz ?? "";
  }

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.#views.length) this.#upgrade();
    this.#restored = this.#restore();
    this.#log.addEventListener("added", (event) => this.#takeOver(/** @type {CustomEvent} */ (event).detail), { signal });
    addEventListener("pageshow", (event) => event.persisted && (this.#restored = this.#restore()), { signal });
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  #upgrade() {
    const forms = [...this.querySelectorAll("form")].filter((form) => Object.hasOwn(KINDS, form.dataset.kind ?? ""));
    const submit = (/** @type {ItemView} */ view, /** @type {string[]} */ response) => this.#submit(view, response);
    this.#views = forms.map((form, i) => new ItemView(form, { submit, next: forms[i + 1] }));
    this.#notice.setAttribute("role", "status");
    forms[0]?.before(this.#notice);
    forms.at(-1)?.after(this.#tally);
    this.#count();
  }

  async #restore() {
    const { events, kept, reason } = await this.#log.read(this.quiz);
    this.#takeOver(events);
    if (!kept) this.#notice.replaceChildren(notice(reason));
    this.#tally.setAttribute("role", "status");
    for (const view of this.#views) view.goLive();
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
      if (last && last.id !== view.last && !view.isDraft) view.show(last);
    }
    this.#count();
  }

  /** @returns {{id: string, revision: number, options: string[]}[]} what the learner was shown */
  #drawn() {
    return this.#views.map(({ id, revision, options }) => ({ id, revision, options }));
  }

  /**
   * Write a response to the log, and only then show its mark.
   * @param {ItemView} view
   * @param {string[]} response
   * @returns {Promise<HTMLElement | null>} what to tell of the storage
   */
  async #submit(view, response) {
    await this.#restored;
    const facts = [];
    if (!this.#attempt) {
      this.#attempt = newId();
      facts.push({ id: this.#attempt, type: "attempt", quiz: this.quiz, items: this.#drawn() });
    }
    const { id: item, revision } = view;
    facts.push({ type: "submission", attempt: this.#attempt, quiz: this.quiz, item, revision, response });
    const { events, kept, reason } = await this.#log.append(...facts);
    const submission = events[events.length - 1];
    view.show(submission);
    this.#count();
    this.dispatchEvent(new CustomEvent(SUBMISSION, { bubbles: true, detail: { submission, score: view.score } }));
    return this.#tellStorage(kept, reason);
  }

  /** @param {boolean} kept @param {"" | "full" | "refused"} reason */
  #tellStorage(kept, reason) {
    if (kept) for (const told of this.querySelectorAll(".empty.is-error")) told.remove();
    return kept || this.querySelector(".empty.is-error") ? null : notice(reason);
  }

  #count() {
    const scores = this.#views.flatMap((view) => view.score ?? []);
    const points = scores.reduce((sum, { points }) => sum + points, 0);
    const of = this.#views.length;
    const text = `${number(points)} of ${of} ${of === 1 ? "point" : "points"}, ${scores.length} of ${of} answered`;
    if (this.#tally.textContent !== text) this.#tally.textContent = text;
  }
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
const inputs = (form) => [...form.querySelectorAll("input")].filter((input) => input.name === "response");

/** @param {HTMLFormElement} form @returns {HTMLElement[]} */
const optionRows = (form) => [...form.querySelectorAll("li")].filter((li) => "option" in li.dataset);

/** @param {HTMLElement} li @param {string} state @param {string} name @param {string} word @param {string} [aside] */
function verdict(li, state, name, word, aside) {
  li.classList.add(state);
  const unseen = aside ? [create("span", { className: "hidden" }, aside)] : [];
  li.querySelector("label")?.append(create("span", { className: "verdict" }, icon(name), word, ...unseen));
}

/** @param {string} at */
function revised(at) {
  const date = new Date(at);
  const day = Number.isNaN(date.getTime())
    ? "an earlier day"
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return create("p", { className: "revised" }, `Revised since you answered on ${day}; your earlier answer is kept.`);
}

/** @param {"" | "full" | "refused"} reason */
function notice(reason) {
  const what = create("strong", {}, STORAGE[reason || "refused"]);
  const then = create("p", {}, "Your answers are kept until you close the page.");
  return create("div", { className: "empty is-error" }, create("p", {}, what), then);
}

/** @param {Element | null | undefined} element */
function focusOn(element) {
  if (!(element instanceof HTMLElement)) return;
  element.tabIndex = -1;
  element.focus();
}

/** @param {number} points to two decimals, without idle zeros */
const number = (points) => String(Math.round(points * 100) / 100);

/** @param {string} name a symbol of the page's sprite */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} properties
 * @param {...(Node | string)} children text stays text
 * @returns {HTMLElementTagNameMap[T]}
 */
function create(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

if (!customElements.get("backmice-quiz")) customElements.define("backmice-quiz", BackmiceQuiz);
