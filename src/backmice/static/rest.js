// When the browser has nothing else to do, and long work cut into pieces that it can do something else between.

const REST_MS = 200; // where it doesn't tell
const PIECE_MS = 8; // so that no task is long, on a slow phone either

let begun = -Infinity; // the piece that is worked on

/** @param {() => void} act */
export function atRest(act) {
  const rest = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, REST_MS));
  rest(act);
}

/** Wait for the browser's turn, if this piece of work has gone on for long enough. */
export async function breath() {
  if (performance.now() - begun < PIECE_MS) return;
  await (globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go)));
  begun = performance.now();
}
