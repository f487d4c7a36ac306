// Timed lines beside a film: its chapters, what is said, what is seen. A press leads to their time; the line of the
// moment is marked and kept in sight; and what is said can be searched.

import { counted, create, labelled, textOf } from "./dom.js";

/** @param {number} seconds @returns {string} as players write it: 1:05 */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

/** @param {number[]} starts in order @param {number} now @returns {number} the index of the last that has begun, or -1 */
export const begun = (starts, now) => starts.findLastIndex((start) => start <= now + 0.05);

export class Lines {
  /** @type {number} */ #current = -1;

  /** @param {any} film the element @param {Element | null} part @param {{search?: boolean}} [how] */
  constructor(film, part, { search = false } = {}) {
    this.film = film;
    this.list = /** @type {HTMLElement} */ (part?.querySelector(".lines"));
    this.rows = /** @type {HTMLElement[]} */ ([...this.list.children]);
    this.links = this.rows.map((row) => /** @type {HTMLElement} */ (row.querySelector("a[data-at]")));
    this.starts = this.links.map((link) => Number(link.dataset.at));
    for (const link of this.links) film.lead(link);
    for (const name of ["timeupdate", "seeked"]) film.video.addEventListener(name, () => this.#follow());
    if (search) this.#addSearch();
  }

  /** The index of the line of the moment, or -1. */
  get current() {
    return begun(this.starts, this.film.video.currentTime);
  }

  #follow() {
    const now = this.film.started ? this.current : -1;
    if (now === this.#current) return;
    this.links[this.#current]?.removeAttribute("aria-current");
    this.rows[this.#current]?.classList.remove("is-now");
    this.#current = now;
    this.links[now]?.setAttribute("aria-current", "true");
    this.rows[now]?.classList.add("is-now");
    // Who reads or tabs through the list is not pulled away.
    if (this.rows[now] && !this.list.matches(":hover, :focus-within")) this.list.scrollTop = this.rows[now].offsetTop - this.list.clientHeight / 3;
  }

  #addSearch() {
    const words = create("input", { type: "search", className: "field", autocomplete: "off" });
    const told = create("p", { className: "count" });
    told.setAttribute("role", "status");
    words.addEventListener("input", () => (told.textContent = narrow(this.rows, words.value)));
    this.list.before(create("div", { className: "film-search" }, labelled("Search what is said", words), told));
  }
}

/**
 * Hide the rows that don't hold all the words.
 * @param {HTMLElement[]} rows @param {string} typed
 * @returns {string} how many are left; nothing where nothing was typed
 */
export function narrow(rows, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !words.every((word) => textOf(row.querySelector("span")).toLowerCase().includes(word));
  return words.length ? `${rows.filter((row) => !row.hidden).length} of ${counted(rows.length, "line")}` : "";
}
