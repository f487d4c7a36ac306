// <course-live>: the button that opens a lab as a notebook with Python in this browser.
// `data-home` is the address of the application, `data-notebook` the file. Its text, if any, is the button's.
// Only the button is here: the rest is fetched when it is pressed.

import { create } from "./dom.js";

export class CourseLive extends HTMLElement {
  /** @type {Promise<import("./live-view.js").LiveView> | null} */ #view = null;

  connectedCallback() {
    if (this.querySelector("button") || !/^https?:/.test(location.protocol)) return;
    const words = this.textContent?.trim() || "Run it here";
    const button = create("button", { type: "button", className: "button is-main" }, words);
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", () => this.#open());
    this.replaceChildren(button);
  }

  async #open() {
    const { home = "", notebook = "" } = this.dataset;
    this.#view ??= import("./live-view.js").then(({ LiveView }) => new LiveView(new URL(home, document.baseURI), notebook));
    (await this.#view).open();
  }
}

if (!customElements.get("course-live")) customElements.define("course-live", CourseLive);
