// Which items an exam holds, and in what order. The same rules stand in items/draw.py;
// tests/vectors/draw.json holds both to them.

/**
 * @typedef {{id: string, topic: string, level: string}} Drawable
 * @typedef {{area: string, level: string, count: number}} Count
 */

/**
 * Where a name stands in a draw: FNV-1a of `seed:name` in UTF-8, then MurmurHash3's finaliser.
 * @param {number} seed
 * @param {string} name
 * @returns {number} 0 to 2**32 - 1
 */
export function rank(seed, name) {
  let hashed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}:${name}`)) hashed = Math.imul(hashed ^ byte, 0x01000193);
  hashed = Math.imul(hashed ^ (hashed >>> 16), 0x85ebca6b);
  hashed = Math.imul(hashed ^ (hashed >>> 13), 0xc2b2ae35);
  return (hashed ^ (hashed >>> 16)) >>> 0;
}

/** @param {string} a @param {string} b ASCII: code units order them as code points do */
const byName = (a, b) => (a < b ? -1 : Number(a > b));

/**
 * @param {number} seed
 * @param {Iterable<string>} names
 * @param {(name: string) => string} [as] what of a name is ranked
 * @returns {string[]} in the order of their ranks
 */
export function ranked(seed, names, as = (name) => name) {
  const places = new Map([...names].map((name) => [name, rank(seed, as(name))]));
  return [...places.keys()].sort((a, b) => places.get(a) - places.get(b) || byName(a, b));
}

/**
 * The items of an exam: of each area and level those that rank first, all in the order of their ranks.
 * @param {Drawable[]} items
 * @param {Record<string, string[]>} areas topics by area
 * @param {Count[]} counts
 * @param {number} seed
 * @returns {string[]} ids
 * @throws {RangeError} if an area has fewer items of a level than asked for
 */
export function drawExam(items, areas, counts, seed) {
  const drawn = new Set();
  for (const { area, level, count } of counts) {
    const fitting = items.filter((item) => areas[area]?.includes(item.topic) && item.level === level);
    if (fitting.length < count) {
      throw new RangeError(`asks for ${count}; area '${area}' has ${fitting.length} of level ${level}`);
    }
    for (const id of ranked(seed, fitting.map(({ id }) => id)).slice(0, count)) drawn.add(id);
  }
  return ranked(seed, drawn);
}

/**
 * The option ids of an item in the order in which an exam shows them. Options that all begin with a
 * figure keep theirs: numbers out of order would only add noise.
 * @param {number} seed
 * @param {string} item
 * @param {[id: string, text: string][]} options in the author's order
 * @returns {string[]}
 */
export function orderOf(seed, item, options) {
  const ids = options.map(([id]) => id);
  return options.every(([, text]) => /^[0-9]/.test(text)) ? ids : ranked(seed, ids, (id) => `${item}:${id}`);
}
