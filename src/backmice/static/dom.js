// Making and finding elements. Text given to these stays text.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} properties
 * @param {...(Node | string)} children text stays text
 * @returns {HTMLElementTagNameMap[T]}
 */
export function create(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * A control under its words. The name is said once more, since a list's own options would be read as part of it.
 * @param {string} words @param {HTMLElement} control
 */
export function labelled(words, control) {
  control.setAttribute("aria-label", words);
  return create("label", {}, create("span", { className: "label" }, words), control);
}

/** @param {string} name a symbol of the page's sprite */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** @param {Element | null | undefined} element */
export function focusOn(element) {
  if (!(element instanceof HTMLElement)) return;
  if (element.tabIndex < 0) element.tabIndex = -1; // a button stays a stop of the Tab key
  element.focus();
}

/** @param {number} points to two decimals, without idle zeros */
export const number = (points) => String(Math.round(points * 100) / 100);

/** @param {string} at a time of the log */
export function day(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "an earlier day";
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** @param {Element | null | undefined} element its text on one line, as its author typed it: no space of another kind */
export const textOf = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** @param {number} share to whole per cent */
export const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** @param {string} words as they begin a line */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
