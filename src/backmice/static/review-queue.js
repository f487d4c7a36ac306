// Which items come back, and when. An item that was wrong comes back the next day, one that was guessed soon
// after, one that was known later each time.

import { AGAIN, EASY, GOOD, HARD, schedule } from "./fsrs.js";
import { answers } from "./learning.js";

/**
 * @typedef {import("./learning.js").Answer} Answer
 * @typedef {{item: string, due: number, why: "wrong" | "guessed" | "known"}} Waiting `due` in milliseconds since 1970
 */

/**
 * @param {Pick<Answer, "points" | "certainty">} answer
 * @returns {import("./fsrs.js").Rating}
 */
export function ratingOf({ points, certainty }) {
  if (points !== 1) return (points ?? 0) >= 0.5 ? HARD : AGAIN;
  return certainty === "low" ? HARD : certainty === "high" ? EASY : GOOD;
}

/**
 * Every item that was answered, the one due first in front. Answers given with the key still in mind tell
 * nothing of memory and are left out.
 * @param {import("./attempt-log.js").LogEvent[]} events
 * @param {(item: string) => boolean} isThere whether the bank still has the item
 * @returns {Waiting[]}
 */
export function reviewQueue(events, isThere) {
  /** @type {Map<string, Answer[]>} */
  const histories = new Map();
  for (const answer of answers(events)) {
    if (!answer.isFirstTry || answer.points === null || !isThere(answer.item)) continue;
    histories.set(answer.item, [...(histories.get(answer.item) ?? []), answer]);
  }
  const waiting = [...histories].map(([item, history]) => {
    const card = schedule(history.map((answer) => ({ at: Date.parse(answer.at), rating: ratingOf(answer) })));
    const last = /** @type {Answer} */ (history.at(-1));
    const why = last.points !== 1 ? "wrong" : last.certainty === "low" ? "guessed" : "known";
    return /** @type {Waiting} */ ({ item, due: card?.due ?? 0, why });
  });
  return waiting.sort((a, b) => a.due - b.due || (a.item < b.item ? -1 : 1));
}

/** @param {Waiting[]} queue @param {number} now */
export const dueNow = (queue, now) => queue.filter(({ due }) => due <= now);

/** What can be gone over at once though it is not due: wrong or guessed. @param {Waiting[]} queue @param {number} now */
export const shaky = (queue, now) => queue.filter(({ due, why }) => due > now && why !== "known");
