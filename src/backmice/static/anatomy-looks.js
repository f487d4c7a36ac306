// What of a figure is seen: layers peeled, structures shown, faded or looked at for their studies. Plain values only.

/**
 * @typedef {{id: string, layer: string, contrast?: boolean}} Layered what is there for contrast waits until it is asked for
 * @typedef {{structure: string, layer?: string, part: "shape" | "spread", sex?: Sex}} Meta of a trace
 * @typedef {"female" | "male"} Sex
 * @typedef {object} Looks
 * @property {ReadonlySet<string>} shown ids of structures
 * @property {ReadonlySet<string>} faded ids of structures
 * @property {boolean} labels
 * @property {boolean} spread
 * @property {string} studies the structure whose studies are compared, or ""
 * @property {ReadonlySet<string>} through ids of structures that a tool looks through
 * @property {Sex} sex whose skin and fat are drawn
 */

/** Marks and lines on the surface: no layer that could be peeled. */
export const MARKS = "region";
const FAINT = 0.16;
const GLASS = 0.45;

/** @param {Record<string, string>} layers from outside in @param {Layered[]} structures @returns {string[]} those that hold anything */
export const depths = (layers, structures) =>
  Object.keys(layers).filter((layer) => layer !== MARKS && structures.some((one) => one.layer === layer));

/** @param {Layered[]} structures @param {string[]} late layers that are fetched on demand @returns {Looks} */
export const begin = (structures, late = []) => ({
  shown: new Set(structures.filter(({ layer, contrast }) => !contrast && !late.includes(layer)).map(({ id }) => id)),
  faded: new Set(),
  labels: false,
  spread: true,
  studies: "",
  through: new Set(),
  sex: "female",
});

/**
 * Take away every layer outside `layer`, and show the rest, but for contrast only what is shown already.
 * @param {Looks} looks @param {Layered[]} structures @param {string[]} order @param {string} layer
 * @returns {Looks}
 */
export function peel(looks, structures, order, layer) {
  const left = new Set([MARKS, ...order.slice(order.indexOf(layer))]);
  return { ...looks, studies: "", shown: new Set(structures.filter((one) => left.has(one.layer) && (!one.contrast || looks.shown.has(one.id))).map(({ id }) => id)) };
}

/** @param {Looks} looks @param {Layered[]} structures @param {string[]} order @returns {number} which layer is the outermost one shown */
export function depthOf(looks, structures, order) {
  const found = order.findIndex((layer) => structures.some((one) => one.layer === layer && looks.shown.has(one.id)));
  return found < 0 ? order.length - 1 : found;
}

/** @param {Looks} looks @param {Iterable<string>} ids @param {boolean} on @returns {Looks} */
export const show = (looks, ids, on) => ({ ...looks, studies: "", shown: changed(looks.shown, ids, on) });

/** @param {Looks} looks @param {Iterable<string>} ids @returns {Looks} only these */
export const only = (looks, ids) => ({ ...looks, studies: "", shown: new Set(ids), faded: new Set() });

/** @param {Looks} looks @param {string} id @param {boolean} on @returns {Looks} */
export const fade = (looks, id, on) => ({ ...looks, faded: changed(looks.faded, [id], on) });

/** @param {ReadonlySet<string>} ids @param {Iterable<string>} some @param {boolean} on */
function changed(ids, some, on) {
  const copy = new Set(ids);
  for (const id of some) on ? copy.add(id) : copy.delete(id);
  return copy;
}

/**
 * How a trace is drawn. While studies are compared their own marks are drawn, so those of the figure go.
 * @param {Meta} meta @param {number} opacity of its own @param {Looks} looks
 * @returns {{visible: boolean, opacity: number}}
 */
export function lookOf({ structure, part, sex }, opacity, looks) {
  const marked = part === "shape" || (looks.spread && !looks.studies);
  const faint = looks.faded.has(structure) || (looks.studies === structure && part === "shape");
  const share = faint ? FAINT : looks.through.has(structure) ? GLASS : 1;
  return { visible: looks.shown.has(structure) && marked && (sex ?? looks.sex) === looks.sex, opacity: opacity * share };
}
