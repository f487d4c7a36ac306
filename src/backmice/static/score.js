// What a response is worth. The same rules stand in items/score.py; tests/vectors/score.json holds both to them.

/**
 * Points, and the option ids they come from, each in the order of the options.
 * @typedef {{points: number, of: number, right: string[], wrong: string[], missed: string[]}} Score
 */

/** @type {Record<string, (right: number, wrong: number, keys: number) => number>} */
const SCORERS = {
  single: (right) => right,
  multiple: (right, wrong, keys) => Math.round((Math.max(0, right - wrong) / keys) * 1e9) / 1e9,
};

/**
 * Score one response; an empty one is unanswered and gets 0.
 * @param {string} kind
 * @param {string[]} key
 * @param {string[]} options the ids of all options of the item
 * @param {string[]} response
 * @returns {Score}
 * @throws {RangeError} if the kind is unknown or the response could not have been given
 */
export function score(kind, key, options, response) {
  if (!Object.hasOwn(SCORERS, kind)) throw new RangeError(`kind '${kind}' has no scoring rule`);
  const stranger = response.find((id) => !options.includes(id));
  if (stranger !== undefined) throw new RangeError(`response '${stranger}' is not an option`);
  if (new Set(response).size < response.length) throw new RangeError("response names an option twice");
  if (kind === "single" && response.length > 1) throw new RangeError("response chooses several options");
  const right = options.filter((id) => key.includes(id) && response.includes(id));
  const wrong = options.filter((id) => !key.includes(id) && response.includes(id));
  const missed = options.filter((id) => key.includes(id) && !response.includes(id));
  return { points: SCORERS[kind](right.length, wrong.length, key.length), of: 1, right, wrong, missed };
}
