// What an item was when it was answered, against what it is now.

import { score } from "./score.js";

/**
 * The event `seen` of the log, or what `ItemView.snapshot` gives.
 * @typedef {{item: string, revision: number, kind: string, stem: string, options: [string, string][],
 *   key: import("./score.js").ItemKey, cases?: [string, string][]}} Seen
 */

/**
 * Score a submission by the key that held when it was given.
 * @param {Seen} seen
 * @param {{response: string[]}} submission
 * @returns {import("./score.js").Score | null} null if it is empty or could not have been given
 */
export function scoreSeen(seen, { response }) {
  try {
    const ids = seen.options.map(([id]) => id);
    return response.length ? score(seen.kind, seen.key, ids, response) : null;
  } catch {
    return null;
  }
}

/**
 * Say what is different now, each a phrase; empty if nothing that was asked or credited is.
 * @param {Seen} then
 * @param {Seen} now
 * @returns {string[]}
 */
export function changes(then, now) {
  if (then.kind !== now.kind) return ["the item is answered in another way"];
  const numeric = now.kind === "numeric";
  return [
    ...(then.stem === now.stem ? [] : ["the stem was reworded"]),
    ...listChanges(then.options, now.options, numeric ? "unit" : now.kind === "ordering" ? "step" : "option"),
    ...listChanges(then.cases ?? [], now.cases ?? [], "case"),
    ...(JSON.stringify(keyOf(then)) === JSON.stringify(keyOf(now)) ? [] : ["another key is credited"]),
  ];
}

/** @param {[string, string][]} then @param {[string, string][]} now @param {string} what */
function listChanges(then, now, what) {
  const [before, after] = [new Map(then), new Map(now)];
  const added = now.filter(([id]) => !before.has(id));
  const removed = then.filter(([id]) => !after.has(id));
  const reworded = now.filter(([id, text]) => before.has(id) && before.get(id) !== text);
  return [
    ...added.map(([, text]) => `the ${what} “${text}” was added`),
    ...removed.map(([, text]) => `the ${what} “${text}” was taken out`),
    ...reworded.map(([id, text]) => `the ${what} “${before.get(id)}” now reads “${text}”`),
  ];
}

/** A key in a form that can be compared; only steps have an order. @param {Seen} seen */
function keyOf({ kind, key }) {
  if (!Array.isArray(key)) return [key.value, key.tolerance, key.unit, Object.entries(key.units).sort()];
  return kind === "ordering" ? key : [...key].sort();
}

/**
 * A response, or a key, as a reader would say it.
 * @param {Seen} seen
 * @param {import("./score.js").ItemKey} ids
 * @returns {string} empty of nothing
 */
export function inWords({ kind, options, cases = [] }, ids) {
  if (!Array.isArray(ids)) return `${ids.value} ${ids.unit}`;
  if (kind === "numeric") return ids.join(" ");
  const texts = new Map([...options, ...cases]);
  const said = (/** @type {string} */ id) => texts.get(id) ?? id;
  if (kind === "matching") return ids.map((pair) => pair.split("=").map(said).join(": ")).join("; ");
  return ids.map(said).join(kind === "ordering" ? ", then " : "; ");
}
