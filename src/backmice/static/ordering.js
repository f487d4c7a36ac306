// Steps put into order: buttons that move a row up and down, and dragging by pointer as an extra.
// Until the learner has moved a row or kept the order as it stands, nothing is given.

import { create, icon, number, textOf } from "./dom.js";
import { neighbours } from "./score.js";

/** @typedef {import("./response-forms.js").ResponseForm} ResponseForm */

/** @param {HTMLFormElement} form @returns {HTMLElement} */
const list = (form) => /** @type {HTMLElement} */ (form.querySelector("fieldset .steps"));
/** @param {HTMLFormElement} form @returns {HTMLElement[]} */
const steps = (form) => [...list(form).children].map((li) => /** @type {HTMLElement} */ (li));
/** @param {HTMLElement} li */
const idOf = (li) => li.dataset.option ?? "";
/** @param {HTMLElement} li */
const words = (li) => textOf(li.querySelector(".words"));

/** The order first shown, for "Try again". @type {WeakMap<HTMLFormElement, string[]>} */
const first = new WeakMap();

/** @param {HTMLFormElement} form @param {string[]} ids */
function put(form, ids) {
  const found = steps(form);
  list(form).append(...ids.map((id) => found.find((li) => idOf(li) === id) ?? ""));
  settle(form);
}

/** Say which buttons have nowhere to go; they stay in reach, so that focus is kept. @param {HTMLFormElement} form */
function settle(form) {
  const all = steps(form);
  for (const [i, li] of all.entries()) {
    const [up, down] = li.querySelectorAll("button");
    up.setAttribute("aria-disabled", String(i === 0));
    down.setAttribute("aria-disabled", String(i === all.length - 1));
  }
}

/**
 * Replace the numbered lists, which serve without scripts, by buttons.
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 */
function arrange(form, changed) {
  const ordered = create("ol", { className: "steps" });
  const told = create("p", { className: "moves hidden" });
  const keep = create("button", { type: "button", className: "button keep" }, "Keep this order");
  told.setAttribute("role", "status");
  ordered.setAttribute("aria-label", "Your order");
  for (const li of steps(form)) {
    const text = textOf(li.querySelector("label"));
    const grip = create("span", { className: "grip" });
    grip.setAttribute("aria-hidden", "true");
    li.replaceChildren(grip, create("span", { className: "words" }, text), button("Up", -1, text), button("Down", 1, text));
    drag(grip, li);
    ordered.append(li);
  }
  list(form).replaceWith(ordered);
  ordered.after(told, keep);
  keep.addEventListener("click", () => give("This order is your answer."));
  first.set(form, steps(form).map(idOf));
  settle(form);

  /** @param {string} news */
  function give(news) {
    const had = document.activeElement === keep;
    list(form).dataset.given = "";
    keep.hidden = true;
    if (had) list(form).querySelector("button")?.focus();
    settle(form);
    told.textContent = news;
    changed();
  }

  /** @param {string} word @param {number} by @param {string} text */
  function button(word, by, text) {
    const made = create("button", { type: "button", className: "button move", ariaLabel: `${word}: ${text}` }, word);
    made.addEventListener("click", () => {
      const li = /** @type {HTMLElement} */ (made.closest("li"));
      const other = by < 0 ? li.previousElementSibling : li.nextElementSibling;
      if (other) by < 0 ? other.before(li) : other.after(li);
      made.focus(); // moving a row takes its focus away
      if (other) give(place(li));
    });
    return made;
  }

  /** @param {HTMLElement} li */
  const place = (li) => `${words(li)}: place ${steps(form).indexOf(li) + 1} of ${steps(form).length}.`;

  /** @param {HTMLElement} grip @param {HTMLElement} li */
  function drag(grip, li) {
    grip.addEventListener("pointerdown", (event) => {
      if (event.button || "locked" in list(form).dataset) return;
      event.preventDefault();
      const stage = list(form);
      stage.setPointerCapture(event.pointerId); // the row itself would lose it when it moves
      li.classList.add("is-dragged");
      const before = steps(form).indexOf(li);
      const ends = new AbortController();
      const { signal } = ends;
      const follow = (/** @type {PointerEvent} */ { clientY }) => {
        for (const other of steps(form)) {
          const { top, bottom } = other.getBoundingClientRect();
          const middle = (top + bottom) / 2;
          const isAbove = other.compareDocumentPosition(li) & Node.DOCUMENT_POSITION_FOLLOWING;
          if (isAbove && clientY < middle) return other.before(li);
          if (!isAbove && other !== li && clientY > middle && clientY < bottom) return other.after(li);
        }
        if (clientY > stage.getBoundingClientRect().bottom) stage.append(li);
      };
      const end = () => {
        ends.abort();
        li.classList.remove("is-dragged");
        if (steps(form).indexOf(li) !== before) give(place(li));
      };
      stage.addEventListener("pointermove", follow, { signal });
      for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) stage.addEventListener(type, end, { signal });
    });
  }
}

/**
 * @param {(words: string, parts: [string, Node | null | undefined][]) => HTMLElement} more
 * @returns {Partial<ResponseForm> & Pick<ResponseForm, "tell">}
 */
export const ordering = (more) => ({
  ask: "Put the steps in order first",
  arrange,
  options: (form) => [...(first.get(form) ?? [])],
  texts: (form) => (first.get(form) ?? []).map((id) => [id, words(/** @type {HTMLElement} */ (steps(form).find((li) => idOf(li) === id)))]),
  shuffle(form, ids) {
    first.set(form, [...ids]);
    put(form, ids);
  },
  read: (form) => ("given" in list(form).dataset ? steps(form).map(idOf) : []),
  write(form, response, locked) {
    put(form, response.length ? response : (first.get(form) ?? []));
    const { dataset } = list(form);
    response.length ? (dataset.given = "") : delete dataset.given;
    locked ? (dataset.locked = "") : delete dataset.locked;
    for (const one of form.querySelectorAll(".steps button, .keep")) /** @type {HTMLButtonElement} */ (one).disabled = locked;
    /** @type {HTMLElement} */ (form.querySelector(".keep")).hidden = locked || response.length > 0;
    /** @type {HTMLElement} */ (form.querySelector(".moves")).textContent = "";
  },
  mark(form, key, result) {
    const given = steps(form);
    for (const [i, pair] of neighbours(given.map(idOf)).entries()) {
      const isRight = result.right.includes(pair);
      given[i].classList.add(isRight ? "is-right" : "is-wrong");
      const [mark, told] = isRight ? ["i-check", "Right step next"] : ["i-cross", "Not this one next"];
      given[i].append(create("span", { className: "verdict" }, icon(mark), told));
    }
    const order = create("ol", { className: "in-order" });
    for (const id of /** @type {string[]} */ (key.value)) {
      const li = given.find((step) => idOf(step) === id);
      order.append(create("li", {}, create("b", {}, li ? words(li) : id), key.whys.get(id)?.cloneNode(true) ?? ""));
    }
    list(form).after(create("div", { className: "told" }, create("p", { className: "label" }, "The right order"), order));
  },
  tell({ points, right, missed }) {
    const all = right.length + missed.length;
    if (points === 1) return ["right", "Right: every step in its place."];
    const counts = `${right.length || "none"} of ${all} steps followed by the right next one. ${number(points)} of 1 point.`;
    return right.length ? ["partly", `Partly right: ${counts}`] : ["wrong", `Not this order: ${counts}`];
  },
});
