// <backmice-evidence>: filters the claims of the evidence page by certainty, design and text.
// Without it the page is the whole list, by topic. The filter is kept in the address.

import { RowFilter } from "./row-filter.js";

class BackmiceEvidence extends HTMLElement {
  connectedCallback() {
    if (this.filter) return;
    const rows = [...this.querySelectorAll(".claim-row")].map((element) => ({
      element,
      text: element.textContent.toLowerCase(),
      values: { certainty: [element.dataset.certainty], design: [element.dataset.design] },
    }));
    const levels = ["high", "moderate", "low", "very-low"].map((level) => [level, level.replace("-", " ")]);
    const designs = [...new Set(rows.map(({ values }) => values.design[0]))].sort().map((d) => [d, d.replaceAll("-", " ")]);
    this.filter = new RowFilter({
      label: "Filter the claims",
      noun: "claims",
      rows,
      lists: [
        { name: "certainty", words: "Certainty", options: levels },
        { name: "design", words: "Design", options: designs },
      ],
      changed: () => this.hideEmptyTopics(),
    });
    this.prepend(this.filter.form);
    this.filter.apply();
    this.reveal(location.hash);
    addEventListener("hashchange", () => this.reveal(location.hash));
    // Pressed again, a link changes no address.
    this.addEventListener("click", (event) => this.reveal(event.target.closest("a")?.hash));
  }

  /** Take the filter away when it hides what a link leads to: a claim or a topic of this page. */
  reveal(hash) {
    const target = hash && document.getElementById(hash.slice(1));
    if (!target || !this.contains(target) || !target.closest("[hidden]")) return;
    this.filter.reset();
    target.scrollIntoView();
  }

  hideEmptyTopics() {
    for (const topic of this.querySelectorAll(".topic")) {
      topic.hidden = !topic.querySelector(".claim-row:not([hidden])");
    }
  }
}

customElements.define("backmice-evidence", BackmiceEvidence);
