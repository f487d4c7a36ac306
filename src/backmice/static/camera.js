// Where the camera stands. The projection is parallel and the eye looks at the middle: only its direction counts.

/** @typedef {{x: number, y: number, z: number}} Eye */

const STEEPEST = 1.45; // radians above or below the level; straight up or down has no sides

/** @param {Eye} eye */
const polar = ({ x, y, z }) => ({ angle: Math.atan2(y, x), radius: Math.hypot(x, y), z });

/** @param {number} t 0 to 1 */
export const eased = (t) => t * t * (3 - 2 * t);

/**
 * A camera between two others: its eye turns about the vertical and never crosses the centre.
 * @param {Eye} from @param {Eye} to @param {number} t 0 to 1 @returns {Eye}
 */
export function between(from, to, t) {
  const [a, b] = [polar(from), polar(to)];
  let turn = b.angle - a.angle;
  if (turn > Math.PI) turn -= 2 * Math.PI;
  if (turn < -Math.PI) turn += 2 * Math.PI;
  const angle = a.angle + turn * t;
  const radius = a.radius + (b.radius - a.radius) * t;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z: a.z + (b.z - a.z) * t };
}

/**
 * The eye turned about the middle, as far from it as before.
 * @param {Eye} eye @param {number} across radians to the right @param {number} up radians @returns {Eye}
 */
export function orbit(eye, across, up) {
  const distance = Math.hypot(eye.x, eye.y, eye.z);
  const angle = Math.atan2(eye.y, eye.x) + across;
  const height = Math.min(STEEPEST, Math.max(-STEEPEST, Math.asin(eye.z / distance) + up));
  const radius = distance * Math.cos(height);
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z: distance * Math.sin(height) };
}
