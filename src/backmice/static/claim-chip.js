// A small link to a claim that says how sure it is, as the book's own chips do.

import { create } from "./dom.js";

/**
 * @param {{dataset: DOMStringMap}} figure knows where the evidence page is
 * @param {import("./places.js").Explorer} explorer @param {string} ref `claim-id#value`
 */
export function claimChip(figure, { claims }, ref) {
  const [id] = ref.split("#");
  const { certainty, sources } = claims[id];
  const words = `${certainty[0].toUpperCase()}${certainty.slice(1)} certainty: ${sources}`;
  if (!figure.dataset.evidence) return create("span", { className: "chip" }, words); // a host without the book
  const chip = create("a", { className: "chip", href: `${figure.dataset.evidence}#claim-${id}` }, words);
  chip.dataset.certainty = certainty.replaceAll(" ", "-");
  return chip;
}
