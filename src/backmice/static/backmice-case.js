// <backmice-case>: opens a worked case stage by stage, and knows where the reader was. Its stages are disclosures
// that open by hand without it. How far the reader came is an event of the log, as the answers are.

import { sharedLog } from "./attempt-log.js";
import { COUNTED } from "./backmice-quiz.js";
import { create, focusOn } from "./dom.js";

export class BackmiceCase extends HTMLElement {
  /** @type {HTMLElement[]} the first is always open */ #stages = [];
  /** @type {HTMLButtonElement[]} at the foot of each stage but the last */ #buttons = [];
  /** How far the reader came. */ #furthest = 1;
  #log = sharedLog();
  #ends = new AbortController();
  #place = create("div", { className: "case-place" });
  #again = create("div", { className: "row", hidden: true }, this.#againButton());

  /** @returns {any} */
  get quiz() {
    return this.querySelector("backmice-quiz");
  }

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.#stages.length) this.#upgrade();
    this.quiz.addEventListener(COUNTED, () => this.#show(), { signal });
    this.#log.addEventListener("merged", () => this.#restore(), { signal });
    this.#log.addEventListener("erased", () => this.#close(), { signal });
    this.#restore();
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  #upgrade() {
    this.#stages = [...this.querySelectorAll("[data-stage]")].map((stage) => /** @type {HTMLElement} */ (stage));
    this.#buttons = this.#stages.slice(1).map((_, i) => this.#goOnButton(i + 2));
    for (const [i, button] of this.#buttons.entries()) this.#stages[i].append(create("div", { className: "row" }, button));
    for (const stage of this.#stages.slice(1)) stage.addEventListener("toggle", () => this.#toggled(stage));
    this.#place.setAttribute("role", "status");
    this.prepend(this.#place);
    this.append(this.#again);
    this.#show();
  }

  /** @param {number} number */
  #goOnButton(number) {
    const button = create("button", { type: "button", className: "button" });
    button.addEventListener("click", () => this.#open(number));
    return button;
  }

  #againButton() {
    const button = create("button", { type: "button", className: "button" }, "Start again");
    button.addEventListener("click", () => this.#startAgain());
    return button;
  }

  async #restore() {
    const { events } = await this.#log.read(this.quiz.quiz);
    const last = events.findLastIndex(({ type }) => type === "start");
    const reached = events.slice(last + 1).filter(({ type, stage }) => type === "stage" && Number.isInteger(stage));
    const furthest = Math.min(this.#stages.length, Math.max(1, ...reached.map(({ stage }) => stage)));
    if (furthest <= this.#furthest) return;
    this.#furthest = furthest;
    if (!isOpen(this.#stages[furthest - 1])) this.#tellPlace();
  }

  #tellPlace() {
    const goOn = create("button", { type: "button", className: "button is-main" }, "Go on there");
    goOn.addEventListener("click", () => this.#open(this.#furthest));
    const words = `You were at stage ${this.#furthest} of ${this.#stages.length}.`;
    this.#place.replaceChildren(create("p", {}, words), create("div", { className: "row" }, goOn, this.#againButton()));
  }

  /** Open every stage up to one, and go there. @param {number} number */
  #open(number) {
    for (const stage of this.#stages.slice(1, number)) stage.setAttribute("open", "");
    // At once: a stage tells that it was opened only after the click has ended, when its reader may be gone.
    this.#reach(number);
    this.#show();
    this.#stages[number - 1].querySelector("summary")?.focus();
  }

  /** @param {HTMLElement} stage */
  #toggled(stage) {
    if (isOpen(stage)) this.#reach(Number(stage.dataset.stage));
    if (isOpen(this.#stages[this.#furthest - 1])) this.#place.replaceChildren();
    this.#show();
  }

  /** @param {number} number of an open stage */
  #reach(number) {
    if (number <= this.#furthest) return;
    this.#furthest = number;
    this.#log.append({ type: "stage", quiz: this.quiz.quiz, stage: number });
  }

  async #startAgain() {
    this.#close();
    focusOn(this.#stages[0].querySelector("h2"));
    await this.quiz.startAgain();
  }

  #close() {
    this.#furthest = 1;
    for (const stage of this.#stages.slice(1)) stage.removeAttribute("open");
    this.#place.replaceChildren();
    this.#show();
  }

  /** Let each button say what it does now: to leave a question behind is allowed, but said. */
  #show() {
    const unanswered = this.quiz.unanswered;
    for (const [i, button] of this.#buttons.entries()) {
      const isAsked = unanswered.some((/** @type {Node} */ form) => this.#stages[i].contains(form));
      button.textContent = isAsked ? "Go on without answering" : "Go on";
      button.classList.toggle("is-main", !isAsked);
      button.hidden = isOpen(this.#stages[i + 1]);
    }
    this.#again.hidden = !this.#stages.slice(1).some(isOpen);
    // Key points below would give the end away.
    this.toggleAttribute("data-unfinished", !isOpen(this.#stages[this.#stages.length - 1]));
  }
}

/** @param {HTMLElement} stage */
const isOpen = (stage) => !(stage instanceof HTMLDetailsElement) || stage.open;

if (!customElements.get("backmice-case")) customElements.define("backmice-case", BackmiceCase);
