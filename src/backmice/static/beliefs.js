// What the log tells of a vignette. Pure.

import { shares } from "./reasoning.js";

/**
 * What was stated since the reader last began: percents by condition, before any finding, after the first, and so on.
 * @param {import("./attempt-log.js").LogEvent[]} events of this vignette, in order
 * @param {{revision: number, conditions: {id: string}[]}} vignette
 * @returns {{beliefs: Record<string, number>[], isOld: boolean}} isOld: there is only what was stated on another revision
 */
export function recall(events, { revision, conditions }) {
  const since = events.slice(events.findLastIndex(({ type }) => type === "start") + 1).filter(({ type }) => type === "belief");
  const fits = (/** @type {any} */ event) => event.revision === revision && isStatement(event.percents, conditions);
  /** @type {Map<number, Record<string, number>>} the last of each stage */
  const stated = new Map(since.filter(fits).map(({ stage, percents }) => [stage, percents]));
  const beliefs = [];
  while (stated.has(beliefs.length)) beliefs.push(/** @type {Record<string, number>} */ (stated.get(beliefs.length)));
  return { beliefs, isOld: !beliefs.length && since.length > 0 };
}

/** @param {any} percents @param {{id: string}[]} conditions */
function isStatement(percents, conditions) {
  const values = conditions.map(({ id }) => (Object.hasOwn(percents ?? {}, id) ? percents[id] : undefined));
  if (!values.every(Number.isFinite)) return false;
  try {
    return Boolean(shares(values));
  } catch {
    return false; // from a file that somebody edited
  }
}
