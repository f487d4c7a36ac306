// A form that hides the rows which don't fit what is asked for, and keeps it in the address.

import { readdress } from "./address.js";
import { create } from "./dom.js";

/** @typedef {{element: HTMLElement, text: string, values: Record<string, string[]>}} Row `values` by the name of a list */
/** @typedef {{name: string, words: string, options: [string, string][]}} List options as (value, words) */

export class RowFilter {
  /** @param {{label: string, noun: string, rows: Row[], lists: List[], changed?: () => void}} given */
  constructor({ label, noun, rows, lists, changed }) {
    Object.assign(this, { noun, rows, lists, changed });
    this.count = create("p", { className: "count" });
    this.count.setAttribute("role", "status");
    const words = create("input", { type: "search" });
    this.form = create("form", { className: "filter" }, ...lists.map((l) => list(l)), labelled(words, "text", "Words"), this.count);
    this.form.setAttribute("role", "search");
    this.form.setAttribute("aria-label", label);
    this.form.addEventListener("input", () => this.apply());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    const asked = new URLSearchParams(location.search);
    for (const name of this.names()) if (asked.get(name)) this.form.elements[name].value = asked.get(name);
  }

  names() {
    return [...this.lists.map(({ name }) => name), "text"];
  }

  apply() {
    const asked = Object.fromEntries(new FormData(this.form));
    const words = asked.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text, values } of this.rows) {
      const fits = this.lists.every(({ name }) => !asked[name] || values[name].includes(asked[name])) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      shown += Number(fits);
    }
    this.count.textContent = `${shown} of ${this.rows.length} ${this.noun}`;
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

/** @param {List} given */
function list({ name, words, options }) {
  const select = create("select", {}, new Option("any", ""), ...options.map(([value, shown]) => new Option(shown, value)));
  return labelled(select, name, words);
}

/** @param {HTMLInputElement | HTMLSelectElement} control @param {string} name @param {string} words */
function labelled(control, name, words) {
  control.name = name;
  control.className = "field";
  return create("label", {}, words, control);
}
