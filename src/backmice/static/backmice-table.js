// <backmice-table>: a table whose rows are sorted by a press on a column's head and filtered by its form.
// Without it the table stands in the order in which it was written.

import { create, textOf } from "./dom.js";
import { RowFilter } from "./row-filter.js";

const ORDER = new Intl.Collator("en", { sensitivity: "base", ignorePunctuation: true });
const DIRECTIONS = /** @type {const} */ (["ascending", "descending"]);

class BackmiceTable extends HTMLElement {
  connectedCallback() {
    if (this.filter) return;
    this.heads = [...this.querySelectorAll("thead th")];
    this.body = this.querySelector("tbody");
    this.told = create("p", { className: "hidden" });
    this.told.setAttribute("role", "status");
    for (const [column, head] of this.heads.entries()) if (head.dataset.sort) this.addButton(head, column);
    this.filter = new RowFilter(this.querySelector(".filter"), () => this.rows());
    this.filter.form.after(this.told);
  }

  /** @param {HTMLElement} head @param {number} column */
  addButton(head, column) {
    const button = create("button", { type: "button", className: "sorter" }, textOf(head));
    button.addEventListener("click", () => this.sort(column));
    head.replaceChildren(button);
  }

  /** Sort by a column, the other way round when it is sorted by it already; what has no key stays last. */
  sort(column) {
    const head = this.heads[column];
    const direction = DIRECTIONS[Number(head.getAttribute("aria-sort") === "ascending")];
    const sign = direction === "ascending" ? 1 : -1;
    const compare = head.dataset.sort === "number" ? (a, b) => a - b : ORDER.compare;
    const keyed = [...this.body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
    keyed.sort((a, b) => (a.key && b.key ? sign * compare(a.key, b.key) : Number(!a.key) - Number(!b.key)));
    this.body.append(...keyed.map(({ row }) => row));
    for (const other of this.heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    this.told.textContent = `Sorted by ${textOf(head)}, ${direction}.`;
  }

  rows() {
    const named = this.filtered();
    return [...this.body.rows].map((element) => ({
      element,
      text: textOf(element).toLowerCase(),
      values: Object.fromEntries(named.map(([name, column]) => [name, partsOf(element.cells[column])])),
    }));
  }

  /** @returns {[string, number][]} the name of each list, as in the address, and its column */
  filtered() {
    return [...this.heads.entries()].flatMap(([column, head]) => ("filter" in head.dataset ? [[textOf(head).toLowerCase(), column]] : []));
  }
}

/** @param {HTMLElement} cell */
const keyOf = (cell) => cell.dataset.key ?? textOf(cell);

/** @param {HTMLElement} cell a cell may hold several values, as `French; English` */
const partsOf = (cell) => textOf(cell).split("; ");

customElements.define("backmice-table", BackmiceTable);
