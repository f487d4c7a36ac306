// The report at the end of an exam; fetched with the items, before the first is shown.

import { certaintyMark } from "./certainty.js";
import { inWords } from "./changes.js";
import { dataTable } from "./data-table.js";
import { counted, create, number, percent } from "./dom.js";
import { pointsOf, totalOf } from "./exam-record.js";
import { wilson } from "./wilson.js";

/**
 * @typedef {import("./exam-record.js").ExamRecord} ExamRecord
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 */

/**
 * @param {ExamRecord} record
 * @param {CourseIndex} index
 * @returns {HTMLElement}
 */
export function report(record, index) {
  const of = record.items.length;
  const points = totalOf(record);
  const { low, high } = wilson(points, of) ?? { low: 0, high: 1 };
  const range = `${percent(points / of)}. With ${of} items the true share could well lie between ${percent(low)} and ${percent(high)}, so read the rows as hints.`;
  const total = create("p", {}, create("span", { className: "figure-number" }, number(points)), ` of ${counted(of, "point")}`);
  const left = of - record.responses.size;
  const why = record.end?.why === "time" ? "The time ran out. " : "";
  const open = left ? `${why}${left} left open.` : `${why}All answered.`;
  const sums = create("div", {}, total, create("p", {}, range), create("p", {}, open));
  if (record.isMarked) sums.append(certainty(record));
  sums.append(create("p", { className: "caption" }, `Seed ${record.seed}. The draw is kept, so this sitting can be shown again.`));
  const section = create("section", { className: "report" }, create("h2", {}, "Your report"));
  section.append(create("div", { className: "split" }, sums, byArea(record, index)), byObjective(record, index));
  return section;
}

/**
 * Items that the bank has reworded or dropped since, as they were when they were drawn.
 * @param {ExamRecord} record
 * @param {string[]} ids
 * @returns {HTMLElement}
 */
export function asTheyWere(record, ids) {
  const items = ids.map((id) => {
    const seen = /** @type {any} */ (record.seen.get(id));
    if (!seen) return create("li", {}, "Its record is missing.");
    const given = inWords(seen, record.responses.get(id)?.response ?? []) || "none";
    const told = `Your answer: ${given}. Credited: ${inWords(seen, seen.key)}. ${number(pointsOf(record, id))} of 1 point.`;
    const options = seen.options.map(([, text]) => create("li", {}, text));
    return create("li", {}, create("p", {}, seen.stem), create("ul", {}, ...options), create("p", {}, told));
  });
  const words = "The bank has moved on since. These items are shown as they were when you answered.";
  const section = create("section", { className: "as-they-were" }, create("h3", {}, "Reworded or withdrawn"));
  section.append(create("p", {}, words), create("ol", {}, ...items));
  return section;
}

/** @param {ExamRecord} record */
function certainty(record) {
  const marks = record.items.map(({ id }) => certaintyMark(record.responses.get(id)?.certainty, pointsOf(record, id) === 1));
  const sum = marks.reduce((total, mark) => total + mark, 0);
  return create("p", {}, `Marked by how sure you were: ${number(sum)} of ${3 * record.items.length}.`);
}

/** @param {ExamRecord} record @param {CourseIndex} index */
function byArea(record, index) {
  const rows = index.areas.flatMap(({ title, topics }) => {
    const items = record.items.filter(({ id }) => topics.includes(record.seen.get(id)?.topic));
    return items.length ? [[title, ...shares(record, items)]] : [];
  });
  return table("Points by area", ["Area", "Points"], rows);
}

/** @param {ExamRecord} record @param {CourseIndex} index */
function byObjective(record, index) {
  /** @type {Map<string, typeof record.items>} */
  const groups = new Map();
  for (const item of record.items) {
    const id = record.seen.get(item.id)?.objective ?? "";
    groups.set(id, [...(groups.get(id) ?? []), item]);
  }
  const rows = [...groups].map(([id, items]) => {
    const objective = Object.hasOwn(index.objectives, id) ? index.objectives[id] : null;
    const lost = items.length - items.reduce((sum, item) => sum + pointsOf(record, item.id), 0);
    const next = !objective ? "" : lost ? link(objective, index) : "keep";
    return { lost, row: [objective?.words ?? id, ...shares(record, items), next] };
  });
  rows.sort((a, b) => b.lost - a.lost);
  return table("Points by objective", ["You can", "Points", "Read next"], rows.map(({ row }) => row));
}

/** @param {import("./course-index.js").IndexedObjective} objective @param {CourseIndex} index */
function link(objective, index) {
  const href = new URL(`${objective.page}#${objective.anchor}`, index.root).href;
  return create("a", { href }, objective.lesson);
}

/** @param {ExamRecord} record @param {{id: string}[]} items @returns {[Node]} the share as words and as a bar */
function shares(record, items) {
  const points = items.reduce((sum, { id }) => sum + pointsOf(record, id), 0);
  const cell = document.createDocumentFragment();
  const meter = create("span", { className: "meter" });
  meter.style.setProperty("--v", percent(points / items.length).replace(/\s/g, ""));
  cell.append(`${number(points)} of ${items.length}`, meter);
  return [cell];
}

/** @param {string} caption @param {string[]} heads @param {(string | Node)[][]} rows */
function table(caption, heads, rows) {
  const region = dataTable(caption, heads, rows);
  region.tabIndex = 0;
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", caption);
  return region;
}
