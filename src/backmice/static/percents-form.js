// A form in which percents over conditions are stated until they add up to 100: typed, or by arrow keys (1), Page Up
// and Page Down (10); one press gives the rest to a condition, another keeps the proportions and makes it 100.

import { capital, create } from "./dom.js";
import { missing, scaled } from "./reasoning.js";

/** @typedef {Record<string, number>} Percents by condition */

const STEPS = /** @type {Record<string, number>} */ ({ PageUp: 10, PageDown: -10 });
const REST_MS = 700; // told once typing rests
let count = 0; // of forms made, for ids

export class PercentsForm {
  element = create("form", { className: "percents", noValidate: true, autocomplete: "off", method: "dialog" });
  /** @type {Map<string, HTMLInputElement>} by condition */ #fields = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #sum = create("p", { className: "sum" });
  #spoken = create("p", { className: "hidden" });
  #wrong = create("p", { className: "wanting", hidden: true });
  #change;

  /**
   * @param {{id: string, name: string}[]} conditions
   * @param {{legend: string, go: string, offers: [string, Percents][], submit: (percents: Percents) => void, change: (percents: Percents) => void}} how
   *   offers: buttons that fill in percents
   */
  constructor(conditions, { legend, go, offers, submit, change }) {
    this.#change = change;
    const name = `percents-${(count += 1)}`;
    this.#sum.id = `${name}-sum`;
    this.#spoken.setAttribute("role", "status");
    this.#wrong.setAttribute("role", "alert");
    const rows = conditions.map((condition) => this.#row(condition, `${name}-${condition.id}`));
    const hundred = button("Make it 100", () => this.#scale());
    const fill = offers.map(([words, percents]) => button(words, () => this.#fill(percents)));
    const helps = create("div", { className: "row" }, ...fill, hundred);
    const fields = create("fieldset", {}, create("legend", {}, legend), create("ul", {}, ...rows), this.#sum, this.#spoken, helps);
    const state = create("button", { type: "submit", className: "button is-main" }, go);
    this.element.append(fields, this.#wrong, create("p", { className: "row" }, state));
    this.element.addEventListener("input", () => this.#changed());
    this.element.addEventListener("keydown", (event) => this.#step(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isRight()) submit(this.percents);
    });
    this.#tell();
  }

  /** @returns {Percents} what stands in the form; nothing typed is 0 */
  get percents() {
    return Object.fromEntries([...this.#fields].map(([id, field]) => [id, Number(field.value) || 0]));
  }

  set percents(percents) {
    for (const [id, field] of this.#fields) field.value = id in percents ? String(percents[id]) : "";
    this.#tell();
  }

  focus() {
    this.#fields.values().next().value?.focus();
  }

  /** Nothing can be changed while what was stated is being kept. */
  lock() {
    for (const control of this.element.querySelectorAll("input, button")) control.setAttribute("disabled", "");
  }

  /** @param {{id: string, name: string}} condition @param {string} id of the field */
  #row(condition, id) {
    const field = create("input", { className: "field", id, type: "number", min: "0", max: "100", step: "any", inputMode: "decimal" });
    const words = create("label", { htmlFor: id, id: `${id}-of` }, capital(condition.name));
    const unit = create("span", { id: `${id}-in` }, "%");
    field.setAttribute("aria-labelledby", `${words.id} ${unit.id}`);
    field.setAttribute("aria-describedby", this.#sum.id);
    this.#fields.set(condition.id, field);
    const rest = button("Rest", () => this.#giveRest(condition.id));
    rest.setAttribute("aria-label", `Rest to ${condition.name}`);
    return create("li", {}, words, create("span", { className: "of-100" }, field, unit), rest);
  }

  #values() {
    return Object.values(this.percents);
  }

  #changed() {
    if (!this.#wrong.hidden) this.#complain("");
    this.#tell();
    this.#change(this.percents);
  }

  #tell() {
    const words = sumInWords(this.#values());
    this.#sum.textContent = words;
    clearTimeout(this.#timer);
    // Not what stands when the form is drawn: it is read with the field.
    if (this.element.isConnected) this.#timer = setTimeout(() => (this.#spoken.textContent = words), REST_MS);
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !(event.key in STEPS)) return;
    event.preventDefault();
    field.value = String(Math.min(100, Math.max(0, (Number(field.value) || 0) + STEPS[event.key])));
    this.#changed();
  }

  /** @param {string} id of the condition that takes what the others leave of 100 */
  #giveRest(id) {
    const field = /** @type {HTMLInputElement} */ (this.#fields.get(id));
    const others = this.#values().reduce((sum, percent) => sum + percent, 0) - (Number(field.value) || 0);
    field.value = String(Math.max(0, Number((100 - others).toFixed(3))));
    this.#changed();
  }

  #scale() {
    const whole = scaled(this.#values().map((percent) => Math.max(0, percent)));
    this.#fill(Object.fromEntries([...this.#fields.keys()].map((id, i) => [id, whole[i]])));
  }

  /** @param {Percents} percents */
  #fill(percents) {
    this.percents = percents;
    this.#changed();
  }

  #isRight() {
    const outside = [...this.#fields.values()].filter((field) => field.validity.badInput || field.value.trim().startsWith("-") || Number(field.value) > 100);
    if (outside.length) return this.#complain("Give each a number from 0 to 100.", outside);
    const left = missing(this.#values());
    if (left) return this.#complain(`They have to add up to 100. ${sumInWords(this.#values())} Rest and Make it 100 help.`, [...this.#fields.values()]);
    return true;
  }

  /** @param {string} words @param {HTMLInputElement[]} [fields] that are wrong @returns {false} */
  #complain(words, fields = []) {
    this.#wrong.textContent = words;
    this.#wrong.hidden = !words;
    for (const field of this.#fields.values()) field.toggleAttribute("aria-invalid", false);
    for (const field of fields) field.setAttribute("aria-invalid", "true");
    fields[0]?.focus();
    return false;
  }
}

/** @param {number[]} percents */
function sumInWords(percents) {
  const left = missing(percents);
  if (!left) return "Adds up to 100.";
  const sum = percents.reduce((total, percent) => total + percent, 0);
  const more = Number(Math.abs(left).toFixed(1));
  return `Adds up to ${Number(sum.toFixed(1))}: ${more} ${left > 0 ? "still to give" : "too many"}.`;
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const element = create("button", { type: "button", className: "button" }, text);
  element.addEventListener("click", act);
  return element;
}
