// When the browser has nothing else to do.

const REST_MS = 200; // where it doesn't tell

/** @param {() => void} act */
export function atRest(act) {
  const rest = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, REST_MS));
  rest(act);
}
