// How each kind of item is read, written, marked and told. A new kind is a new row of KINDS here and in score.js.

import { create, icon, number, textOf } from "./dom.js";
import { ordering } from "./ordering.js";
import { arrangePicture } from "./picture.js";
import { decimal, isWithin } from "./score.js";

/**
 * @typedef {import("./score.js").Score} Score
 * @typedef {import("./score.js").ItemKey} ItemKey
 * @typedef {import("./item-view.js").Key} Key
 * @typedef {"right" | "partly" | "wrong"} State
 */

/**
 * @typedef {object} ResponseForm
 * @property {string} ask what the button says while nothing is given
 * @property {(form: HTMLFormElement, changed: () => void) => void} [arrange] make the form answer, once
 * @property {(form: HTMLFormElement) => string[]} options ids in the order shown
 * @property {(form: HTMLFormElement) => [string, string][]} texts of the options, in that order
 * @property {(form: HTMLFormElement, ids: string[]) => void} shuffle
 * @property {(form: HTMLFormElement) => string[]} read
 * @property {(form: HTMLFormElement) => string} wanting what is still missing or can't be read, as a sentence
 * @property {(form: HTMLFormElement, response: string[], locked: boolean) => void} write
 * @property {(form: HTMLFormElement, key: Key, score: Score, response: string[]) => void} mark
 * @property {(form: HTMLFormElement) => void} unmark
 * @property {(score: Score, key: ItemKey) => [State, string]} tell
 */

/** @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
const inputs = (form) => [...form.querySelectorAll("input")].filter((input) => input.name === "response");

/** @param {HTMLFormElement} form @param {string} list @returns {HTMLElement[]} */
const rows = (form, list) => [...form.querySelectorAll(`fieldset .${list} > li`)].map((li) => /** @type {HTMLElement} */ (li));

/** @param {HTMLFormElement} form @param {string} list @param {string[]} ids */
export function reorder(form, list, ids) {
  const found = rows(form, list);
  for (const id of ids) found[0].parentElement?.append(found.find((li) => li.dataset.option === id) ?? "");
}

/** @param {HTMLElement} li @param {string} state @param {string} name @param {string} word @param {string} [aside] */
export function verdict(li, state, name, word, aside) {
  li.classList.add(state);
  const unseen = aside ? [create("span", { className: "hidden" }, aside)] : [];
  const told = create("span", { className: "verdict" }, icon(name), word, ...unseen);
  (li.querySelector("label") ?? li).append(told);
}

/** @param {HTMLFormElement} form */
function unmark(form) {
  for (const li of form.querySelectorAll("li")) li.classList.remove("is-right", "is-wrong", "is-missed");
  for (const added of form.querySelectorAll(".why, .verdict, .told")) added.remove();
}

/** @param {string} words @param {Iterable<[string, Node | null | undefined]>} parts each a heading and its rationale */
function more(words, parts) {
  const list = create("ul", {});
  for (const [heading, why] of parts) list.append(create("li", {}, create("b", {}, heading), why?.cloneNode(true) ?? ""));
  return create("details", { className: "told" }, create("summary", {}, words), list);
}

/** @type {Omit<ResponseForm, "tell">} */
const choice = {
  ask: "Choose an answer first",
  options: (form) => inputs(form).map((input) => input.value),
  texts: (form) => rows(form, "options").map((li) => [li.dataset.option ?? "", textOf(li.querySelector(".words"))]),
  shuffle(form, ids) {
    reorder(form, "options", ids);
    for (const [i, id] of ids.entries()) {
      for (const mark of form.querySelectorAll(`.mark[data-region="${id}"]`)) mark.textContent = "ABCDEFGH"[i];
    }
  },
  read: (form) => inputs(form).flatMap((input) => (input.checked ? [input.value] : [])),
  wanting: () => "",
  write(form, response, locked) {
    for (const input of inputs(form)) {
      input.checked = response.includes(input.value);
      input.disabled = locked;
    }
  },
  mark(form, key, result) {
    for (const li of rows(form, "options")) {
      const id = li.dataset.option ?? "";
      const why = key.whys.get(id);
      if (why) li.append(why.cloneNode(true));
      if (result.right.includes(id)) verdict(li, "is-right", "i-check", "Right");
      if (result.wrong.includes(id)) verdict(li, "is-wrong", "i-cross", "Your answer", ", not right");
      if (result.missed.includes(id)) verdict(li, "is-missed", "i-check", /** @type {string[]} */ (key.value).length > 1 ? "Missed" : "Right");
    }
  },
  unmark,
};

/** @type {ResponseForm} */
const single = { ...choice, tell: (result) => (result.points ? ["right", "Right."] : ["wrong", "Not this one."]) };

/** @type {ResponseForm} */
const multiple = {
  ...choice,
  tell({ points, right, wrong, missed }) {
    const keys = right.length + missed.length;
    if (points === 1) return ["right", `Right: all ${keys} found.`];
    const counts = `${right.length || "none"} of ${keys} found, ${wrong.length || "none"} wrong. ${number(points)} of 1 point.`;
    return right.length ? ["partly", `Partly right: ${counts}`] : ["wrong", `Not these: ${counts}`];
  },
};

/** @param {HTMLFormElement} form @returns {[string, HTMLSelectElement, HTMLElement][]} case, its list and its row */
const cases = (form) =>
  rows(form, "pairs").map((li) => [li.dataset.case ?? "", /** @type {HTMLSelectElement} */ (li.querySelector("select")), li]);

/** @type {ResponseForm} */
const matching = {
  ...choice,
  ask: "Choose for each case first",
  options: (form) => rows(form, "choices").map((li) => li.dataset.option ?? ""),
  texts: (form) => rows(form, "choices").map((li) => [li.dataset.option ?? "", textOf(li)]),
  shuffle(form, ids) {
    reorder(form, "choices", ids);
    for (const [, select] of cases(form)) {
      const offered = [...select.options];
      select.append(...ids.map((id) => offered.find((option) => option.value === id) ?? ""));
    }
  },
  read: (form) => cases(form).flatMap(([id, { value }]) => (value ? [`${id}=${value}`] : [])),
  write(form, response, locked) {
    const given = new Map(response.map((pair) => /** @type {[string, string]} */ (pair.split("="))));
    for (const [id, select] of cases(form)) {
      select.value = given.get(id) ?? "";
      select.disabled = locked;
    }
  },
  mark(form, key, result) {
    const texts = new Map(this.texts(form));
    for (const [id, select, li] of cases(form)) {
      const credited = /** @type {string[]} */ (key.value).find((pair) => pair.startsWith(`${id}=`)) ?? "";
      if (result.right.includes(credited)) verdict(li, "is-right", "i-check", "Right");
      else if (select.value) verdict(li, "is-wrong", "i-cross", "Not right");
      else verdict(li, "is-missed", "i-half", "Not answered");
      if (!result.right.includes(credited)) {
        const text = texts.get(credited.slice(id.length + 1)) ?? "";
        li.append(create("p", { className: "told" }, create("b", {}, "Right: "), text));
      }
      const why = key.caseWhys.get(id);
      if (why) li.append(why.cloneNode(true));
    }
    const list = form.querySelector(".pairs");
    list?.after(more("What would point to each option", this.texts(form).map(([id, text]) => [text, key.whys.get(id)])));
  },
  tell({ points, right, missed }) {
    const all = right.length + missed.length;
    if (points === 1) return ["right", `Right: all ${all} matched.`];
    if (!right.length) return ["wrong", `Not these: none of ${all} matched. 0 of 1 point.`];
    return ["partly", `Partly right: ${right.length} of ${all} matched. ${number(points)} of 1 point.`];
  },
};

/** @param {HTMLFormElement} form @returns {HTMLSelectElement | null} */
const unitList = (form) => form.querySelector(".quantity select");
/** @param {HTMLFormElement} form */
const units = (form) =>
  unitList(form)
    ? [...(unitList(form)?.options ?? [])].flatMap((option) => option.value || [])
    : [/** @type {HTMLElement} */ (form.querySelector(".unit")).dataset.unit ?? ""];

/** @type {ResponseForm} */
const numeric = {
  ...choice,
  ask: "Give a number first",
  options: units,
  texts: (form) => units(form).map((unit) => [unit, unit]),
  shuffle() {}, // units have an order of their own
  read(form) {
    const typed = decimal(inputs(form)[0].value);
    const unit = unitList(form) ? unitList(form)?.value : units(form)[0];
    return typed !== null && unit ? [typed, unit] : [];
  },
  wanting(form) {
    const typed = inputs(form)[0].value.trim();
    if (!typed) return "";
    if (decimal(typed) === null) return `“${typed}” can’t be read as one number: write digits and at most one point, such as 1250 or 12.5.`;
    return unitList(form)?.value === "" ? "Choose a unit as well." : "";
  },
  write(form, response, locked) {
    const [input] = inputs(form);
    input.value = response[0] ?? "";
    input.readOnly = locked; // stays legible, and can be selected
    const list = unitList(form);
    if (!list) return;
    list.value = response[1] ?? "";
    list.disabled = locked;
  },
  mark(form, key, result, response) {
    const quantity = /** @type {import("./score.js").Quantity} */ (key.value);
    const box = /** @type {HTMLElement} */ (form.querySelector(".quantity"));
    box.classList.add(result.points ? "is-right" : "is-wrong");
    box.append(create("span", { className: "verdict" }, icon(result.points ? "i-check" : "i-cross"), result.points ? "Right" : "Not right"));
    const slip = key.slips.find(({ value, tolerance }) => response.length && isWithin({ ...quantity, value, tolerance }, response));
    const made = slip && !result.points ? create("div", { className: "told slip" }, create("b", {}, `${slip.text}. `), slip.why?.cloneNode(true) ?? "") : "";
    const others = key.slips.filter((other) => other !== slip || !made);
    const rest = others.map((other) => /** @type {[string, Node | null]} */ ([`${number(other.value)} ${quantity.unit}: ${other.text}`, other.why]));
    box.after(made, key.whole?.cloneNode(true) ?? "", more(made ? "Other slips" : "Slips to know", rest));
    if (!rest.length) form.querySelector("details.told")?.remove();
  },
  unmark(form) {
    form.querySelector(".quantity")?.classList.remove("is-right", "is-wrong");
    unmark(form);
  },
  tell({ points }, key) {
    const { value, tolerance, unit } = /** @type {import("./score.js").Quantity} */ (key);
    const credited = `${plain(value)} ${unit}`;
    const margin = tolerance ? `; up to ${plain(tolerance)} ${unit} more or less counts` : "";
    return points ? ["right", `Right: ${credited}${margin}.`] : ["wrong", `Not this one: it is ${credited}${margin}.`];
  },
};

/** @param {number} value without exponent or idle zeros */
const plain = (value) => value.toFixed(12).replace(/\.?0+$/, "");

/** @type {Record<string, ResponseForm>} */
export const KINDS = {
  single,
  multiple,
  matching,
  ordering: { ...choice, ...ordering(more) },
  numeric,
  hotspot: { ...single, arrange: arrangePicture },
  landmark: { ...single, arrange: arrangePicture },
};

export const ICONS = { right: "i-check", partly: "i-half", wrong: "i-cross" };

/** @param {string} kind @param {Score} score @param {ItemKey} key @returns {[State, string]} */
export const tellResult = (kind, score, key) => KINDS[kind].tell(score, key);
