// <backmice-evidence>: filters the claims of the evidence page by certainty, design and text.
// Without it the page is the whole list, by topic. What is asked for is kept in the address.

import { RowFilter } from "./row-filter.js";

class BackmiceEvidence extends HTMLElement {
  connectedCallback() {
    if (this.filter) return;
    this.filter = new RowFilter(this.querySelector(".filter"), () => this.rows(), () => this.hideEmptyTopics());
    this.reveal(location.hash);
    addEventListener("hashchange", () => this.reveal(location.hash));
    // Pressed again, a link changes no address.
    this.addEventListener("click", (event) => this.reveal(event.target.closest("a")?.hash));
  }

  rows() {
    return [...this.querySelectorAll(".claim-row")].map((element) => ({
      element,
      text: element.textContent.toLowerCase(),
      values: { certainty: [element.dataset.certainty], design: [element.dataset.design] },
    }));
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
