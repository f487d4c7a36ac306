// <backmice-reasoner>: a vignette whose findings the reader answers with probabilities. Without it the page holds the
// case with the arithmetic worked out behind disclosures. What was stated is an event of the log, as answers are.

import { sharedLog } from "./attempt-log.js";
import { recall } from "./beliefs.js";
import { create } from "./dom.js";
import { ReasonerView } from "./reasoner-view.js";
import { storageNotice } from "./storage-notice.js";

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

const CHANGED = "This case has changed since you last stated something. Begin again; what you stated before is kept in your log.";

export class BackmiceReasoner extends HTMLElement {
  /** @type {ReasonerView | null} */ #view = null;
  #log = sharedLog();
  #ends = new AbortController();
  #notice = create("div", { className: "notice" });
  /** @type {import("./reasoner-view.js").Vignette} */ #vignette = JSON.parse("null");

  /** What the events of this vignette are known by in the log. */
  get quiz() {
    return `vignette-${this.#vignette.id}`;
  }

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.#view) this.#upgrade();
    this.#restore();
    this.#log.addEventListener("added", (event) => this.#added(/** @type {CustomEvent} */ (event).detail), { signal });
    for (const name of ["merged", "erased"]) this.#log.addEventListener(name, () => this.#restore(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#restore(), { signal });
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  #upgrade() {
    this.#vignette = JSON.parse(this.dataset.vignette ?? "");
    this.#notice.setAttribute("role", "status");
    this.#view = new ReasonerView(this, this.#vignette, {
      submit: (stage, percents) => this.#keep(stage, percents),
      again: () => this.#log.append({ type: "start", quiz: this.quiz }),
    });
    this.prepend(this.#notice);
  }

  /** @param {LogEvent[]} events from another tab */
  #added(events) {
    if (events.some(({ quiz }) => quiz === this.quiz)) this.#restore();
  }

  async #restore() {
    const { events, kept, reason } = await this.#log.read(this.quiz);
    const { beliefs, isOld } = recall(events, this.#vignette);
    if (this.#view && JSON.stringify(beliefs) !== JSON.stringify(this.#view.beliefs)) this.#view.beliefs = beliefs;
    if (!kept) this.#notice.replaceChildren(storageNotice(reason));
    else this.#notice.replaceChildren(...(isOld ? [create("p", { className: "empty" }, CHANGED)] : []));
    this.dataset.state = "drawn";
  }

  /** @param {number} stage @param {Record<string, number>} percents @returns {Promise<HTMLElement | null>} */
  async #keep(stage, percents) {
    const { id, revision, outcome } = this.#vignette;
    const facts = { vignette: id, revision, stage, percents, outcome: outcome.condition };
    const { kept, reason } = await this.#log.append({ type: "belief", quiz: this.quiz, ...facts });
    this.#notice.replaceChildren();
    return kept ? null : storageNotice(reason);
  }
}

if (!customElements.get("backmice-reasoner")) customElements.define("backmice-reasoner", BackmiceReasoner);
