// Named views: a sentence of the page moves its figure, which says in words what is shown now.

import { only } from "./anatomy-looks.js";

/** @typedef {import("./places.js").View} View */

/**
 * Let links of the page, and the address it was opened by, move the figure.
 * @param {any} figure the element @returns {boolean} whether the address asks for a view
 */
export function connectViews(figure) {
  figure.getRootNode().addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = /** @type {Element} */ (event.target).closest?.("a[data-figure-view]");
    if (!link) return;
    event.preventDefault();
    lead(figure, link.dataset.figureView ?? "", link);
  });
  const asked = decodeURIComponent(location.hash).match(/^#view-(.+)$/)?.[1];
  if (!asked) return false;
  const open = () => lead(figure, asked, null);
  figure.plot ? open() : figure.addEventListener("backmice-drawn", open, { once: true });
  figure.stage.scrollIntoView({ block: "center" });
  return true;
}

/** Show a view and bring the figure before the reader, with a way back. @param {any} figure @param {string} id @param {Element | null} from */
async function lead(figure, id, from) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  if (!isSeen(figure.stage)) figure.stage.scrollIntoView({ block: "center", behavior: calm });
  if (from && !figure.contains(from)) {
    figure.offer("Back to the text", () => {
      from.scrollIntoView({ block: "center", behavior: calm });
      from.focus({ preventScroll: true });
    }, "is-back");
  }
  await showView(figure, id);
}

/** @param {Element} element */
function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}

/** @param {any} figure @param {string} id */
export async function showView(figure, id) {
  const { explorer } = await figure.data();
  const view = /** @type {View | undefined} */ (explorer.views.find((/** @type {View} */ one) => one.id === id));
  if (!view) return;
  figure.dataset.shows = id;
  const shown = view.structures ?? figure.list.structures.flatMap((/** @type {any} */ one) => (view.layers?.includes(one.layer) && !one.contrast ? one.id : []));
  figure.looks = { ...only(figure.looks, shown), labels: Boolean(view.labels) };
  figure.look(view.camera);
  await figure.show();
  figure.say(`${view.name}. ${view.says}`);
  if (view.measure) await figure.tools.open("measure", view.measure);
  else if (view.cut) await figure.tools.open("cut", view.cut);
  else if (view.studies) await figure.tools.open("studies", view.studies);
  else await figure.tools.open("");
}
