// What the log holds of an exam. Points are computed anew from what each item was when it was drawn.

import { scoreSeen } from "./changes.js";

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
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
