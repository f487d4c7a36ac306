// The 3-D figure of the page goes along with the film, where the film names views and the page has a figure.

import { create } from "./dom.js";
import { begun } from "./film-lines.js";

/** @param {any} film the element */
export function followFigure(film) {
  /** @type {[number, string][]} */ const views = JSON.parse(film.dataset.views ?? "[]");
  const figure = /** @type {any} */ (document.querySelector("backmice-anatomy:not([data-start])"));
  if (!views.length || !figure) return;
  let shown = "";
  const button = create("button", { type: "button", className: "button" }, "Figure follows");
  button.setAttribute("aria-pressed", "true");
  const follow = async () => {
    const view = views[begun(views.map(([start]) => start), film.video.currentTime)]?.[1];
    const isOn = button.getAttribute("aria-pressed") === "true" && film.started;
    if (!isOn || !view || view === shown || figure.dataset.state !== "drawn") return;
    shown = view;
    const { showView } = await import("./anatomy-views.js"); // only a page with a figure pays for it
    await showView(figure, view);
  };
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    shown = "";
    follow();
  });
  for (const name of ["timeupdate", "seeked"]) film.video.addEventListener(name, follow);
  film.bar.append(button);
}
