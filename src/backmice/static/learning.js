// What the log says of the learning: pure sums over its events, with the course index where there is one.
// Nothing here is stored: a mark is computed anew from what was answered and what the item was at that time.

import { score } from "./score.js";
import { wilson } from "./wilson.js";

/**
 * One response that was handed in. `points` is null where the log does not hold what the item was.
 * @typedef {object} Answer
 * @property {string} item
 * @property {number} revision
 * @property {string} objective
 * @property {string} at
 * @property {string} attempt
 * @property {"practice" | "exam" | "review"} mode
 * @property {string[]} response
 * @property {string | null} certainty
 * @property {number | null} points of 1
 * @property {boolean} isFirstTry whether it was given without having just seen the key
 */

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./wilson.js").Interval} Interval
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 * @typedef {{count: number, points: number, interval: Interval | null}} Sum of so many items
 * @typedef {Sum & {id: string, items: number | null}} Mastered items: how many there are, null if the index doesn't say
 */

/** After a key was shown, an answer tells of memory again only when this much time has gone by. */
export const REST_HOURS = 12;
/** With fewer items than this, a share says too little to be shown. */
export const ENOUGH = 5;
export const CERTAINTIES = ["low", "mid", "high"];

/**
 * Every response that was handed in, oldest first, with its points: in practice and review each submission, in an
 * exam that was ended the last of each item before the end.
 * @param {LogEvent[]} events
 * @returns {Answer[]}
 */
export function answers(events) {
  const log = new Log(events);
  /** @type {Map<string, Answer & {shown: number}>} */
  const found = new Map();
  for (const given of log.submissions) {
    const { mode } = log.attempts.get(given.attempt) ?? { mode: "practice" };
    const end = log.ends.get(given.attempt);
    if (mode === "exam" && !(end && given.at <= end.at)) continue;
    const key = mode === "exam" ? `${given.attempt} ${given.item}` : given.id;
    found.delete(key); // of an exam the last, in its place
    if (!given.response.length) continue;
    const shown = Date.parse(mode === "exam" ? end.at : given.at);
    found.set(key, { ...log.marked(given), mode, isFirstTry: false, shown });
  }
  /** @type {Map<string, number>} when the key of an item was last shown */
  const shown = new Map();
  return [...found.values()].map(({ shown: now, ...answer }) => {
    const before = shown.get(answer.item);
    const isFirstTry = before === undefined || Date.parse(answer.at) - before >= REST_HOURS * 3_600_000;
    if (now > (before ?? -Infinity)) shown.set(answer.item, now); // a time that can't be read is none
    return { ...answer, isFirstTry };
  });
}

/**
 * The first and the latest answer to each item.
 * @param {Answer[]} given oldest first
 * @returns {Map<string, {first: Answer, latest: Answer}>}
 */
export function byItem(given) {
  const found = new Map();
  for (const answer of given) found.set(answer.item, { first: found.get(answer.item)?.first ?? answer, latest: answer });
  return found;
}

/**
 * How much of each objective is known: the points of the latest first try of each of its items.
 * @param {Answer[]} given
 * @param {CourseIndex | null} index gives all objectives in its order; without it only those answered
 * @returns {Mastered[]}
 */
export function mastery(given, index) {
  /** @type {Map<string, {items: number | null, count: number, points: number}>} */
  const rows = new Map(Object.keys(index?.objectives ?? {}).map((id) => [id, { items: 0, count: 0, points: 0 }]));
  for (const { objective } of Object.values(index?.items ?? {})) {
    const row = rows.get(objective);
    if (row) row.items = (row.items ?? 0) + 1;
  }
  const known = given.filter((answer) => answer.isFirstTry && answer.points !== null);
  for (const { latest } of byItem(known).values()) {
    const id = own(index?.items, latest.item)?.objective ?? latest.objective;
    const row = rows.get(id) ?? { items: null, count: 0, points: 0 };
    rows.set(id, { ...row, count: row.count + 1, points: row.points + (latest.points ?? 0) });
  }
  return [...rows].map(([id, { items, ...row }]) => ({ id, items, ...total([row]) }));
}

/**
 * Points of many together, with their interval unless there are too few.
 * @param {{count: number, points: number}[]} rows
 * @returns {Sum}
 */
export function total(rows) {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const points = rows.reduce((sum, row) => sum + row.points, 0);
  return { count, points, interval: count < ENOUGH ? null : wilson(points, count) };
}

/**
 * Objectives under the lessons that teach them, in the order of the index; what no lesson teaches comes last.
 * @param {Mastered[]} rows
 * @param {CourseIndex | null} index
 * @returns {{title: string, page: string | null, rows: Mastered[]}[]}
 */
export function byLesson(rows, index) {
  const pageOf = (/** @type {Mastered} */ { id }) => own(index?.objectives, id)?.page ?? null;
  const groups = (index?.lessons ?? []).map(({ title, page }) => ({ title, page, rows: rows.filter((row) => pageOf(row) === page) }));
  const pages = groups.map(({ page }) => page);
  const others = { title: "", page: null, rows: rows.filter((row) => !pages.includes(pageOf(row) ?? "")) };
  return [...groups, others].filter((group) => group.rows.length);
}

/**
 * How often answers given with each certainty were right; first tries only.
 * @param {Answer[]} given
 * @returns {{certainty: string, count: number, right: number, interval: Interval | null}[]}
 */
export function calibration(given) {
  const known = given.filter((answer) => answer.isFirstTry && answer.points !== null);
  return CERTAINTIES.map((certainty) => {
    const such = known.filter((answer) => answer.certainty === certainty);
    const right = such.filter((answer) => answer.points === 1).length;
    return { certainty, count: such.length, right, interval: wilson(right, such.length) };
  });
}

/**
 * When each page was first read to its end.
 * @param {LogEvent[]} events
 * @returns {Map<string, string>} times by page name
 */
export function pagesRead(events) {
  const found = new Map();
  for (const { type, page, at } of inOrder(events)) {
    if (type === "read" && typeof page === "string" && !found.has(page)) found.set(page, at);
  }
  return found;
}

/**
 * How far each film was watched.
 * @param {LogEvent[]} events
 * @returns {Map<string, {furthest_s: number, duration_s: number, finished: string | null}>} by film; when it was first seen to its end
 */
export function filmsWatched(events) {
  const found = new Map();
  for (const { type, film, furthest_s, duration_s, finished, at } of inOrder(events)) {
    if (type !== "watched" || typeof film !== "string" || !Number.isFinite(furthest_s)) continue;
    const before = found.get(film);
    const furthest = Math.max(furthest_s, before?.furthest_s ?? 0);
    found.set(film, { furthest_s: furthest, duration_s, finished: before?.finished ?? (finished === true ? at : null) });
  }
  return found;
}

/**
 * What the tasks of each lab were worth, the best answer of each.
 * @param {LogEvent[]} events
 * @returns {Map<string, {points: number, of: number, at: string}>} by lab; when it was last worked in
 */
export function labs(events) {
  /** @type {Map<string, {tasks: Map<string, number>, of: number, at: string}>} */
  const found = new Map();
  for (const { type, lab, task, points, tasks, at } of inOrder(events)) {
    if (type !== "lab" || typeof lab !== "string" || typeof task !== "string" || !Number.isFinite(points)) continue;
    const before = found.get(lab)?.tasks ?? new Map();
    const best = new Map([...before, [task, Math.max(points, before.get(task) ?? 0)]]);
    found.set(lab, { tasks: best, of: Number.isFinite(tasks) ? Math.max(tasks, best.size) : best.size, at });
  }
  const sum = (/** @type {Map<string, number>} */ of) => [...of.values()].reduce((a, b) => a + b, 0);
  return new Map([...found].map(([lab, { tasks, of, at }]) => [lab, { points: sum(tasks), of, at }]));
}

/**
 * The exams sat, latest first. What was left unanswered counts nothing; points are null until handed in.
 * @param {LogEvent[]} events
 * @returns {{id: string, quiz: string, blueprint: unknown, at: string, end: string | null, why: string, points: number | null, of: number, interval: Interval | null, answered: number, unmarked: number}[]}
 */
export function exams(events) {
  const log = new Log(events);
  const sat = answers(events).filter(({ mode }) => mode === "exam");
  return [...log.attempts.values()]
    .filter(({ mode }) => mode === "exam")
    .map(({ id, quiz, blueprint, at, items }) => {
      const mine = sat.filter(({ attempt }) => attempt === id);
      const end = log.ends.get(id);
      const points = end ? mine.reduce((sum, answer) => sum + (answer.points ?? 0), 0) : null;
      const of = Array.isArray(items) ? items.length : mine.length;
      const unmarked = mine.filter((answer) => answer.points === null).length;
      const interval = points === null || unmarked || of < ENOUGH ? null : wilson(points, of);
      const [ended, why] = [end?.at ?? null, String(end?.why ?? "")];
      return { id, quiz, blueprint, at, end: ended, why, points, of, interval, answered: mine.length, unmarked };
    })
    .reverse();
}

/** @param {LogEvent[]} events */
const inOrder = (events) => [...events].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));

/** @param {any} of @param {string} name never what every object inherits */
const own = (of, name) => (of && Object.hasOwn(of, name) ? of[name] : undefined);

/** @param {any} value */
const isTexts = (value) => Array.isArray(value) && value.every((text) => typeof text === "string");

/** The events by what they are; the first of each id stands. */
class Log {
  /** @type {Map<string, any>} what items were, by `item@revision` */ facts = new Map();
  /** @type {Map<string, any>} */ attempts = new Map();
  /** @type {Map<string, any>} by attempt */ ends = new Map();
  /** @type {any[]} oldest first */ submissions = [];

  /** @param {LogEvent[]} events */
  constructor(events) {
    for (const event of inOrder(events)) {
      if (event.type === "seen") put(this.facts, `${event.item}@${event.revision}`, event);
      if (event.type === "attempt") put(this.attempts, event.id, { ...event, mode: event.mode ?? "practice" });
      if (event.type === "end") put(this.ends, event.attempt, event);
      if (event.type === "submission" && isTexts(event.response)) this.submissions.push(event);
    }
  }

  /** @param {any} submission @returns {Omit<Answer, "mode" | "isFirstTry">} */
  marked({ item, revision, at, attempt, response, certainty = null }) {
    const seen = this.facts.get(`${item}@${revision}`);
    const objective = String(seen?.objective ?? "");
    return { item, revision, objective, at, attempt, response, certainty, points: seen ? points(seen, response) : null };
  }
}

/** @param {Map<string, any>} map @param {string} key @param {any} value */
function put(map, key, value) {
  if (!map.has(key)) map.set(key, value);
}

/** @param {any} seen @param {string[]} response @returns {number | null} null if it could not have been given */
function points({ kind, key, options }, response) {
  try {
    return score(kind, key, options.map((/** @type {[string, string]} */ [id]) => id), response).points;
  } catch {
    return null;
  }
}
