// The anatomy figure of a notebook: what is shown, chosen and looked at are traits.

import "./backmice-anatomy.js";
import { file, inStep, place, text } from "./widget-host.js";

const TRAITS = ["visible", "selected", "camera", "labels", "spread"];

/** @param {{model: any, el: HTMLElement}} host */
async function render({ model, el }) {
  const { root, shown, end } = await place({ model, el });
  const element = /** @type {any} */ (shown.querySelector("backmice-anatomy"));
  const { html: _, styles, sprite, bundle, figure, ...layers } = model.get("_files");
  if (figure) {
    element.load = async (/** @type {string} */ name) => JSON.parse(await text(model, name));
    element.dataset.figure = figure;
    element.dataset.layers = JSON.stringify(layers);
    element.dataset.bundle = (await file(model, bundle)).url;
  }
  element.state = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const step = inStep(model, Object.fromEntries(TRAITS.map((name) => [name, (value) => (element.state = { [name]: value })])));
  element.addEventListener("backmice-drawn", () => {
    if (root instanceof ShadowRoot) styleDrawing(root);
    // Not before, or the figure as it comes would overwrite what Python asked for.
    element.addEventListener("backmice-state", () => step.tell(element.state));
  });
  root.append(shown);
  return () => (step.end(), end());
}

/** Plotly writes its styles into the page, where the shadow does not see them. @param {ShadowRoot} root */
function styleDrawing(root) {
  const sheet = new CSSStyleSheet();
  const rules = [...document.querySelectorAll("[id^='plotly.js-style']")].flatMap((place) => [.../** @type {any} */ (place).sheet.cssRules]);
  sheet.replaceSync(rules.map(({ cssText }) => cssText).join("\n"));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

export default { render };
