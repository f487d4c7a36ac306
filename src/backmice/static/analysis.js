// What a class's answers say of items, test and objectives: the same figures as the package `analysis`, to 1e-9.

import { FEWEST, RESAMPLES, TOO_FEW, figure, quantiles, reaches, share as shareOf, weights } from "./analysis-resample.js";
import { wilson } from "./wilson.js";

/**
 * @typedef {import("./analysis-resample.js").Figure} Figure
 * @typedef {{id: string, kind: string, objective: string, stem: string, choices: [string, string][], credited: string[]}} Asked
 * @typedef {object} Table
 * @property {string[]} students
 * @property {Asked[]} items
 * @property {number[][]} points by student, then item
 * @property {string[][][]} chosen by student, then item: ids of choices
 * @property {(string | null)[][]} certainty
 * @property {(number | null)[][]} seconds
 */

const TAIL = 0.27; // Kelley 1939
const SEPARATES = 0.2;
const WORKS = 0.05;
const RELIABLE = 0.8;
const LEARNED = 0.7;
const SMALL = 1e-12; // a variance that is none
const CREDITED_ONCE = ["single", "landmark", "hotspot"];

/** @param {number} x to nine decimals: sums that make no difference on paper make none here */
const nine = (x) => Math.round(x * 1e9) / 1e9;
/** @param {ArrayLike<number>} list */
const sum = (list) => Array.prototype.reduce.call(list, (total, each) => total + each, 0);
/** @param {ArrayLike<number>} list */
const mean = (list) => sum(list) / list.length;
/** @param {ArrayLike<number>} w @param {ArrayLike<number>} x @returns {number} */
function dot(w, x) {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += w[i] * x[i];
  return total;
}
/** @param {number[]} list */
const centred = (list) => {
  const middle = mean(list);
  return Float64Array.from(list, (each) => each - middle);
};

/**
 * @param {Table} table
 * @param {{seed?: number, resamples?: number}} [how]
 */
export function analyse(table, { seed = 1, resamples = RESAMPLES } = {}) {
  if (!table.students.length || !table.items.length) throw new RangeError("there is nothing to analyse: no student or no item");
  const drawn = weights(table.students.length, seed, resamples);
  const totals = table.points.map((row) => nine(sum(row)));
  return {
    seed,
    resamples,
    whole: wholeOf(table, totals, drawn),
    items: itemsOf(table, totals, drawn),
    objectives: objectivesOf(table, drawn),
    calibration: calibrationOf(table, drawn),
  };
}

// Items.

/** @param {Table} table @param {number[]} totals @param {Float64Array[]} drawn */
function itemsOf(table, totals, drawn) {
  const columns = table.items.map((_, i) => table.points.map((row) => row[i]));
  const gaps = columns.map(() => /** @type {number[]} */ ([]));
  for (const [upper, lower] of tailsOf(totals, drawn)) {
    for (const [i, column] of columns.entries()) gaps[i].push(dot(upper, column) - dot(lower, column));
  }
  return table.items.map((_, i) => itemOf(table, i, totals, drawn, gaps[i]));
}

/** @param {Table} table @param {number} i @param {number[]} totals @param {Float64Array[]} drawn @param {number[]} gaps between the upper and lower 27 % of each class drawn */
function itemOf(table, i, totals, drawn, gaps) {
  const { id, kind, stem, choices, credited } = table.items[i];
  const n = table.students.length;
  const points = table.points.map((row) => row[i]);
  const rest = table.points.map((row) => nine(sum(row) - row[i]));
  const columns = [points, ...choices.map(([choice]) => table.chosen.map((row) => Number(row[i].includes(choice))))];
  const ones = new Float64Array(n).fill(1);
  const y = centred(rest);
  const ofRest = [ones, ...drawn].map((w) => momentsOf(w, n, y));
  const of = columns.map((column) => {
    const x = centred(column);
    const [xy, xx] = [x.map((each, s) => each * y[s]), x.map((each) => each * each)];
    const middle = mean(column);
    const [once, ...again] = [ones, ...drawn].map((w, b) => correlation(w, n, x, xy, xx, ofRest[b]));
    const means = drawn.map((w) => dot(w, x) / n + middle);
    const [upper, lower] = upperLower(column, totals);
    return { share: shareOf(middle, means, n), r: figure(once, again, n), again, upper, lower };
  });
  const found = choices.map(([choice, text], c) => {
    const { share, r, upper, lower } = of[c + 1];
    const count = sum(columns[c + 1]);
    return {
      id: choice, text, is_credited: credited.includes(choice), count, share, upper, lower, goes_with_rest: r, works: works(count, n),
    }; // prettier-ignore
  });
  const again = of.slice(1).map((each) => each.again);
  const [alarm, why] = alarmOf(kind, found, again);
  const known = table.seconds.flatMap((row) => row[i] ?? []);
  return {
    id, stem, facility: of[0].share, discrimination: of[0].r, upper_lower: figure(of[0].upper - of[0].lower, gaps, n),
    separates: reaches(of[0].r, SEPARATES), choices: found, alarm, why,
    open: choices.length ? table.chosen.filter((row) => !choices.some(([choice]) => row[i].includes(choice))).length : 0,
    median_s: known.length ? quantiles(known, [0.5])[0] : null,
    quartiles_s: known.length ? quantiles(known, [0.25, 0.75]) : null,
  }; // prettier-ignore
}

/** @param {Float64Array} w @param {number} n @param {Float64Array} y @returns {[number, number]} mean and variance */
function momentsOf(w, n, y) {
  let [once, twice] = [0, 0];
  for (let s = 0; s < n; s++) {
    once += w[s] * y[s];
    twice += w[s] * y[s] * y[s];
  }
  return [once / n, twice / n - (once / n) ** 2];
}

/**
 * @param {Float64Array} w @param {number} n @param {Float64Array} x @param {Float64Array} xy @param {Float64Array} xx
 * @param {[number, number]} ofRest mean and variance of y
 */
function correlation(w, n, x, xy, xx, [y, ofY]) {
  let [once, both, twice] = [0, 0, 0];
  for (let s = 0; s < n; s++) {
    once += w[s] * x[s];
    both += w[s] * xy[s];
    twice += w[s] * xx[s];
  }
  const middle = once / n;
  const ofX = twice / n - middle * middle;
  return ofX > SMALL && ofY > SMALL ? (both / n - middle * y) / Math.sqrt(ofX * ofY) : NaN;
}

/**
 * The mean of a column among the 27 % with the most points and the 27 % with the fewest; who tie at the border
 * count by the same part.
 * @param {number[]} column @param {number[]} totals @returns {[number, number]}
 */
export function upperLower(column, totals) {
  const [[upper, lower]] = tailsOf(totals, [new Float64Array(totals.length).fill(1)]);
  return [dot(upper, column), dot(lower, column)];
}

/**
 * How much each student counts among the 27 % with the most points, and among those with the fewest, in each class
 * drawn; the parts of a group sum to 1.
 * @param {number[]} totals @param {Float64Array[]} drawn @returns {Generator<[Float64Array, Float64Array]>}
 */
function* tailsOf(totals, drawn) {
  const size = Math.max(1, Math.floor(TAIL * totals.length + 0.5));
  const order = Array.from(totals.keys()).sort((a, b) => totals[b] - totals[a]);
  const reversed = [...order].reverse();
  for (const w of drawn) yield [tail(totals, w, order, size), tail(totals, w, reversed, size)];
}

/** @param {number[]} totals @param {Float64Array} w @param {number[]} order @param {number} size */
function tail(totals, w, order, size) {
  const parts = new Float64Array(order.length);
  for (let from = 0, to = 0, left = size; from < order.length && left > 0; from = to) {
    let count = 0;
    for (to = from; to < order.length && totals[order[to]] === totals[order[from]]; to++) count += w[order[to]];
    const part = count ? Math.min(left, count) / count / size : 0;
    for (let i = from; i < to; i++) parts[order[i]] = w[order[i]] * part;
    left -= count;
  }
  return parts;
}

/** @param {number} count @param {number} n */
function works(count, n) {
  const { low, high } = /** @type {import("./wilson.js").Interval} */ (wilson(count, n));
  if (n < FEWEST || (low < WORKS && high >= WORKS)) return TOO_FEW;
  return low >= WORKS ? "yes" : "no";
}

/**
 * @param {string} kind
 * @param {{text: string, is_credited: boolean, goes_with_rest: Figure}[]} choices
 * @param {number[][]} again by choice: its correlation in each class drawn
 * @returns {["miskey" | "ambiguous" | null, string]}
 */
function alarmOf(kind, choices, again) {
  const key = choices.findIndex((choice) => choice.is_credited);
  if (!CREDITED_ONCE.includes(kind) || key < 0) return [null, ""];
  let most = -1;
  for (const [n, { is_credited, goes_with_rest: r }] of choices.entries()) {
    if (is_credited || r.low === null || r.low <= 0) continue;
    if (most < 0 || Number(r.value) >= Number(choices[most].goes_with_rest.value)) most = n;
  }
  if (most < 0) return [null, ""];
  const gap = again[most].map((r, b) => r - (Number.isNaN(again[key][b]) ? 0 : again[key][b]));
  const words = `who did well on the rest chose “${choices[most].text}”`;
  const isMiskey = quantiles(gap.filter((each) => !Number.isNaN(each)), [0.025])[0] > 0; // prettier-ignore
  return isMiskey ? ["miskey", `${words} rather than the key`] : ["ambiguous", `${words} as well as the key`];
}

// The test.

/** @param {Table} table @param {number[]} totals @param {Float64Array[]} drawn */
function wholeOf(table, totals, drawn) {
  const [n, items] = [table.students.length, table.items.length];
  const columns = table.items.map((_, i) => squared(table.points.map((row) => row[i])));
  const whole = squared(table.points.map(sum));
  const alphaOf = (/** @type {ArrayLike<number>} */ w) => {
    const ofItems = sum(columns.map((column) => variance(w, n, column)));
    const ofTotals = variance(w, n, whole);
    const alpha = ofTotals > SMALL && items > 1 ? (items / (items - 1)) * (1 - ofItems / ofTotals) : NaN;
    return { alpha, ofTotals, sem: Math.sqrt(Math.max(ofTotals * (1 - alpha), 0)) };
  };
  const once = alphaOf(new Float64Array(n).fill(1));
  const again = drawn.map(alphaOf);
  const alpha = figure(once.alpha, again.map((each) => each.alpha), n); // prettier-ignore
  const minutes = table.seconds.map((row) => sum(row.map((each) => each ?? 0)) / 60).filter((each) => each > 0);
  const counts = Array.from({ length: items + 1 }, () => 0);
  for (const total of totals) counts[Math.floor(total)]++;
  return {
    students: n,
    items,
    mean: figure(mean(totals), drawn.map((w) => dot(w, totals) / n), n),
    sd: n > 1 ? Math.sqrt(once.ofTotals) : null,
    median: quantiles(totals, [0.5])[0],
    name: table.points.every((row) => row.every((each) => each === 0 || each === 1)) ? "KR-20" : "Cronbach’s alpha",
    alpha,
    sem: figure(once.sem, again.map((each) => each.sem), n),
    reliable: reaches(alpha, RELIABLE),
    counts,
    minutes: minutes.length ? quantiles(minutes, [0.25, 0.5, 0.75]) : null,
  }; // prettier-ignore
}

/** @param {number[]} column */
function squared(column) {
  const x = centred(column);
  return { x, xx: x.map((each) => each * each) };
}

/** @param {ArrayLike<number>} w @param {number} n @param {{x: ArrayLike<number>, xx: ArrayLike<number>}} column */
function variance(w, n, { x, xx }) {
  const middle = dot(w, x) / n;
  return n > 1 ? (dot(w, xx) - n * middle * middle) / (n - 1) : NaN;
}

// What was learned.

/** @param {Table} table @param {Float64Array[]} drawn */
function objectivesOf(table, drawn) {
  const found = [...new Set(table.items.map(({ objective }) => objective))].map((id) => {
    const places = table.items.flatMap(({ objective }, i) => (objective === id ? [i] : []));
    const own = table.points.map((row) => mean(places.map((i) => row[i])));
    const share = shareOf(mean(own), drawn.map((w) => dot(w, own) / own.length), own.length); // prettier-ignore
    return { id, items: places.map((i) => table.items[i].id), share, learned: reaches(share, LEARNED) };
  });
  return found.sort((a, b) => Number(a.share.value) - Number(b.share.value) || (a.id < b.id ? -1 : 1));
}

/** @param {Table} table @param {Float64Array[]} drawn */
function calibrationOf(table, drawn) {
  return ["low", "mid", "high"].flatMap((certainty) => {
    const given = table.certainty.map((row) => row.map((each) => each === certainty));
    const answers = given.map((row) => row.filter(Boolean).length);
    const right = given.map((row, s) => row.filter((each, i) => each && table.points[s][i] === 1).length);
    const all = sum(answers);
    if (!all) return [];
    const again = drawn.map((w) => dot(w, right) / dot(w, answers)); // NaN where nobody was
    return [{ certainty, answers: all, right: shareOf(sum(right) / all, again, answers.length) }];
  });
}
