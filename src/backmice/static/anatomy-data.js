// A figure's data as plotly takes it: it travels as steps from one number to the next (src/backmice/anatomy/packed.py).

/** @type {Record<string, number>} how many steps make a mm, where they are not one */
const PER_UNIT = { x: 10, y: 10, z: 10 };

/** @param {any[]} traces @returns {any[]} */
export const unpacked = (traces) => traces.map(({ steps = {}, ...trace }) => {
  for (const name of Object.keys(steps)) {
    let at = 0;
    trace[name] = steps[name].map((/** @type {number} */ step) => (at += step) / (PER_UNIT[name] ?? 1));
  }
  return trace;
});
