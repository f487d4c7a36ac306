// What a response is worth. The same rules stand in items/score.py; tests/vectors holds both to them.

/**
 * Points, and what they come from: option ids in the order of the options; for matching `case=option` in the
 * order of the key; for ordering `step>next step`; for numeric the one word `value`.
 * @typedef {{points: number, of: number, right: string[], wrong: string[], missed: string[]}} Score
 */

/**
 * @typedef {{value: number, tolerance: number, unit: string, units: Record<string, number>}} Quantity
 * @typedef {string[] | Quantity} ItemKey
 */

export const DECIMAL = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{0,11}[1-9])?$/;
const SLACK = 1e-9; // of the larger number: what binary fractions lose
const CREDITED_ONCE = ["single", "landmark", "hotspot"];

/** @param {number} right @param {number} wrong @param {number} keys */
const share = (right, wrong, keys) => Math.round((right / keys) * 1e9) / 1e9;
/** @param {number} right */
const all = (right) => right;

/** @type {Record<string, (right: number, wrong: number, keys: number) => number>} */
const SCORERS = {
  single: all,
  multiple: (right, wrong, keys) => share(Math.max(0, right - wrong), 0, keys),
  matching: share,
  ordering: share,
  numeric: all,
  hotspot: all,
  landmark: all,
};

/**
 * Score one response; an empty one is unanswered and gets 0.
 * @param {string} kind
 * @param {ItemKey} key
 * @param {string[]} options the ids of all options of the item; for numeric the units
 * @param {string[]} response
 * @returns {Score}
 * @throws {RangeError} if the kind is unknown or the response could not have been given
 */
export function score(kind, key, options, response) {
  if (!Object.hasOwn(SCORERS, kind)) throw new RangeError(`kind '${kind}' has no scoring rule`);
  refuse(kind, key, options, response);
  const [asked, credited, given] = compared(kind, key, options, response);
  const right = asked.filter((id) => credited.includes(id) && given.includes(id));
  const wrong = asked.filter((id) => !credited.includes(id) && given.includes(id));
  const missed = asked.filter((id) => credited.includes(id) && !given.includes(id));
  return { points: SCORERS[kind](right.length, wrong.length, credited.length), of: 1, right, wrong, missed };
}

/**
 * Whether a number in its unit lies within the tolerance of a quantity, the ends included.
 * @param {Quantity} quantity
 * @param {string[]} response a decimal and a unit
 */
export function isWithin({ value, tolerance, unit, units }, response) {
  const given = Number(response[0]) * units[response[1]];
  const wanted = value * units[unit];
  const slack = SLACK * Math.max(Math.abs(given), Math.abs(wanted));
  return Math.abs(given - wanted) <= tolerance * units[unit] + slack;
}

/**
 * Return what was typed as a decimal with a point and no idle zeros, or null if it can't be read in one way.
 * "1,250" is refused: it may be one and a quarter or more than a thousand.
 * @param {string} typed
 * @returns {string | null}
 */
export function decimal(typed) {
  const text = typed.trim().replace(/^[\u2212\u2013]/, "-");
  const found = /^([+-]?)0*(\d*)(?:([.,])(\d*))?$/.exec(text);
  if (!found || !/\d/.test(text)) return null;
  const [, sign, whole, mark, after = ""] = found;
  if (mark === "," && whole && whole.length <= 3 && after.length === 3) return null;
  const fraction = after.replace(/0+$/, "");
  const plain = `${whole || "0"}${fraction && `.${fraction}`}`;
  const signed = sign === "-" && plain !== "0" ? `-${plain}` : plain;
  return DECIMAL.test(signed) ? signed : null;
}

/** @param {string} kind @param {ItemKey} key @param {string[]} options @param {string[]} response */
function refuse(kind, key, options, response) {
  if (!response.length) return;
  if (kind === "numeric") {
    if (response.length !== 2) throw new RangeError("response is not a number and a unit");
    if (!DECIMAL.test(response[0])) throw new RangeError(`response '${response[0]}' is not a decimal`);
    if (!Object.hasOwn(/** @type {Quantity} */ (key).units, response[1])) throw new RangeError("unit is not offered");
    return;
  }
  const chosen = kind === "matching" ? response.map((pair) => pair.slice(pair.indexOf("=") + 1)) : response;
  const stranger = chosen.find((id) => !options.includes(id));
  if (stranger !== undefined) throw new RangeError(`response '${stranger}' is not an option`);
  const named = kind === "matching" ? response.map(caseOf) : response;
  if (new Set(named).size < named.length) throw new RangeError("response names something twice");
  if (kind === "matching") {
    const cases = /** @type {string[]} */ (key).map(caseOf);
    if (named.some((id) => !cases.includes(id))) throw new RangeError("response names something that is not a case");
  }
  if (kind === "ordering" && response.length < options.length) throw new RangeError("response leaves out a step");
  if (CREDITED_ONCE.includes(kind) && response.length > 1) throw new RangeError("response chooses several options");
}

/**
 * What is compared: everything it may be in the order it is told, what is credited, what was given.
 * @param {string} kind @param {ItemKey} key @param {string[]} options @param {string[]} response
 * @returns {[string[], string[], string[]]}
 */
function compared(kind, key, options, response) {
  if (kind === "numeric") {
    const right = response.length > 0 && isWithin(/** @type {Quantity} */ (key), response);
    // A wrong number stands beside the credited one: it is wrong, and the right one is missed.
    return [["value", "other"], ["value"], response.length ? [right ? "value" : "other"] : []];
  }
  const ids = /** @type {string[]} */ (key);
  if (kind === "ordering") {
    const [credited, given] = [neighbours(ids), neighbours(response)];
    return [[...new Set([...credited, ...given])], credited, given];
  }
  if (kind === "matching") {
    const given = ids.flatMap((pair) => response.filter((other) => caseOf(other) === caseOf(pair)));
    return [[...new Set([...ids, ...given])], ids, given];
  }
  return [options, ids, response];
}

/** @param {string} pair */
export const caseOf = (pair) => pair.slice(0, Math.max(0, pair.indexOf("=")));

/** @param {string[]} ids @returns {string[]} each with the one that follows it */
export const neighbours = (ids) => ids.slice(1).map((id, i) => `${ids[i]}>${id}`);
