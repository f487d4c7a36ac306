// <course-recording>: shows a recording of another site in the page, once the reader has been told who is asked for it
// and has agreed. Until then nothing is fetched; without a script there is a link.

import { create } from "./dom.js";

class CourseRecording extends HTMLElement {
  connectedCallback() {
    if (this.place) return;
    this.place = create("div", { className: "row" });
    this.append(this.place);
    this.#offer();
  }

  #offer() {
    const offer = button("Show it here", "", () => this.#ask());
    offer.setAttribute("aria-label", `Show it here: ${this.dataset.title}`);
    this.place?.replaceChildren(offer);
  }

  #ask() {
    const { site = "" } = this.dataset;
    const told = `To show it here, your browser asks ${site}. That site then learns your address on the internet and which page you are on, may set cookies, and has rules of its own.`;
    const words = create("p", { tabIndex: -1 }, told);
    this.place?.replaceChildren(
      words,
      button(`Ask ${site} and show it`, "is-main", () => this.#show()),
      button("Don’t", "", () => (this.#offer(), this.querySelector("button")?.focus())),
    );
    words.focus();
  }

  #show() {
    const { embed = "", title = "" } = this.dataset;
    const frame = create("iframe", { src: embed, title, allowFullscreen: true, referrerPolicy: "strict-origin-when-cross-origin" });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
    this.place?.replaceChildren(frame);
    frame.focus();
  }
}

/** @param {string} words @param {string} look @param {() => void} act */
function button(words, look, act) {
  const element = create("button", { type: "button", className: `button ${look}` }, words);
  element.addEventListener("click", act);
  return element;
}

if (!customElements.get("course-recording")) customElements.define("course-recording", CourseRecording);
