// What an answer is worth by how sure the learner was, and whether the learner wants to be asked.
// The same table stands in items/certainty.py.

/** @typedef {"low" | "mid" | "high"} Certainty */

/** By certainty: the mark for a right answer and for a wrong one. @type {Record<Certainty, [number, number]>} */
const MARKS = { low: [1, 0], mid: [2, -2], high: [3, -6] };
const WISH = "certainty"; // in localStorage: "yes" once asked for

/**
 * The mark of an answer that was given; without a certainty it counts as low, and part of a point is not right.
 * @param {Certainty | null | undefined} certainty
 * @param {boolean} isRight
 * @returns {number}
 * @throws {RangeError} if there is no such certainty
 */
export function certaintyMark(certainty, isRight) {
  const level = certainty || "low";
  if (!Object.hasOwn(MARKS, level)) throw new RangeError(`certainty '${level}' is unknown`);
  return MARKS[level][isRight ? 0 : 1];
}

/** @returns {boolean} whether the learner asked to be asked */
export function wantsCertainty() {
  try {
    return localStorage.getItem(WISH) === "yes";
  } catch {
    return false; // storage refused: asked for on this page only
  }
}

/** @param {boolean} wanted */
export function setWantsCertainty(wanted) {
  try {
    wanted ? localStorage.setItem(WISH, "yes") : localStorage.removeItem(WISH);
  } catch {
    // it holds for this page
  }
}
