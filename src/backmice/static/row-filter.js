// The form of a page that hides the rows which don't fit what is asked for, and keeps it in the address.

import { readdress } from "./address.js";

/** @typedef {{element: HTMLElement, text: string, values: Record<string, string[]>}} Row `values` by the name of a list */

export class RowFilter {
  /** @param {HTMLFormElement} form @param {() => Row[]} readRows called when something is asked for @param {() => void} [changed] */
  constructor(form, readRows, changed) {
    Object.assign(this, { form, readRows, changed });
    this.lists = [...form.querySelectorAll("select")].map(({ name }) => name);
    form.addEventListener("input", () => this.apply());
    form.addEventListener("submit", (event) => event.preventDefault());
    const asked = new URLSearchParams(location.search);
    for (const name of this.names()) if (asked.get(name)) form.elements[name].value = asked.get(name);
    // From the address, or by a reader who was faster than this script.
    if (Object.values(this.asked()).some(Boolean)) this.apply();
  }

  names() {
    return [...this.lists, "text"];
  }

  asked() {
    return Object.fromEntries(new FormData(this.form));
  }

  apply() {
    this.rows ??= this.readRows();
    const asked = this.asked();
    const words = asked.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text, values } of this.rows) {
      const fits = this.lists.every((name) => !asked[name] || values[name].includes(asked[name])) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      shown += Number(fits);
    }
    this.form.querySelector(".count").textContent = `${shown} of ${this.rows.length} ${this.form.dataset.noun}`;
    this.keep(asked);
    this.changed?.();
  }

  reset() {
    this.form.reset();
    this.apply();
  }

  /** @param {Record<string, string>} asked */
  keep(asked) {
    const query = new URLSearchParams(this.names().flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))).toString();
    readdress((query ? `?${query}` : location.pathname) + location.hash);
  }
}
