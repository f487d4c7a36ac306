// What the log holds of an exam, and the report at its end. Points are computed anew from what each item
// was when it was drawn.

import { certaintyMark } from "./certainty.js";
import { scoreSeen } from "./changes.js";
import { create, number } from "./dom.js";
import { wilson } from "./learning.js";
import { dataTable } from "./progress-view.js";

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 * @typedef {object} ExamRecord
 * @property {string} id
 * @property {string} at
 * @property {number} seed
 * @property {{id: string, revision: number, options: string[]}[]} items in the order shown
 * @property {number} minutes the limit with what was added, 0 for none
 * @property {boolean} isMarked whether certainty was asked for
 * @property {Map<string, LogEvent>} responses the submission that counts, by item
 * @property {Map<string, LogEvent>} seen what each item was, by id
 * @property {Set<string>} flags items to come back to
 * @property {LogEvent | null} end
 */

/**
 * @param {LogEvent} attempt
 * @param {LogEvent[]} events in the order of their times
 * @returns {ExamRecord}
 */
export function recordOf(attempt, events) {
  const own = events.filter((event) => event.attempt === attempt.id);
  const end = own.find(({ type }) => type === "end") ?? null;
  const given = own.filter(({ type, at }) => type === "submission" && (!end || at <= end.at));
  const added = own.filter(({ type }) => type === "extension").reduce((sum, { minutes }) => sum + minutes, 0);
  const wanted = new Map(attempt.items.map(({ id, revision }) => [`seen:${id}@${revision}`, id]));
  const flags = new Set();
  for (const { item, on } of own.filter(({ type }) => type === "flag")) on ? flags.add(item) : flags.delete(item);
  return {
    id: attempt.id,
    at: attempt.at,
    seed: attempt.seed,
    items: attempt.items,
    minutes: attempt.minutes ? attempt.minutes + added : 0,
    isMarked: attempt.marking === "certainty",
    responses: new Map(given.map((submission) => [submission.item, submission])),
    seen: new Map(events.flatMap((event) => (wanted.has(event.id) ? [[wanted.get(event.id), event]] : []))),
    flags,
    end,
  };
}

/**
 * @param {ExamRecord} record
 * @param {string} item
 * @returns {number} points of 1; what was left open has none
 */
export function pointsOf(record, item) {
  const given = record.responses.get(item);
  const seen = record.seen.get(item);
  return (given && seen && scoreSeen(seen, given)?.points) || 0;
}

/** @param {ExamRecord} record @returns {number} */
export const totalOf = (record) => record.items.reduce((sum, { id }) => sum + pointsOf(record, id), 0);

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
  const total = create("p", {}, create("span", { className: "figure-number" }, number(points)), ` of ${of} ${of === 1 ? "point" : "points"}`);
  const left = of - record.responses.size;
  const why = record.end?.why === "time" ? "The time ran out. " : "";
  const open = left ? `${why}${left} left open.` : `${why}All answered.`;
  const left_ = create("div", {}, total, create("p", {}, range), create("p", {}, open));
  if (record.isMarked) left_.append(certainty(record));
  left_.append(create("p", { className: "caption" }, `Seed ${record.seed}. The draw is kept, so this sitting can be shown again.`));
  const section = create("section", { className: "report" }, create("h2", {}, "Your report"));
  section.append(create("div", { className: "split" }, left_, byArea(record, index)), byObjective(record, index));
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
    const seen = record.seen.get(id);
    const response = record.responses.get(id)?.response ?? [];
    const key = Array.isArray(seen?.key) ? seen.key : [];
    const rows = (seen?.options ?? []).map(([option, text]) => {
      const marks = [response.includes(option) && "your answer", key.includes(option) && "credited"].filter(Boolean);
      return create("li", {}, text, ...(marks.length ? [" ", create("strong", {}, `(${marks.join(", ")})`)] : []));
    });
    const given = rows.length ? "" : ` Your answer: ${response.join(" ") || "none"}.`;
    const told = `${seen?.stem ?? "Its record is missing."}${given} ${number(pointsOf(record, id))} of 1 point.`;
    return create("li", {}, create("p", {}, told), create("ul", {}, ...rows));
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

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)}\u00a0%`;
