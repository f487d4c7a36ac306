// <course-video-library>: searches what is said in all films at once; without it each film shows its own transcript.

import { counted, create, labelled } from "./dom.js";
import { narrow } from "./film-lines.js";

class CourseVideoLibrary extends HTMLElement {
  connectedCallback() {
    if (this.cards) return;
    this.cards = [...this.querySelectorAll(".film-card")].map((card) => ({
      card: /** @type {HTMLElement} */ (card),
      lines: /** @type {HTMLDetailsElement} */ (card.querySelector("details")),
      rows: /** @type {HTMLElement[]} */ ([...card.querySelectorAll(".lines > li")]),
    }));
    const words = create("input", { type: "search", className: "field", autocomplete: "off" });
    this.told = create("p", { className: "count" });
    this.told.setAttribute("role", "status");
    words.addEventListener("input", () => this.search(words.value));
    this.prepend(create("div", { className: "film-search" }, labelled("Search what is said in the films", words), this.told));
  }

  /** Show the films in which all words are said in one line, and those lines. @param {string} typed */
  search(typed) {
    let [lines, films] = [0, 0];
    for (const { card, lines: details, rows } of this.cards ?? []) {
      const told = narrow(rows, typed);
      const left = rows.filter((row) => !row.hidden).length;
      card.hidden = left === 0;
      details.open = told !== "" && left > 0;
      lines += left;
      films += Number(left > 0);
    }
    if (this.told) this.told.textContent = typed.trim() ? `${counted(lines, "line")} in ${counted(films, "film")}` : "";
  }
}

if (!customElements.get("course-video-library")) customElements.define("course-video-library", CourseVideoLibrary);
