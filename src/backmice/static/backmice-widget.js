// <backmice-widget>: a widget of a notebook on a page of the book, alive as Python left it. No kernel runs.
//
// The page holds a still of it and, in a template, what the widget shows; the traits stand in an attribute. The same
// module draws it as in a notebook (see widget-host.js). If it can't be had, the still stays.

import { create } from "./dom.js";
import { WidgetModel } from "./widget-model.js";

/** @type {Record<string, () => Promise<{default: {render: (host: {model: any, el: HTMLElement}) => Promise<() => void>}}>>} */
const WIDGETS = {
  anatomy: () => import("./widget-anatomy.js"),
  quiz: () => import("./widget-quiz.js"),
  reasoner: () => import("./widget-reasoner.js"),
};

class BackmiceWidget extends HTMLElement {
  /** @type {WidgetModel | null} */ model = null;

  async connectedCallback() {
    if (this.model) return;
    const { widget = "", traits = "{}", files = "{}" } = this.dataset;
    this.model = new WidgetModel(JSON.parse(traits), JSON.parse(files));
    const { render } = (await WIDGETS[widget]()).default;
    const [el, still] = [create("div", {}), this.querySelector(".still")];
    el.append(...this.querySelectorAll("template"));
    still?.after(el);
    await render({ model: this.model, el });
    still?.remove();
    this.dataset.state = "alive";
  }
}

if (!customElements.get("backmice-widget")) customElements.define("backmice-widget", BackmiceWidget);
