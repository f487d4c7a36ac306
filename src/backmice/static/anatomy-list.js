// The list of a figure: what is shown is ticked, by layer and by structure, peeled by one slider, sought by name.

import { depthOf, depths, fade, only, peel, show } from "./anatomy-looks.js";
import { create } from "./dom.js";
import { isNamed } from "./places.js";

/** @typedef {import("./anatomy-looks.js").Looks} Looks */

export class AnatomyList {
  /** @param {any} figure the element */
  constructor(figure) {
    this.figure = figure;
    this.rows = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll(".layers [data-structure]")]);
    this.structures = this.rows.map(({ dataset }) => ({ id: dataset.structure ?? "", layer: dataset.layer ?? "", contrast: "contrast" in dataset }));
    /** Words of the layers, from outside in. @type {Record<string, string>} */
    this.layers = Object.fromEntries([...figure.querySelectorAll("[data-layer-group]")].map((group) => [group.dataset.layerGroup, group.querySelector("b")?.textContent ?? ""]));
    this.order = depths(this.layers, this.structures);
    this.slider = figure.querySelector(".peel input");
    this.chosen = figure.querySelector(".chosen");
    if (this.rows.length) this.#connect();
  }

  /** @param {string} id */
  #nameOf(id) {
    return this.figure.querySelector(`[data-note="${id}"]`)?.dataset.name ?? id;
  }

  #connect() {
    const { figure } = this;
    for (const row of this.rows) {
      const [id, box] = [row.dataset.structure ?? "", /** @type {HTMLInputElement} */ (row.querySelector("input"))];
      box.addEventListener("change", () => {
        figure.read(id);
        figure.change(show(figure.looks, [id], box.checked));
      });
      // Not while a pointer is down: what is read takes room, and the box would move away under it.
      box.addEventListener("focus", () => {
        if (!box.matches(":focus-visible")) return;
        figure.read(id);
        box.scrollIntoView({ block: "nearest" }); // a longer note pushes it down, on a phone out of sight
      });
    }
    for (const box of figure.querySelectorAll("[data-layer-switch]")) {
      const of = this.structures.filter(({ layer }) => layer === box.dataset.layerSwitch).map(({ id }) => id);
      box.addEventListener("change", () => figure.change(show(figure.looks, of, box.checked)));
    }
    this.slider.max = String(this.order.length - 1);
    const ends = figure.querySelectorAll(".depth span");
    [ends[0].textContent, ends[1].textContent] = [this.layers[this.order[0]], this.layers[this.order.at(-1) ?? ""]];
    this.slider.addEventListener("input", () => {
      const layer = this.order[Number(this.slider.value)];
      figure.change(peel(figure.looks, this.structures, this.order, layer));
    });
    const seek = figure.querySelector(".seek input");
    seek.addEventListener("input", () => this.#seek(seek.value));
    seek.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.rows.find((row) => !row.hidden);
      if (first && seek.value.trim()) this.#goTo(first.dataset.structure ?? "");
    });
    // A long list would push the tools off a phone.
    if (matchMedia("(max-width: 40rem)").matches) figure.querySelector(".structures").open = false;
  }

  /** Show a structure that was sought, if it is hidden, and tell of it. @param {string} id */
  #goTo(id) {
    this.figure.read(id);
    if (!this.figure.looks.shown.has(id)) this.figure.change(show(this.figure.looks, [id], true));
  }

  /** @param {string} query */
  #seek(query) {
    for (const row of this.rows) {
      const id = row.dataset.structure ?? "";
      const latin = this.figure.querySelector(`#structure-${id} .latin`)?.textContent ?? "";
      row.hidden = Boolean(query.trim()) && !isNamed(query.trim(), [this.#nameOf(id), row.textContent ?? "", latin, this.layers[row.dataset.layer ?? ""]]);
    }
    let count = 0;
    for (const group of this.figure.querySelectorAll("[data-layer-group]")) {
      const left = [...group.querySelectorAll("[data-structure]")].filter((row) => !row.hidden).length;
      group.hidden = !left;
      count += left;
    }
    if (query.trim()) this.figure.say(count ? `${count} ${count === 1 ? "structure" : "structures"} found. Enter shows the first.` : "No structure has that name.");
  }

  /** Let what needs the drawing be used, or not. @param {boolean} on */
  enable(on) {
    for (const control of this.figure.querySelectorAll(".structures input[type=checkbox], .peel, .seek")) control.hidden = !on;
    if (!on && this.chosen) this.chosen.hidden = true;
  }

  /** Tick what is shown. @param {Looks} looks */
  write(looks) {
    for (const row of this.rows) {
      const id = row.dataset.structure ?? "";
      /** @type {HTMLInputElement} */ (row.querySelector("input")).checked = looks.shown.has(id);
      row.classList.toggle("is-faded", looks.faded.has(id));
    }
    for (const box of this.figure.querySelectorAll("[data-layer-switch]")) {
      const of = this.structures.filter(({ layer }) => layer === box.dataset.layerSwitch);
      const on = of.filter(({ id }) => looks.shown.has(id)).length;
      box.checked = on > 0;
      box.indeterminate = on > 0 && on < of.length;
    }
    if (!this.slider) return;
    const depth = depthOf(looks, this.structures, this.order);
    this.slider.value = String(depth);
    const words = this.layers[this.order[depth]] ?? "";
    this.slider.setAttribute("aria-valuetext", `${words} and what lies deeper`);
    this.figure.querySelector(".peel output").textContent = words;
    this.#writeChosen(looks);
  }

  /** Mark the structure that is read, and offer what can be done with it. @param {string} id */
  choose(id) {
    for (const row of this.rows) row.classList.toggle("is-read", row.dataset.structure === id);
    this.#writeChosen(this.figure.looks);
  }

  /** @param {Looks} looks */
  #writeChosen(looks) {
    const { figure, chosen } = this;
    const id = figure.selected;
    if (!chosen || !id || !figure.plot) return;
    chosen.hidden = false;
    if (chosen.dataset.of !== id) {
      chosen.dataset.of = id;
      const button = (/** @type {string} */ words, /** @type {() => void} */ act) => {
        const made = create("button", { type: "button", className: "button" }, words);
        made.addEventListener("click", act);
        return made;
      };
      const alone = button("Isolate", () => {
        const bones = this.structures.filter(({ layer, id: other }) => layer === "bone" && other !== figure.selected).map((one) => one.id);
        const isolated = alone.getAttribute("aria-pressed") === "true";
        if (isolated) return figure.change(this.before ?? figure.looks);
        this.before = figure.looks;
        // Bones stay as a shadow, or nobody could say where it lies.
        return figure.change(bones.reduce((all, bone) => fade(all, bone, true), only(figure.looks, [figure.selected, ...bones])));
      });
      const faint = button("Fade", () => figure.change(fade(figure.looks, id, !figure.looks.faded.has(id))));
      chosen.replaceChildren(alone, faint);
    }
    const others = [...looks.shown].filter((other) => other !== id && !looks.faded.has(other));
    const [alone, faint] = chosen.children;
    alone.setAttribute("aria-pressed", String(looks.shown.has(id) && !others.length));
    faint.setAttribute("aria-pressed", String(looks.faded.has(id)));
    alone.setAttribute("aria-label", `Isolate ${this.#nameOf(id)}`);
    faint.setAttribute("aria-label", `Fade ${this.#nameOf(id)}`);
  }
}
