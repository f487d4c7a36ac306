// One item's form in any host: practice checks at once, an exam marks it afterwards. What was answered is
// kept by the host; this shows it, and says what an item was when it was answered.

import { changes, inWords, scoreSeen } from "./changes.js";
import { create, day, focusOn, icon, number, textOf } from "./dom.js";
import { ICONS, KINDS, tellResult } from "./response-forms.js";
import { score } from "./score.js";

/**
 * @typedef {import("./score.js").Score} Score
 * @typedef {import("./score.js").ItemKey} ItemKey
 * @typedef {"low" | "mid" | "high"} Certainty
 * @typedef {{id: string, revision: number, response: string[], at?: string, certainty?: Certainty}} Submission
 */

export const CHANGE = "change"; // detail {response, certainty}
export const REVEALED = "revealed"; // detail {submission, score}
/** @type {Record<Certainty, string>} */
export const CERTAINTIES = { low: "Guessing", mid: "Fairly sure", high: "Certain" };

/** What the disclosure holds, taken out of the page until it is wanted. */
export class Key {
  /** @param {HTMLElement} details */
  constructor(details) {
    const why = (/** @type {HTMLElement} */ li) => li.querySelector(".why");
    const [options, cases] = ["option", "case"].map((name) =>
      [...details.querySelectorAll("li")].filter((li) => name in li.dataset),
    );
    /** @type {ItemKey} */ this.value = JSON.parse(details.dataset.key ?? "[]");
    /** @type {Map<string, Element | null>} */ this.whys = new Map(options.map((li) => [li.dataset.option ?? "", why(li)]));
    /** @type {Map<string, Element | null>} */ this.caseWhys = new Map(cases.map((li) => [li.dataset.case ?? "", why(li)]));
    this.slips = options.map((li) => ({
      value: Number(li.dataset.value),
      tolerance: Number(li.dataset.tolerance),
      text: textOf(li.querySelector(".slip")),
      why: why(li),
    }));
    this.whole = details.querySelector(".why.is-whole");
    this.rests = details.querySelector(".rests");
    this.details = details;
    details.remove();
  }
}

export class ItemView extends EventTarget {
  /** @type {Score | null} */ score = null;
  /** @type {string | null} id of the last submission shown */ last = null;
  /** @type {{next?: () => void, again: boolean}} */ #after;
  /** @type {HTMLElement | null} */ #sure = null;
  #asks = false;

  /** Ask how sure the learner is, or stop asking; an item that is marked stays as it was answered. */
  set asksCertainty(/** @type {boolean} */ asks) {
    this.#asks = asks;
    if (this.buttons.contains(this.#check)) this.#arrangeSure(asks);
    this.#ready();
  }

  /** @param {boolean} wanted */
  #arrangeSure(wanted) {
    if (wanted && !this.#sure) this.form.querySelector("fieldset")?.after((this.#sure = sureRow()));
    if (wanted) return;
    this.#sure?.remove();
    this.#sure = null;
  }
  #busy = false;
  #told = ""; // the state last told
  #ends = new AbortController();
  #outcome = create("div", { className: "outcome" });
  #check = create("button", { type: "submit", className: "button is-main" });
  #again = create("button", { type: "button", className: "button" }, "Try again");
  #next = create("button", { type: "button", className: "button is-main" }, "Next item");
  /** The row of buttons; a host may add its own once an item is revealed. */
  buttons = create("div", { className: "row" });

  /**
   * @param {HTMLFormElement} form in the document
   * @param {object} [how]
   * @param {"practice" | "exam"} [how.mode]
   * @param {boolean} [how.certainty] ask how sure the learner is
   * @param {(view: ItemView) => Promise<HTMLElement | null | void>} [how.submit] log the response and reveal it
   * @param {() => void} [how.next]
   * @param {boolean} [how.again]
   */
  constructor(form, { mode = "practice", certainty = false, submit, next, again = true } = {}) {
    super();
    const { item = "", revision, kind = "", topic = "", objective = "", level = "" } = form.dataset;
    this.form = form;
    this.mode = mode;
    this.id = item;
    this.revision = Number(revision);
    this.kind = kind;
    this.topic = topic;
    this.objective = objective;
    this.level = level;
    this.with = KINDS[kind];
    this.#after = { next, again };
    const details = /** @type {HTMLElement | null} */ (form.querySelector("details.key"));
    this.key = details && new Key(details);
    this.with.arrange?.(form, () => this.#changed());
    this.#asks = certainty;
    form.querySelector(".label")?.after(this.#outcome);
    form.append(this.buttons);
    this.#listen(submit);
    this.clear();
  }

  /** @param {((view: ItemView) => Promise<HTMLElement | null | void>) | undefined} submit */
  #listen(submit) {
    const { signal } = this.#ends;
    for (const type of ["input", "change"]) this.form.addEventListener(type, () => this.#changed(), { signal });
    if (this.mode === "exam") this.form.addEventListener("change", () => this.#want(), { signal });
    const hand = (/** @type {Event} */ event) => (event.preventDefault(), this.mode === "exam" || this.#submit(submit));
    this.form.addEventListener("submit", hand, { signal });
    this.#again.addEventListener("click", () => (this.clear(), this.focusFirst()));
    this.#next.addEventListener("click", () => this.#after.next?.());
  }

  /** Ids in the order now shown. */
  get options() {
    return this.with.options(this.form);
  }

  /** @returns {string[]} what is given; empty while it is nothing, or can't be read */
  get response() {
    return this.with.read(this.form);
  }

  set response(response) {
    if (this.key) score(this.kind, this.key.value, this.options, response); // throws if it can't be given
    this.with.write(this.form, response, false);
    this.#shown();
  }

  /** @returns {Certainty | null} */
  get certainty() {
    return /** @type {Certainty | null} */ (sures(this.#sure).find((input) => input.checked)?.value ?? null);
  }

  set certainty(given) {
    for (const input of sures(this.#sure)) input.checked = input.value === given;
    this.#ready();
  }

  get isAnswered() {
    return this.response.length > 0 && (!this.#sure || this.certainty !== null);
  }

  /** Whether the learner has chosen but not checked. */
  get isDraft() {
    return this.buttons.contains(this.#check) && this.response.length > 0;
  }

  /**
   * Put the options in another order, before anything is answered.
   * @param {string[]} ids
   * @throws {RangeError} if they are not the options
   */
  shuffle(ids) {
    if ([...ids].sort().join() !== [...this.options].sort().join()) throw new RangeError("not the options of this item");
    this.with.shuffle(this.form, ids);
    this.#shown();
  }

  /** @param {number} n @param {number} of */
  place(n, of) {
    const words = `Item ${n} of ${of}`;
    this.form.setAttribute("aria-label", words);
    this.form.querySelector(".label .place")?.replaceChildren(words);
  }

  /** The facts of the event `seen`: what the item is, so that a response to it can be read years later. */
  snapshot() {
    const { id: item, revision, kind, topic, objective, level, form } = this;
    const cases = [...form.querySelectorAll("fieldset .pairs > li")].map((li) => [
      /** @type {HTMLElement} */ (li).dataset.case ?? "",
      textOf(li.querySelector("label .words")),
    ]);
    const facts = {
      id: `seen:${item}@${revision}`, type: "seen", quiz: "", item, revision, kind, topic, objective, level,
      stem: textOf(form.querySelector("legend")), options: this.with.texts(form), key: this.key?.value ?? [],
    }; // prettier-ignore
    return cases.length ? { ...facts, cases: /** @type {[string, string][]} */ (cases) } : facts;
  }

  /** Begin to announce: not before what was kept has been put back, which is no news. */
  goLive() {
    this.#outcome.setAttribute("role", "status");
  }

  /** Show the item unanswered. */
  clear() {
    this.#arrangeSure(this.#asks);
    this.#reset([], null, false);
    if (this.mode === "practice") this.buttons.replaceChildren(this.#check);
    this.#ready();
  }

  /**
   * Show a submission: its mark and why; or, if the item has changed since, what changed.
   * @param {Submission} submission
   * @param {import("./changes.js").Seen | null} [seen] what the item was then, if it has changed
   * @returns {Score | null}
   */
  reveal(submission, seen) {
    this.last = submission.id;
    const isSame = submission.revision === this.revision;
    this.score = isSame ? this.#scored(submission.response) : seen ? scoreSeen(seen, submission) : null;
    this.clear();
    if (!isSame) this.say(revised(submission, this.score, seen, this.snapshot()));
    else if (this.score) this.#mark(submission, this.score);
    this.dispatchEvent(new CustomEvent(REVEALED, { detail: { submission, score: this.score } }));
    return this.score;
  }

  /** Take no more answers. @param {string} [words] why, and what was kept */
  lock(words) {
    this.#reset(this.response, this.certainty, true);
    this.form.classList.add("is-locked");
    if (words) this.say(create("p", { className: "locked" }, words));
  }

  unlock() {
    this.#reset(this.response, this.certainty, false);
    this.#ready();
  }

  /** Put something into the status region. @param {...(Node | string)} nodes */
  say(...nodes) {
    this.#outcome.replaceChildren(...nodes);
  }

  focus() {
    focusOn(this.form.querySelector("fieldset"));
  }

  focusFirst() {
    /** @type {HTMLElement | null} */ (this.form.querySelector("fieldset :is(input[name=response], select, .steps button)"))?.focus();
  }

  /** Take the form out for good. */
  remove() {
    this.#ends.abort();
    this.form.remove();
  }

  /** @param {unknown} response @returns {Score | null} null if it could not have been given to this item */
  #scored(response) {
    const isGiven = Array.isArray(response) && (response.length > 0 || this.mode === "exam");
    try {
      return this.key && isGiven ? score(this.kind, this.key.value, this.options, response) : null;
    } catch {
      return null;
    }
  }

  /** @param {Submission} submission @param {Score} result */
  #mark({ response, certainty = undefined }, result) {
    const key = /** @type {Key} */ (this.key);
    const [state, told] = response.length ? tellResult(this.kind, result, key.value) : ["wrong", "Not answered."];
    this.#arrangeSure(Boolean(certainty));
    this.#reset(response, certainty ?? null, true);
    this.with.mark(this.form, key, result, response);
    if (key.rests) this.buttons.before(key.rests.cloneNode(true));
    const { next, again } = this.#after;
    if (this.mode === "practice") this.buttons.replaceChildren(...(next ? [this.#next] : []), ...(again ? [this.#again] : []));
    const sure = certainty && certainty in CERTAINTIES ? ` You were ${CERTAINTIES[certainty].toLowerCase()}.` : "";
    this.say(create("p", { className: `result ${state}`, tabIndex: -1 }, icon(ICONS[state]), told + sure));
    this.#shown();
  }

  /** @param {string[]} response @param {Certainty | null} certainty @param {boolean} locked */
  #reset(response, certainty, locked) {
    this.with.unmark(this.form);
    this.form.classList.remove("is-locked");
    this.with.write(this.form, response, locked);
    for (const input of sures(this.#sure)) Object.assign(input, { checked: input.value === certainty, disabled: locked });
    this.form.querySelector(":scope > .rests")?.remove();
    this.#outcome.replaceChildren();
    this.#shown();
  }

  /** What code has written is no change of the learner's. */
  #shown() {
    this.#told = this.#state();
    this.form.dispatchEvent(new CustomEvent("backmice-shown"));
    this.#ready();
  }

  #state = () => JSON.stringify([this.response, this.certainty]);

  #changed() {
    this.#ready();
    if (this.#told === this.#state()) return;
    this.#told = this.#state();
    const { response, certainty } = this;
    this.dispatchEvent(new CustomEvent(CHANGE, { detail: { response, certainty } }));
  }

  /** Let the button say what it waits for; it stays reachable, so that a screen reader hears it too. */
  #ready() {
    this.#check.textContent = this.isAnswered ? "Check my answer" : this.#missing();
    this.#check.setAttribute("aria-disabled", String(!this.isAnswered));
    if (this.isAnswered) this.#outcome.querySelector(".wanting")?.remove();
  }

  #missing() {
    return this.response.length ? "Say how sure you are first" : this.with.ask;
  }

  /** In an exam: say at once that what was typed can't be read. */
  #want() {
    const wanting = this.with.wanting(this.form);
    if (wanting) this.say(create("p", { className: "wanting" }, wanting));
    else this.#outcome.querySelector(".wanting")?.remove();
  }

  /** @param {((view: ItemView) => Promise<HTMLElement | null | void>) | undefined} submit */
  async #submit(submit) {
    if (this.#busy || !submit || !this.buttons.contains(this.#check)) return;
    if (!this.isAnswered) {
      const wanting = this.with.wanting(this.form) || `${this.#missing()}.`;
      return this.say(create("p", { className: "wanting" }, wanting));
    }
    const { response, certainty } = this;
    this.#busy = true;
    try {
      this.#reset(response, certainty, true); // what is marked is what was chosen now
      const notice = await submit(this);
      focusOn(this.#outcome.querySelector(".result"));
      if (notice) this.#outcome.append(notice);
    } finally {
      this.#busy = false;
    }
  }
}

/** @param {HTMLElement | null} row @returns {HTMLInputElement[]} */
const sures = (row) => (row ? [...row.querySelectorAll("input")] : []);

function sureRow() {
  const row = create("fieldset", { className: "sure" }, create("legend", {}, "How sure are you?"));
  for (const [value, words] of Object.entries(CERTAINTIES)) {
    row.append(create("label", {}, create("input", { type: "radio", name: "certainty", value }), ` ${words}`));
  }
  return row;
}

/**
 * @param {Submission} submission
 * @param {Score | null} result by the key of that time
 * @param {import("./changes.js").Seen | null | undefined} then
 * @param {import("./changes.js").Seen} now
 */
function revised({ at = "", response }, result, then, now) {
  const since = `Revised since you answered on ${day(at)}`;
  if (!then || !result) return create("p", { className: "revised" }, `${since}; your earlier answer is kept.`);
  const what = changes(then, now);
  const told = what.length ? what.join("; ") : "what is asked and what is credited are the same";
  // An order or a list of pairs would drown the sentence.
  const given = ["matching", "ordering"].includes(then.kind) ? "" : `, “${inWords(then, response)}”,`;
  const worth = `${number(result.points)} of 1 point`;
  return create("p", { className: "revised" }, `${since}: ${told}. Your earlier answer${given} is kept, with its ${worth}.`);
}
