// The tools of a figure, one open at a time, each fetched when it is first asked for.

import { create } from "./dom.js";

/**
 * @typedef {object} Tool
 * @property {(given?: any) => Promise<void> | void} open begin, with what a view asks for
 * @property {() => void} [close]
 * @property {boolean} [asDrawn] it stands on the body that the figure is drawn from
 * @property {(structure: string, point: [number, number, number]) => boolean} [touch] whether a touch of the drawing was meant for it
 */

/** @type {Record<string, {words: string, load: () => Promise<(figure: any, pane: HTMLElement, explorer: any) => Tool>}>} */
const TOOLS = {
  measure: { words: "Measure", load: async () => (await import("./tool-measure.js")).measureTool },
  cut: { words: "Cut", load: async () => (await import("./tool-cut.js")).cutTool },
  studies: { words: "Studies", load: async () => (await import("./tool-studies.js")).studiesTool },
  body: { words: "Body", load: async () => (await import("./tool-body.js")).bodyTool },
  find: { words: "Find it", load: async () => (await import("./tool-find.js")).findTool },
};

export class AnatomyTools {
  /** @type {Map<string, Promise<Tool>>} */ #made = new Map();
  /** @type {Tool | null} */ #open = null;
  name = "";

  /** @param {any} figure the element @param {HTMLElement | null} place */
  constructor(figure, place) {
    this.figure = figure;
    if (!place) return;
    this.place = place;
    this.buttons = Object.entries(TOOLS).map(([name, { words }]) => {
      const button = create("button", { type: "button", className: "button" }, words);
      button.dataset.tool = name;
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => this.open(this.name === name ? "" : name));
      return button;
    });
    this.panes = new Map(Object.keys(TOOLS).map((name) => [name, create("section", { className: "tool", hidden: true })]));
    for (const [name, pane] of this.panes) pane.setAttribute("aria-label", TOOLS[name].words);
    const row = create("div", { className: "row tool-row" }, ...this.buttons);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Tools");
    place.append(row, ...this.panes.values());
  }

  /** Open a tool, or none. @param {string} name @param {any} [given] */
  async open(name, given) {
    if (!this.place) return;
    const changed = name !== this.name;
    this.name = name;
    if (changed) {
      this.#open?.close?.();
      this.#open = null;
      if (this.figure.plot) await this.figure.plot.lay("", []);
    }
    for (const button of this.buttons) button.setAttribute("aria-expanded", String(button.dataset.tool === name));
    for (const [one, pane] of this.panes) pane.hidden = one !== name;
    if (!name) return;
    try {
      const tool = await this.#tool(name);
      if (this.name !== name) return; // another was opened meanwhile
      this.#open = tool;
      if (tool.asDrawn) await this.figure.undress();
      await tool.open(given);
    } catch {
      this.figure.say("This tool did not load. Try again when you are online.");
      this.open("");
    }
  }

  /** @param {string} name */
  #tool(name) {
    if (!this.#made.has(name)) {
      const making = Promise.all([TOOLS[name].load(), this.figure.data()]).then(([make, { explorer }]) =>
        make(this.figure, /** @type {HTMLElement} */ (this.panes.get(name)), explorer),
      );
      this.#made.set(name, making);
      making.catch(() => this.#made.delete(name));
    }
    return /** @type {Promise<Tool>} */ (this.#made.get(name));
  }

  /** A touch of the drawing goes to the open tool first. @param {string} structure @param {[number, number, number]} point */
  touch(structure, point) {
    return Boolean(this.#open?.touch?.(structure, point));
  }
}
