// Where labels stand: in two columns beside the figure, each level with what it names, none over another.

/**
 * @typedef {[number, number, number]} Point
 * @typedef {{name: string, text: string, at: number[]}} Label text with its lines parted by <br>; at its place on the right, mm
 * @typedef {{name: string, at: number[], ax: number, ay: number, xanchor: "left" | "right"}} Placed
 * @typedef {{eye: {x: number, y: number}, width: number, height: number, font_px: number, onScreen: (point: number[]) => [number, number]}} Stage
 */

const [LINE, LETTER] = [1.3, 0.54]; // of the size of the font
const [MARGIN_PX, GAP_PX] = [8, 8];
/** Seen from behind, both sides of the body are seen: each structure is named on one of them. */
const STEEP = 0.5;

/** @param {Label[]} labels @param {Stage} stage @returns {Placed[]} */
export function inColumns(labels, stage) {
  const seen = [...labels]
    .sort((a, b) => b.at[2] - a.at[2])
    .map((label, n) => ({ ...label, at: sided(label.at, stage.eye, n) }))
    .map((label) => ({ ...label, px: stage.onScreen(label.at) }))
    .sort((a, b) => a.px[0] - b.px[0]);
  const half = Math.ceil(seen.length / 2);
  return [...column(seen.slice(0, half), "right", stage), ...column(seen.slice(half), "left", stage)];
}

/** @param {number[]} at @param {{x: number, y: number}} eye @param {number} n */
function sided([x, y, z], eye, n) {
  const steep = Math.abs(eye.x) > STEEP * Math.abs(eye.y);
  const side = steep ? Math.sign(eye.x) : n % 2 ? 1 : -1;
  return [side * Math.abs(x), y, z];
}

/**
 * @param {(Label & {px: [number, number]})[]} labels @param {"left" | "right"} xanchor which end of the words the line meets
 * @param {Stage} stage @returns {Placed[]}
 */
function column(labels, xanchor, { width, height, font_px }) {
  const rows = labels.map((label) => ({ ...label, lines: label.text.split("<br>") })).sort((a, b) => a.px[1] - b.px[1]);
  const tall = rows.map(({ lines }) => lines.length * LINE * font_px + GAP_PX);
  const tops = apart(rows.map(({ px }, n) => px[1] - tall[n] / 2), tall, height);
  return rows.map(({ name, at, px, lines }, n) => {
    const words = LETTER * font_px * Math.max(...lines.map(({ length }) => length));
    const meets = xanchor === "right" ? MARGIN_PX + words : width - MARGIN_PX - words;
    return { name, at, ax: Math.round(meets - px[0]), ay: Math.round(tops[n] + tall[n] / 2 - px[1]), xanchor };
  });
}

/**
 * Push boxes apart, downwards and then back up where they ran over the edge.
 * @param {number[]} tops wished for, from the top @param {number[]} tall @param {number} height
 */
export function apart(tops, tall, height) {
  const found = [...tops];
  let edge = MARGIN_PX;
  for (const n of found.keys()) edge = (found[n] = Math.max(found[n], edge)) + tall[n];
  edge = height - MARGIN_PX;
  for (const n of [...found.keys()].reverse()) edge = found[n] = Math.min(found[n], edge - tall[n]);
  return found;
}
