// How far a figure may be trusted: the class drawn again and again from itself, as in analysis/resample.py, which
// draws the same classes from the same seed.

import { wilson } from "./wilson.js";

/** @typedef {{value: number | null, low: number | null, high: number | null}} Figure */

export const RESAMPLES = 1000;
export const FEWEST = 20; // students, below which no interval is given
const UNDEFINED = 0.1; // so much of the resamples may leave a figure undefined
const SAME = 1e-9; // no further apart, figures are the same
export const TOO_FEW = "too few to say";

/** @param {number} seed @param {number} n from 1 @returns {number} the nth number, 0 to 2**32 - 1: SplitMix */
export function draw(seed, n) {
  let mixed = (Math.imul(n, 0x9e3779b9) + seed) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * How often each student is in each class drawn with replacement.
 * @param {number} students @param {number} seed @param {number} resamples
 * @returns {Float64Array[]}
 */
export function weights(students, seed, resamples) {
  return Array.from({ length: resamples }, (_, b) => {
    const row = new Float64Array(students);
    for (let s = 1; s <= students; s++) row[Math.floor((draw(seed, b * students + s) * students) / 2 ** 32)]++;
    return row;
  });
}

/**
 * A figure with the 2.5th and the 97.5th per cent of what the resamples give; NaN leaves it undefined.
 * @param {number} value @param {number[]} resampled @param {number} students
 * @returns {Figure}
 */
export function figure(value, resampled, students) {
  if (Number.isNaN(value)) return { value: null, low: null, high: null };
  const defined = resampled.filter((each) => !Number.isNaN(each));
  if (students < FEWEST || defined.length < (1 - UNDEFINED) * resampled.length) return { value, low: null, high: null };
  const [low, high] = quantiles(defined, [0.025, 0.975]);
  return high - low < SAME ? { value, low: null, high: null } : { value, low, high }; // the same tells nothing
}

/**
 * The same for a share of 1; where every class drawn gives the same, Wilson's interval stands.
 * @param {number} value @param {number[]} resampled @param {number} students
 * @returns {Figure}
 */
export function share(value, resampled, students) {
  const varies = !(Math.max(...resampled) - Math.min(...resampled) < SAME); // NaN leaves it open
  if (varies || students < FEWEST) return figure(value, resampled, students);
  return { value, .../** @type {import("./wilson.js").Interval} */ (wilson(value * students, students)) };
}

/** @param {Figure} figure @param {number} threshold @returns {"yes" | "no" | "too few to say"} whether it is reached */
export function reaches({ low, high }, threshold) {
  if (low === null || high === null) return TOO_FEW;
  return low >= threshold ? "yes" : high < threshold ? "no" : TOO_FEW;
}

/** @param {ArrayLike<number>} values not empty @param {number[]} shares @returns {number[]} by linear interpolation */
export function quantiles(values, shares) {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (next - sorted[below]) * (place - below);
  });
}
