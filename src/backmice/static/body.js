// A body of another sex, stature and fat thickness: the sums of `backmice.anatomy.body`, held to the same vectors.

/** @typedef {{stature_cm: number, fat_mm?: number, sex?: "female" | "male"}} Body without fat_mm: as thick as drawn */

export const REFERENCE_CM = 170;
/** @type {Body} the body that the figure is drawn from */
export const DRAWN = { stature_cm: REFERENCE_CM };

/** How much larger than drawn everything under the fat is. @param {{stature_cm: number}} body */
export const scale = (body) => body.stature_cm / REFERENCE_CM;

/** Skin and fat over a site, mm. */
export const fatOver = (site, body) => site.fat_share * body.fat_mm;

/** How far bone lies under the skin at a site, mm. */
export const depthToBone = (site, body) => fatOver(site, body) + scale(body) * site.fascia_to_bone_mm;

/** What a needle does that goes in at an angle to the straight way: its way there and what is left of it, mm. */
export function needleReach(depthMm, lengthMm, angleDeg = 0) {
  if (!(depthMm > 0 && lengthMm > 0)) throw new RangeError("depth and length must be above 0 mm");
  if (!(angleDeg >= 0 && angleDeg < 90)) throw new RangeError("angle must be from 0 to under 90 degrees");
  const path = depthMm / Math.cos((angleDeg * Math.PI) / 180);
  return { path_mm: path, left_mm: lengthMm - path };
}

/**
 * One axis of a trace's vertices for a body.
 *
 * @param {number[]} drawn values as drawn, mm
 * @param {number[]} perFat how each moves for each mm of fat; empty for what only scales
 * @param {number} drawnFatMm fat at which it is drawn
 */
export function moved(drawn, perFat, drawnFatMm, body) {
  const k = scale(body);
  if (!perFat?.length) return drawn.map((value) => k * value);
  return drawn.map((value, n) => k * (value - drawnFatMm * perFat[n]) + body.fat_mm * perFat[n]);
}

/**
 * Where the vertices of a trace lie in a body.
 *
 * @param {any} trace as drawn @param {Body} body
 * @returns {{x: number[], y: number[], z: number[]}}
 */
export function worn({ x, y, z, meta }, { stature_cm, fat_mm = meta.fat_mm }) {
  const axis = (drawn, name) => moved(drawn, meta.per_fat?.[name], meta.fat_mm, { stature_cm, fat_mm });
  return { x: axis(x, "x"), y: axis(y, "y"), z: axis(z, "z") };
}
