// How far the true share may lie from the one that was found.

/** @typedef {{low: number, high: number}} Interval */

const Z = 1.959963984540054; // 97.5 % of a normal distribution lies below it

/**
 * The Wilson score interval at 95 % for a share. Points may be parts of a point: the spread of shares between
 * 0 and 1 is never more than that of whole points with the same mean, so the interval is wide enough.
 *
 * E. B. Wilson, J Am Stat Assoc 1927;22:209-212; R. G. Newcombe, Stat Med 1998;17:857-872, method 3.
 * @param {number} points 0 to `count`
 * @param {number} count
 * @returns {Interval | null} null of nothing
 */
export function wilson(points, count) {
  if (!(count > 0)) return null;
  const p = points / count;
  const middle = p + Z ** 2 / (2 * count);
  const half = Z * Math.sqrt((p * (1 - p)) / count + Z ** 2 / (4 * count ** 2));
  const all = 1 + Z ** 2 / count;
  return { low: Math.max(0, (middle - half) / all), high: Math.min(1, (middle + half) / all) };
}
