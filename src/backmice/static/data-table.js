// Tables that scripts make.

import { create } from "./dom.js";

/**
 * A table that becomes a list of cards where there is no room; the first cell of each row is its heading.
 * @param {string} title @param {string[]} heads @param {(string | Node)[][]} rows
 */
export function dataTable(title, heads, rows) {
  const cell = (/** @type {"th" | "td"} */ tag, /** @type {string} */ role, /** @type {string | Node} */ content) => {
    const element = create(tag, {}, content);
    element.setAttribute("role", role); // stacked, a table is no table to some readers without its roles
    return element;
  };
  const tr = (/** @type {Node[]} */ ...cells) => withRole(create("tr", {}, ...cells), "row");
  const head = create("thead", {}, tr(...heads.map((text) => cell("th", "columnheader", text))));
  const body = rows.map(([first, ...rest]) => tr(cell("th", "rowheader", first), ...rest.map((text) => cell("td", "cell", text))));
  for (const line of heads.length > 2 ? body : []) line.lastElementChild?.classList.add("wide"); // stacked, on a line of its own
  const table = create("table", {}, create("caption", {}, title), withRole(head, "rowgroup"), withRole(create("tbody", {}, ...body), "rowgroup"));
  return create("div", { className: "tabular is-stacked" }, withRole(table, "table"));
}

/** @template {Element} T @param {T} element @param {string} role @returns {T} */
function withRole(element, role) {
  element.setAttribute("role", role);
  return element;
}
