// <backmice-widget>: a widget of a notebook on a page of the book, alive as Python left it. No kernel runs.
//
// The page holds a still of it and, in a template, what the widget shows; the traits stand in an attribute. The same
// module draws it as in a notebook (see widget-host.js). If it can't be had, the still stays.

import { create } from "./dom.js";
import { WidgetModel } from "./widget-model.js";

/** @typedef {(host: {model: any, el: HTMLElement}) => Promise<() => void>} Render */
/** @type {Record<string, Render>} what this page can draw, by kind */
const RENDERS = {};

/** Let widgets of a kind come alive on this page. @param {string} kind @param {Render} render */
export function alive(kind, render) {
  RENDERS[kind] = render;
  if (!customElements.get("backmice-widget")) customElements.define("backmice-widget", BackmiceWidget);
  else for (const widget of document.querySelectorAll("backmice-widget")) /** @type {BackmiceWidget} */ (widget).connectedCallback();
}

class BackmiceWidget extends HTMLElement {
  /** @type {WidgetModel | null} */ model = null;

  async connectedCallback() {
    const { widget = "", traits = "{}", files = "{}" } = this.dataset;
    const render = RENDERS[widget];
    if (this.model || !render) return;
    this.model = new WidgetModel(JSON.parse(traits), JSON.parse(files));
    const [el, still] = [create("div", {}), this.querySelector(".still")];
    el.append(...this.querySelectorAll("template"));
    still?.after(el);
    await render({ model: this.model, el });
    still?.remove();
    this.dataset.state = "alive";
  }
}
