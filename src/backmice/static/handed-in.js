// What a sitting of an assignment hands in.

/**
 * @typedef {import("./attempt-log.js").LogEvent} LogEvent
 * @typedef {import("./exam-record.js").ExamRecord} ExamRecord
 */

/**
 * @param {string} assignment
 * @param {LogEvent} attempt
 * @param {ExamRecord} record
 * @param {LogEvent[]} events of this sitting
 */
export function handedIn(assignment, attempt, record, events) {
  const end = /** @type {LogEvent} */ (record.end);
  const given = record.items.map(({ id }) => {
    const last = record.responses.get(id);
    const facts = { item: id, response: last?.response ?? [], seconds: secondsOn(id, events) };
    return last?.certainty ? { ...facts, certainty: last.certainty } : facts;
  });
  return {
    format: "backmice-responses", version: 1, assignment, attempt: attempt.id, number: attempt.number,
    student: attempt.student, begun: attempt.at, ended: end.at, why: end.why,
    minutes: attempt.minutes ?? 0, added: attempt.minutes ? record.minutes - attempt.minutes : 0, given,
  }; // prettier-ignore
}

/**
 * How long an item was looked at before each last change, all visits together. A submission says how long it
 * came after its visit began.
 * @param {string} item @param {LogEvent[]} events in order
 * @returns {number | null} null if it was never answered
 */
export function secondsOn(item, events) {
  let total = 0;
  let visit = 0;
  let last = -Infinity;
  const own = events.filter((event) => event.type === "submission" && event.item === item);
  for (const { at, seconds } of own) {
    const now = Date.parse(at) / 1000;
    if (now - seconds > last + 1) {
      total += visit; // a new visit has begun
      visit = 0;
    }
    visit = Math.max(visit, seconds);
    last = now;
  }
  return own.length ? total + visit : null;
}

/** @param {string} assignment @param {string} student @param {number} number */
export const fileName = (assignment, student, number) =>
  `${assignment}-${student.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")}-${number}.json`;
