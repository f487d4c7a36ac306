// A cut through meshes: contours where a plane meets them, and what a straight line through the cut passes.
//
// A cut is drawn with the back of the body above. Across the body, its first axis is right; along it, superior.

/**
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, z: ArrayLike<number>, i: ArrayLike<number>, j: ArrayLike<number>, k: ArrayLike<number>}} Mesh mm, RAS
 * @typedef {"transverse" | "sagittal"} Plane
 * @typedef {[number, number]} Flat first axis of the cut, then anterior, in mm
 * @typedef {{points: Flat[], closed: boolean}} Contour
 * @typedef {{id: string, from: number, to: number | null}} Stretch along a line, mm anterior; to is null where a sheet is crossed
 */

const AXES = { transverse: { along: "z", first: "x" }, sagittal: { along: "x", first: "z" } };

/**
 * Cut a mesh by a plane.
 * @param {Mesh} mesh @param {Plane} plane @param {number} at mm superior, or mm right
 * @returns {Contour[]}
 */
export function slice(mesh, plane, at) {
  const { along, first } = AXES[plane];
  const [height, u, v] = [mesh[along], mesh[first], mesh.y];
  const above = (/** @type {number} */ n) => height[n] >= at; // never on the plane, so that no corner is met twice
  /** @type {Map<string, Flat>} where edges meet the plane */ const met = new Map();
  /** @type {Map<string, string[]>} */ const next = new Map();
  const meet = (/** @type {number} */ a, /** @type {number} */ b) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (!met.has(key)) {
      const t = (at - height[a]) / (height[b] - height[a]);
      met.set(key, [u[a] + t * (u[b] - u[a]), v[a] + t * (v[b] - v[a])]);
      next.set(key, []);
    }
    return key;
  };
  for (let n = 0; n < mesh.i.length; n++) {
    const corners = [mesh.i[n], mesh.j[n], mesh.k[n]];
    const keys = corners.flatMap((a, side) => {
      const b = corners[(side + 1) % 3];
      return above(a) === above(b) ? [] : [meet(a, b)];
    });
    if (keys.length === 2) keys.forEach((key, i) => next.get(key)?.push(keys[1 - i]));
  }
  return chained(met, next);
}

/** @param {Map<string, Flat>} met @param {Map<string, string[]>} next @returns {Contour[]} */
function chained(met, next) {
  const left = new Set(met.keys());
  const walk = (/** @type {string} */ start) => {
    const points = [];
    for (let key = /** @type {string | undefined} */ (start); key && left.delete(key); ) {
      points.push(/** @type {Flat} */ (met.get(key)));
      key = next.get(key)?.find((other) => left.has(other));
    }
    return points;
  };
  const ends = [...met.keys()].filter((key) => next.get(key)?.length === 1);
  const open = ends.filter((key) => left.has(key)).map((key) => (left.has(key) ? { points: walk(key), closed: false } : null));
  const loops = [];
  for (const key of met.keys()) if (left.has(key)) loops.push({ points: walk(key), closed: true });
  return [...open.filter((contour) => contour !== null), ...loops].filter(({ points }) => points.length > 1);
}

/**
 * What a line from back to front passes: bodies as stretches, open sheets as single crossings.
 * @param {string} id @param {Contour[]} contours of one structure @param {number} at where the line stands on the first axis
 * @returns {Stretch[]} from the back
 */
export function crossed(id, contours, at) {
  const hits = (/** @type {Contour} */ { points, closed }) =>
    points.flatMap((a, n) => {
      const b = points[n + 1] ?? (closed ? points[0] : a);
      return a[0] >= at === b[0] >= at ? [] : [a[1] + ((at - a[0]) / (b[0] - a[0])) * (b[1] - a[1])];
    });
  const bodies = contours.filter(({ closed }) => closed).flatMap(hits).sort((a, b) => a - b);
  const stretches = [];
  for (let n = 0; n + 1 < bodies.length; n += 2) stretches.push({ id, from: bodies[n], to: bodies[n + 1] });
  const sheets = contours.filter(({ closed }) => !closed).flatMap(hits);
  return [...stretches, ...sheets.map((from) => ({ id, from, to: null }))].sort((a, b) => a.from - b.from);
}

/**
 * The hindmost point of meshes over a place of the back, or null where there is none.
 * @param {Mesh[]} meshes @param {number} right @param {number} superior @returns {number | null} mm anterior
 */
export function hindmost(meshes, right, superior) {
  let found = Infinity;
  for (const { x, y, z, i, j, k } of meshes) {
    for (let n = 0; n < i.length; n++) {
      const [a, b, c] = [i[n], j[n], k[n]];
      const area = (x[b] - x[a]) * (z[c] - z[a]) - (x[c] - x[a]) * (z[b] - z[a]);
      if (!area) continue;
      const s = ((x[b] - right) * (z[c] - superior) - (x[c] - right) * (z[b] - superior)) / area;
      const t = ((x[c] - right) * (z[a] - superior) - (x[a] - right) * (z[c] - superior)) / area;
      if (s >= 0 && t >= 0 && s + t <= 1) found = Math.min(found, s * y[a] + t * y[b] + (1 - s - t) * y[c]);
    }
  }
  return Number.isFinite(found) ? found : null;
}
