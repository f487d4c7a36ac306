// Probabilities, likelihood ratios and the Brier score. Pure: no page is needed.
// The same rules stand in reasoning/arithmetic.py; tests/vectors/reasoning.json holds both to them.
// Probabilities lie between 0 and 1; percents between 0 and 100.

/** Percents that add up to 100 within this are taken as 100: three times 33.3 is. */
const SLACK_PERCENT = 0.1001;

/** @param {number} probability from 0 to less than 1 @returns {number} @throws {RangeError} */
export function odds(probability) {
  if (!(probability >= 0 && probability < 1)) throw new RangeError(`${probability} has no odds`);
  return probability / (1 - probability);
}

/** @param {number} odds @returns {number} @throws {RangeError} if they are below 0 */
export function probability(odds) {
  if (!(odds >= 0)) throw new RangeError(`odds are ${odds}`);
  return odds / (1 + odds);
}

/**
 * A probability after a finding; 0 and 1 stay where they are.
 * @param {number} before
 * @param {number} ratio
 * @returns {number}
 * @throws {RangeError} if `before` is no probability or the ratio is not above 0
 */
export function moved(before, ratio) {
  if (!(before >= 0 && before <= 1)) throw new RangeError(`${before} is no probability`);
  refuseNoRatio(ratio);
  return (before * ratio) / (1 - before + before * ratio);
}

/**
 * The probabilities of all conditions after a finding that bears on one of them. A likelihood ratio compares the
 * condition with everything else, so the others keep their proportions among themselves.
 * @param {number[]} before they exclude each other and add up to 1
 * @param {number} target the place of the condition
 * @param {number} ratio
 * @returns {number[]}
 */
export function update(before, target, ratio) {
  refuseNoRatio(ratio);
  const weighted = before.map((p, i) => (i === target ? p * ratio : p));
  const total = sum(weighted);
  return weighted.map((p) => p / total);
}

/**
 * The likelihood ratio of a result.
 * @param {number} withCondition share of people with the condition who have the finding: the sensitivity
 * @param {number} withoutCondition share of people without it who have it: 1 less the specificity
 * @param {boolean} isPositive
 * @returns {number}
 * @throws {RangeError} if a result never occurs on one side
 */
export function ratioOf(withCondition, withoutCondition, isPositive) {
  const [one, other] = isPositive ? [withCondition, withoutCondition] : [1 - withCondition, 1 - withoutCondition];
  if (!(one > 0 && one <= 1 && other > 0 && other <= 1)) throw new RangeError(`${one} against ${other} gives no ratio`);
  return one / other;
}

/**
 * The ratio that one goes on with: the estimate or, where only a span is known, its point nearest to 1.
 * @param {number | null} estimate @param {number | null} low @param {number | null} high
 */
export const carried = (estimate, low, high) => estimate ?? Math.min(Math.max(1, low ?? 1), high ?? 1);

/**
 * The Brier score of a statement: the sum, over all conditions, of the square of what was stated less what came
 * true (1 or 0). 0 at best, 2 at worst.
 *
 * G. W. Brier, Monthly Weather Review 1950;78:1-3.
 * @param {number[]} probabilities
 * @param {number} outcome the place of the condition that came true
 */
export const brier = (probabilities, outcome) => sum(probabilities.map((p, i) => (p - Number(i === outcome)) ** 2));

/** @param {number[]} percents @returns {number} percents still to give, below 0 when too many are; 0 within the slack */
export function missing(percents) {
  const left = 100 - sum(percents);
  return Math.abs(left) <= SLACK_PERCENT ? 0 : left;
}

/** @param {number[]} percents @returns {number[]} probabilities that add up to 1 @throws {RangeError} unless they add up */
export function shares(percents) {
  if (missing(percents) || !percents.every((p) => p >= 0 && p <= 100)) throw new RangeError(`${percents} don't add up to 100`);
  const total = sum(percents);
  return percents.map((p) => p / total);
}

/**
 * Whole numbers in the same proportions that add up to `total`; nothing stated is an even share for all. What rounding
 * leaves goes to the largest remainders, the first among equals.
 * @param {number[]} percents
 * @param {number} [total]
 * @returns {number[]}
 */
export function scaled(percents, total = 100) {
  const given = sum(percents);
  const exact = percents.map((p) => (given ? (p * total) / given : total / percents.length));
  const whole = exact.map((x) => Math.floor(x + 1e-9));
  const remainder = exact.map((x, i) => Math.round((x - whole[i]) * 1e9));
  const order = exact.map((_, i) => i).sort((a, b) => remainder[b] - remainder[a] || a - b);
  for (const i of order.slice(0, total - sum(whole))) whole[i] += 1;
  return whole;
}

/** @param {number[]} probabilities @returns {number[]} percents that add up to 100: whole, or tenths where one is below 2 percent */
export function rounded(probabilities) {
  const least = Math.min(...probabilities);
  return least > 0 && least < 0.02 ? scaled(probabilities, 1000).map((tenths) => tenths / 10) : scaled(probabilities);
}

/** @param {number} probability @returns {string} whole percents, to a tenth below 2 and above 98 */
export function inPercent(probability) {
  const percent = probability * 100;
  if (percent > 0 && percent < 0.05) return "under 0.1\u00a0%";
  if (percent >= 99.95 && percent < 100) return "over 99.9\u00a0%";
  const digits = (percent > 0 && percent < 1.95) || (percent > 98 && percent < 100) ? 1 : 0;
  return `${halfUp(percent, digits)}\u00a0%`;
}

/** @param {number} ratio @returns {string} three figures, without idle zeros: 4.27, 0.0769, 12 */
export function inFigures(ratio) {
  if (ratio < 1e-4) return ratio ? "under 0.0001" : "0";
  let digits = 0;
  while (ratio * 10 ** digits < 100) digits += 1;
  return halfUp(ratio, digits);
}

/** @param {number} number above 0 @param {number} digits */
function halfUp(number, digits) {
  const scale = 10 ** digits;
  const text = (Math.floor(number * scale + 0.5 + 1e-9) / scale).toFixed(digits);
  return digits ? text.replace(/\.?0+$/, "") : text;
}

/**
 * The arithmetic of one update, line by line.
 * @param {number} before
 * @param {number} ratio
 * @returns {string[]}
 */
export function steps(before, ratio) {
  if (before === 0 || before === 1) {
    return [`${inPercent(before)} stays ${inPercent(before)}: no finding moves what is held impossible or certain.`];
  }
  const start = odds(before);
  const end = start * ratio;
  return [
    `Odds before: ${inFigures(before)} ÷ ${inFigures(1 - before)} = ${inFigures(start)}.`,
    `Odds after: ${inFigures(start)} × ${inFigures(ratio)} = ${inFigures(end)}.`,
    `Probability after: ${inFigures(end)} ÷ ${inFigures(1 + end)} = ${inPercent(probability(end))}.`,
  ];
}

/** @param {number} ratio @throws {RangeError} unless it could be a likelihood ratio */
function refuseNoRatio(ratio) {
  if (!(ratio > 0 && ratio < Infinity)) throw new RangeError(`${ratio} is no likelihood ratio`);
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
