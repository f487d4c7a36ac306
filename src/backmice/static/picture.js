// Pictures and figures that choose an option of the list beside them. The list alone is enough.

/** A finger is no finer: what is tapped beside a region goes to the nearest one. */
const REACH_PX = 22;

/** @param {HTMLFormElement} form */
export function arrangePicture(form) {
  const figure = form.querySelector("backmice-anatomy");
  if (figure) arrangeFigure(form, figure);
  const svg = form.querySelector(".hotspot svg");
  if (svg) arrangeRegions(form, svg);
}

/** @param {HTMLFormElement} form @param {string} id */
function choose(form, id) {
  const input = [...form.querySelectorAll("input")].find((one) => one.name === "response" && one.value === id);
  if (!input || input.disabled || input.checked) return;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLFormElement} form @param {Element} figure */
function arrangeFigure(form, figure) {
  // The page may have brought it. If it can't be had, the list and the picture stay.
  if (!customElements.get("backmice-anatomy")) import("./backmice-anatomy.js").catch(() => {});
  figure.addEventListener("backmice-structure", (event) => {
    const { structure } = /** @type {CustomEvent} */ (event).detail;
    const row = [...form.querySelectorAll("li")].find((li) => li.dataset.structure === structure);
    if (row) choose(form, row.dataset.option ?? "");
  });
}

/**
 * Regions are one group of radios, as the list is: one stop of the Tab key, arrows choose.
 * @param {HTMLFormElement} form @param {Element} svg
 */
function arrangeRegions(form, svg) {
  const regions = [...svg.querySelectorAll("polygon")];
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "radiogroup");
  svg.setAttribute("aria-label", "Regions of the picture, the same as the list below");
  for (const [i, region] of regions.entries()) {
    const id = region.dataset.region ?? "";
    region.setAttribute("role", "radio");
    region.setAttribute("aria-label", form.querySelector(`li[data-option="${id}"] .words`)?.textContent ?? "");
    region.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, " ": 0 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const to = regions[(i + by + regions.length) % regions.length];
      to.focus();
      choose(form, to.dataset.region ?? "");
    });
  }
  svg.addEventListener("click", (event) => {
    const region = regions.find((one) => one === event.target) ?? nearest(regions, /** @type {MouseEvent} */ (event));
    if (region) choose(form, region.dataset.region ?? "");
  });
  const keep = () => {
    const inputs = [...form.querySelectorAll("input")].filter((input) => input.name === "response");
    const chosen = inputs.find((input) => input.checked)?.value;
    for (const [i, region] of regions.entries()) {
      const id = region.dataset.region ?? "";
      const row = form.querySelector(`.options li[data-option="${id}"]`);
      region.setAttribute("aria-checked", String(id === chosen));
      region.setAttribute("aria-disabled", String(inputs.some((input) => input.disabled)));
      region.setAttribute("tabindex", id === chosen || (!chosen && i === 0) ? "0" : "-1");
      region.setAttribute("class", row?.className ?? "");
    }
  };
  form.addEventListener("change", keep);
  form.addEventListener("backmice-shown", keep); // written by code, marked or cleared
  keep();
}

/** @param {SVGPolygonElement[]} regions @param {MouseEvent} event @returns {SVGPolygonElement | undefined} within reach */
function nearest(regions, { clientX, clientY }) {
  const away = (/** @type {SVGPolygonElement} */ region) => {
    const { x, y, width, height } = region.getBoundingClientRect();
    return Math.hypot(x + width / 2 - clientX, y + height / 2 - clientY);
  };
  return regions.filter((region) => away(region) <= REACH_PX).sort((one, two) => away(one) - away(two))[0];
}
