// <backmice-review>: brings back what was wrong, what was guessed and what is due, one item at a time.

import { newId, sharedLog } from "./attempt-log.js";
import { setWantsCertainty, wantsCertainty } from "./certainty.js";
import { fetchForms, loadIndex } from "./course-index.js";
import { counted, create, focusOn, number } from "./dom.js";
import { ItemView, REVEALED } from "./item-view.js";
import { dueNow, reviewQueue, shaky } from "./review-queue.js";
import { storageNotice } from "./storage-notice.js";

/** @typedef {import("./review-queue.js").Waiting} Waiting */

const QUIZ = "review";
const SITTING = 20; // items of one sitting
const DAY_MS = 86_400_000;

export class BackmiceReview extends HTMLElement {
  #log = sharedLog();
  /** @type {import("./course-index.js").CourseIndex} */ #index;
  #notice = create("div", { className: "notice" });
  #stage = create("div", { className: "review-stage" });

  async connectedCallback() {
    if (this.#stage.isConnected) return;
    this.querySelector(".needs-script")?.remove();
    this.#notice.setAttribute("role", "status");
    this.querySelector("section")?.append(this.#notice, this.#stage);
    try {
      this.#index = await loadIndex(this);
      this.#log.addEventListener("erased", () => this.#start());
      this.#log.addEventListener("merged", () => this.#stage.querySelector("form") || this.#start());
      await this.#start();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #queue() {
    const { events, kept, reason } = await this.#log.readAll();
    this.#notice.replaceChildren(...(kept ? [] : [storageNotice(reason)]));
    return reviewQueue(events, (item) => Object.hasOwn(this.#index.items, item));
  }

  /** Say what is due, and offer it. */
  async #start() {
    const queue = await this.#queue();
    const now = Date.now();
    const due = dueNow(queue, now);
    const soon = shaky(queue, now);
    if (!queue.length) {
      const words = "Answer some items in a lesson or in an exam: what you got wrong or guessed comes back here, and what you know comes back later each time.";
      return this.#stage.replaceChildren(box("Nothing to review yet", words));
    }
    const ask = create("input", { type: "checkbox", checked: wantsCertainty() });
    ask.addEventListener("change", () => setWantsCertainty(ask.checked));
    const row = create("div", { className: "row" });
    if (due.length) row.append(this.#offer(due, `Review ${counted(due.length, "item")}`, true));
    if (soon.length) row.append(this.#offer(soon, `Go over ${counted(soon.length, "item")} wrong or guessed`, !due.length));
    const told = due.length ? `${counted(due.length, "item")} due now.` : `Nothing is due now; the next comes ${when(queue[0].due, now)}.`;
    this.#stage.replaceChildren(
      create("p", {}, told),
      create("p", {}, create("label", {}, ask, " Ask me how sure I am, so that guesses come back sooner")),
      row,
      this.#list(queue, now),
    );
  }

  /** @param {Waiting[]} waiting @param {string} words @param {boolean} isMain */
  #offer(waiting, words, isMain) {
    const button = create("button", { type: "button", className: isMain ? "button is-main" : "button" }, words);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await this.#sit(waiting.slice(0, SITTING).map(({ item }) => item));
      } catch (error) {
        button.disabled = false;
        this.#fail(error);
      }
    });
    return button;
  }

  /** What waits, by topic: the first day on which something of it comes back. @param {Waiting[]} queue @param {number} now */
  #list(queue, now) {
    /** @type {Map<string, Waiting[]>} */
    const topics = new Map();
    for (const waiting of queue) {
      const { topic } = this.#index.items[waiting.item];
      topics.set(topic, [...(topics.get(topic) ?? []), waiting]);
    }
    const rows = [...topics].map(([topic, waiting]) => {
      const name = create("span", {}, `${this.#index.topics[topic] ?? topic}, ${counted(waiting.length, "item")}`);
      return create("li", {}, name, create("span", {}, when(waiting[0].due, now)));
    });
    return create("div", {}, create("h2", {}, "What waits"), create("ul", { className: "due" }, ...rows));
  }

  /** @param {string[]} ids */
  async #sit(ids) {
    const forms = await fetchForms(this.#index, ids);
    const attempt = newId();
    const holder = create("div", { className: "review-items" });
    this.#stage.replaceChildren(holder);
    /** @type {ItemView[]} */
    const views = [];
    const certainty = wantsCertainty();
    let points = 0;
    const go = (/** @type {number} */ at) => {
      for (const [i, view] of views.entries()) view.form.hidden = i !== at;
      if (at < views.length) return views[at].focus();
      this.#finish(points, views.length);
    };
    for (const form of forms.values()) {
      const at = views.length;
      form.hidden = true;
      holder.append(form);
      const view = new ItemView(form, {
        mode: "practice",
        certainty,
        again: false,
        next: at + 1 < forms.size ? () => go(at + 1) : undefined,
        submit: async (answered) => {
          const { id: item, revision, response } = answered;
          const facts = { type: "submission", attempt, quiz: QUIZ, item, revision, response };
          const given = certainty ? { ...facts, certainty: answered.certainty } : facts;
          const { events, kept, reason } = await this.#log.append(answered.snapshot(), given);
          points += answered.reveal(events[1])?.points ?? 0;
          return kept ? null : storageNotice(reason);
        },
      });
      views.push(view);
    }
    for (const [i, view] of views.entries()) view.place(i + 1, views.length);
    views.at(-1)?.addEventListener(REVEALED, () => {
      const finish = create("button", { type: "button", className: "button is-main" }, "Finish");
      finish.addEventListener("click", () => go(views.length));
      views.at(-1)?.buttons.append(finish);
    });
    const items = views.map(({ id, revision, options }) => ({ id, revision, options }));
    await this.#log.append({
      id: attempt, type: "attempt", quiz: QUIZ, mode: "review", items, ...(certainty ? { marking: "certainty" } : {}),
    }); // prettier-ignore
    for (const view of views) view.goLive();
    go(0);
  }

  /** @param {number} points @param {number} of */
  async #finish(points, of) {
    await this.#start();
    const told = create("p", { className: "result right" }, `Done: ${number(points)} of ${counted(of, "point")}.`);
    this.#stage.prepend(told);
    focusOn(told);
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    const failed = box("The review can’t be opened", `${why}. What you answered is kept; load the page again to go on.`);
    failed.classList.add("is-error");
    this.#notice.replaceChildren(failed);
  }
}

/** @param {string} title @param {string} words */
const box = (title, words) => create("div", { className: "empty" }, create("h2", {}, title), create("p", {}, words));

/** @param {number} due @param {number} now */
function when(due, now) {
  if (due <= now) return "now";
  const days = Math.ceil((due - now) / DAY_MS);
  return days <= 1 ? "tomorrow" : `in ${days} days`;
}

if (!customElements.get("backmice-review")) customElements.define("backmice-review", BackmiceReview);
