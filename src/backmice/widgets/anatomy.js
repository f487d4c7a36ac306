// The anatomy figure in a notebook: what is shown, chosen and looked at are traits.

import "../static/backmice-anatomy.js";
import { fragmentOf } from "../static/trusted.js";
import { file, inStep, place, text } from "./host.js";

const TRAITS = ["visible", "selected", "camera", "labels", "spread"];

/** @param {{model: any, el: HTMLElement}} host */
async function render({ model, el }) {
  const { root, end } = await place({ model, el });
  const names = model.get("_files");
  const [html, bundle] = await Promise.all([text(model, names.html), file(model, names.bundle)]);
  const shown = document.createElement("div");
  shown.append(fragmentOf(html)); // made by the book's own template, which escapes
  const element = /** @type {any} */ (shown.querySelector("backmice-anatomy"));
  const { html: _, styles, sprite, bundle: __, figure, ...layers } = names;
  element.load = async (/** @type {string} */ name) => JSON.parse(await text(model, name));
  element.dataset.figure = figure;
  element.dataset.layers = JSON.stringify(layers);
  element.dataset.bundle = bundle.url;
  const step = inStep(model, Object.fromEntries(TRAITS.map((name) => [name, (value) => (element.state = { [name]: value })])));
  element.addEventListener("backmice-drawn", () => {
    styleDrawing(root);
    element.state = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
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
