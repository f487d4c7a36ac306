// Places of a region by name, on both sides, and how far they lie apart. Points are [right, anterior, superior] in mm.

/**
 * @typedef {[number, number, number]} Point
 * @typedef {{id: string, name: string, group: string, at: Point, of?: string, side?: "left" | "right"}} Place
 * @typedef {{ref: string, what: string, figure: string, spread: string, low: number, high: number, model_mm: number}} Published
 * @typedef {{at: Point, lines: Point[][], ref: string, what: string, figure: string, spread: string}} Study
 * @typedef {{id: string, name: string, short: string, layer: string, latin?: string, at?: Point, published?: Published[], studies?: Study[], words?: string[]}} Structure
 * @typedef {{place: string, ask: string, tolerance_mm: number, because: string, claim?: string}} Task
 * @typedef {{id: string, name: string, says: string, camera: string, layers?: string[], structures?: string[], labels?: boolean, measure?: [string, string], cut?: {plane: "transverse" | "sagittal", at_mm: number}, studies?: string}} View
 * @typedef {{statement: string, certainty: string, sources: string}} ClaimFacts
 * @typedef {{fat_share: number, fascia_to_bone_mm: number}} SiteSums
 * @typedef {{id: string, name: string, at: Point, sexes: Record<"female" | "male", SiteSums>}} Site at its point on the deep fascia
 * @typedef {{statures_cm: [number, number], fats_mm: [number, number], sites: Site[], relations: {words: string, basis: string, claims: string[]}[]}} BodyFacts
 * @typedef {{id: string, layers: Record<string, string>, landmarks: {id: string, name: string, at: Point}[], structures: Structure[], measures: (Published & {from: string, to: string})[], body: BodyFacts, claims: Record<string, ClaimFacts>, views: View[], find: Task[]}} Explorer
 */

export const MIDLINE = "midline";
const SNAP_MM = 9;
/** What a published distance is taken from, and the landmark on the same side. */
const ORIGIN = { "from the PSIS": "psis", "below the PSIS": "psis", "from the anterior superior iliac spine": "asis" };

/** @param {Point} point @returns {Point} */
export const mirrored = ([x, y, z]) => [-x, y, z];

/**
 * @param {Explorer} data @param {number} [k] how much larger than drawn the body is
 * @returns {Place[]} landmarks, then each structure that has one place, right and left
 */
export function placesOf({ landmarks, structures }, k = 1) {
  const grown = (/** @type {Point} */ at) => /** @type {Point} */ (k === 1 ? at : at.map((v) => k * v));
  const placed = structures.filter(({ at }) => at);
  const of = (/** @type {"left" | "right"} */ side) =>
    placed.map(({ id, name, at }) => ({
      id: side === "right" ? id : `${id}@left`, name: `${name}, ${side}`, group: `Structures, ${side}`, of: id, side,
      at: grown(side === "right" ? /** @type {Point} */ (at) : mirrored(/** @type {Point} */ (at))),
    }));
  const marks = landmarks.map(({ id, name, at }) => ({ id, name: name[0].toUpperCase() + name.slice(1), group: "Landmarks", at: grown(at) }));
  return [...marks, ...of("right"), ...of("left")];
}

/** @param {Point} a @param {Point} b */
export const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/**
 * The place at which somebody touched, if any is near enough to be meant.
 * @param {Place[]} places @param {Point} point @param {string} [structure] what was touched: its own place is taken first
 * @returns {Place | null}
 */
export function snap(places, point, structure = "") {
  const near = places
    .map((place) => ({ place, mm: apart(place.at, point) - (place.of === structure ? SNAP_MM / 2 : 0) }))
    .sort((a, b) => a.mm - b.mm)[0];
  return near && near.mm <= SNAP_MM ? near.place : null;
}

/**
 * A measure between two ends: straight, and by direction. From the midline it goes straight across.
 * @param {Point | null} from null is the midline @param {Point | null} to
 */
export function measure(from, to) {
  const [a, b] = [from ?? across(to), to ?? across(from)];
  const [right, anterior, superior] = b.map((v, i) => v - a[i]);
  return { from: a, to: b, mm: apart(a, b), right, anterior, superior };
}

/** @param {Point | null} point @returns {Point} */
function across(point) {
  if (!point) throw new RangeError("The midline has no distance from itself.");
  return [0, point[1], point[2]];
}

/**
 * What is published on the distance between two places, either way round; left is held to the same figures as right.
 * @param {Explorer} data @param {string} a id of a place or MIDLINE @param {string} b
 * @returns {Published[]}
 */
export function publishedBetween({ structures, measures = [] }, a, b) {
  const right = (/** @type {string} */ id) => id.replace(/_left$/, "_right");
  const between = measures.filter(({ from, to }) => [[a, b], [b, a]].some(([one, other]) => (one === from && other === to) || (sameSide(a, b) && right(one) === from && right(other) === to)));
  if (between.length) return between;
  for (const [from, to] of [[a, b], [b, a]]) {
    const [id, side = "right"] = to.split("@");
    const rows = structures.find((one) => one.id === id)?.published;
    if (!rows) continue;
    const origins = (/** @type {string} */ what) => (what === "from the midline" ? MIDLINE : `${ORIGIN[what]}_${side}`);
    return rows.filter(({ what }) => origins(what) === from);
  }
  return [];
}

/** @param {string} a @param {string} b ids of landmarks */
const sameSide = (a, b) => /_left$/.test(a) && /_left$/.test(b);

/**
 * A place in words, for who counts instead of looking.
 * @param {Point} point
 */
export function inWords([right, , superior]) {
  const [x, z] = [Math.round(right), Math.round(superior)];
  const across = x ? `${Math.abs(x)} mm to the ${x > 0 ? "right" : "left"} of the midline` : "on the midline";
  const up = z ? `${Math.abs(z)} mm ${z > 0 ? "above" : "below"} the line between the two spines` : "level with the two spines";
  return `${across}, ${up}`;
}

/**
 * How far a touch fell from a place, seen from behind: depth is illustrative and does not count.
 * @param {Point} target @param {[number, number]} touched right and superior, in mm @param {number} tolerance_mm
 */
export function offBy(target, [right, superior], tolerance_mm) {
  const mm = Math.hypot(right - target[0], superior - target[2]);
  return { mm, found: mm <= tolerance_mm };
}

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whether each word looked for begins a word of the names.
 * @param {string} query @param {string[]} names
 */
export function isNamed(query, names) {
  const words = plain(names.join(" ")).split(/[^\p{L}\p{N}]+/u);
  return plain(query).split(/[^\p{L}\p{N}]+/u).every((part) => words.some((word) => word.startsWith(part)));
}
