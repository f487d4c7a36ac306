// <backmice-anatomy>: a picture, a list and a table become a 3-D figure when the reader comes near.
//
// The plotting bundle and the figure's data are fetched only then; where data is to be saved they
// wait for a press, as they do inside an item (`data-start="press"`). If either fails, or the browser
// draws no 3-D, the pictures and the table stay and the tools go on without the drawing.
// `state` is what a host may keep; `backmice-state` tells that it has changed.

import { unpacked } from "./anatomy-data.js";
import { AnatomyList } from "./anatomy-list.js";
import { begin, depths } from "./anatomy-looks.js";
import { DRAWN, worn } from "./body.js";
import { drawsIn3d } from "./anatomy-pace.js";
import { AnatomyPlot, loadBundle } from "./anatomy-plot.js";
import { AnatomyTools } from "./anatomy-tools.js";
import { guardTouch } from "./anatomy-touch.js";
import { connectViews } from "./anatomy-views.js";
import { create } from "./dom.js";
import { areKept, fetchJson } from "./fetched.js";
import { atRest } from "./rest.js";

/** @typedef {import("./anatomy-looks.js").Looks} Looks @typedef {import("./places.js").Explorer} Explorer */

const NEAR = "240px";
const AHEAD = "200%"; // of the window
const TURN = 0.26; // radians a press of a turning button
const SETTLED_MS = 80; // a turn of the figure is told once, when it ends
export const STRUCTURE = "backmice-structure"; // bubbles; detail {structure, point}
export const STATE = "backmice-state"; // bubbles; what `state` gives has changed
const NO_3D = "This browser does not draw in 3-D. The pictures, the tools and the table say the same.";
const FAILED = "The 3-D figure did not load. The picture and the table say the same.";

class BackmiceAnatomy extends HTMLElement {
  /** @type {AnatomyPlot | null} */ plot = null;
  selected = "";
  body = DRAWN;
  /** @type {number | null} what the measuring tool last gave */ measured_mm = null;
  /** @type {Promise<any> | null} */ #data = null;
  /** How data is fetched; a host without addresses gives a way of its own. */ load = fetchJson;

  connectedCallback() {
    if (this.stage) return;
    this.stage = /** @type {HTMLElement} */ (this.querySelector(".stage"));
    this.status = this.querySelector(".note");
    this.panel = /** @type {HTMLElement} */ (this.querySelector(".panel"));
    this.inItem = this.dataset.start === "press";
    this.list = new AnatomyList(this);
    this.looks = begin(this.list.structures, Object.keys(this.late));
    this.#connect();
    if (!this.inItem) {
      this.tools = new AnatomyTools(this, this.querySelector(".tools"));
      this.say("Choose a structure to read about it.");
    }
    this.#whenNear(AHEAD, () => atRest(() => this.#prepare()));
    const led = !this.inItem && connectViews(this);
    if (this.inItem || navigator.connection?.saveData) return this.offer("Turn in 3-D", () => ((this.asked = true), this.start()));
    if (led) return this.start();
    this.#whenNear(NEAR, () => this.start());
  }

  /** @param {string} rootMargin @param {() => void} act */
  #whenNear(rootMargin, act) {
    const near = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && (near.disconnect(), act()),
      { rootMargin },
    );
    near.observe(this.stage);
  }

  /** What is shown, chosen, looked at and measured, as a host may keep it. */
  get state() {
    const { x, y, z } = this.plot?.eye ?? this.home ?? { x: 0, y: -2, z: 0 };
    const { labels, spread, sex } = this.looks;
    const visible = this.list.structures.flatMap(({ id }) => (this.looks.shown.has(id) ? id : []));
    return { visible, selected: this.selected, camera: { x, y, z }, labels, spread, body: { ...this.body, sex }, measured_mm: this.measured_mm };
  }

  /** Take over a part of it; before the figure is drawn it is kept, and the figure is drawn so. */
  set state(state) {
    if (this.dataset.state !== "drawn") return void Object.assign(this.#wished, state);
    this.#take(state);
    if (state.camera) this.plot?.moveTo(state.camera);
    if (state.body) this.wear({ ...this.state.body, ...state.body });
    this.show();
  }

  /** @param {any} state what is seen and chosen of it */
  #take({ visible, selected, labels, spread }) {
    if (visible) this.looks = { ...this.looks, shown: new Set(visible) };
    this.looks = { ...this.looks, labels: labels ?? this.looks.labels, spread: spread ?? this.looks.spread };
    if (selected) this.read(selected);
  }

  /** @type {any} what a host wants of it before it is drawn */ #wished = {};

  /** Tell a host that the state has changed, when it has settled. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.dispatchEvent(new CustomEvent(STATE, { bubbles: true })), SETTLED_MS);
  }

  /** @returns {Record<string, string>} where the layers are that are fetched when asked for */
  get late() {
    return JSON.parse(this.dataset.layers ?? "{}");
  }

  /** The figure's data, fetched once. @returns {Promise<{data: any[], layout: any, explorer: Explorer}>} */
  data() {
    this.#data ??= this.load(this.dataset.figure ?? "").then((/** @type {any} */ figure) => ({ ...figure, data: unpacked(figure.data) }));
    this.#data.catch(() => (this.#data = null));
    return this.#data;
  }

  /** Put a button on the stage that does `act`. @param {string} words @param {() => void} act @param {string} [corner] */
  offer(words, act, corner = "corner") {
    this.stage.querySelector(`.${corner.split(" ").at(-1)}`)?.remove();
    const button = create("button", { type: "button", className: `button ${corner}` }, words);
    button.addEventListener("click", () => (button.remove(), act()));
    this.stage.append(button);
    return button;
  }

  /** The script that draws, and what is drawn. */
  #parts() {
    return Promise.all([loadBundle(this.dataset.bundle ?? "", this.getAttribute("integrity") ?? ""), this.data()]);
  }

  /** What this browser keeps of it is read before it is asked for. */
  async #prepare() {
    const isKept = await areKept([this.dataset.bundle ?? "", this.dataset.figure ?? ""]);
    if (isKept && drawsIn3d()) this.#parts().catch(() => {}); // it is told when it is to be drawn
  }

  async start() {
    if (!drawsIn3d()) return this.fallBack();
    this.dataset.state = "loading";
    try {
      const [Plotly, figure] = await this.#parts();
      await this.#draw(Plotly, figure);
    } catch {
      this.#fail();
    }
  }

  /** Without 3-D: a picture for each preset, and the tools, which count and draw without it. */
  fallBack() {
    this.dataset.state = "flat";
    this.say(NO_3D);
    for (const part of this.querySelectorAll(".presets, .tools")) part.hidden = false;
  }

  #fail() {
    this.dataset.state = "failed";
    this.plot?.remove();
    this.plot = null;
    this.#showControls(false);
    this.say(FAILED);
    this.offer("Try again", () => this.start());
  }

  async #draw(Plotly, figure) {
    const place = create("div", { className: "plot" });
    this.stage.append(place);
    this.#showControls(true); // first, since they make the stage taller
    this.panel.inert = true; // until there is something to control
    this.plot = new AnatomyPlot(Plotly, place, { ...figure, data: this.named(figure.data) });
    const { scene } = figure.layout;
    const { camera: eye = scene.camera.eye, body } = this.#wished;
    this.#take(this.#wished);
    await this.plot.draw({ ...figure.layout, scene: { ...scene, camera: { ...scene.camera, eye } } }, this.list.structures.length ? this.looks : null);
    this.plot.onPress((structure, point) => this.press(structure, point));
    this.plot.onMove(() => this.tell());
    this.home = scene.camera.eye;
    this.stage.querySelector(".tag")?.replaceChildren("Schematic", create("span", { className: "screen-only" }, ", drag to turn"));
    if (this.list.structures.length) this.order = depths(figure.explorer?.layers ?? this.list.layers, this.list.structures);
    else this.looks = { ...this.looks, shown: new Set(figure.data.filter(({ visible }) => visible !== false).map(({ meta }) => meta.structure)) }; // in an item nothing is listed
    await (body ? this.wear({ ...this.state.body, ...body }) : this.show());
    this.panel.inert = false;
    // Who asked for it by a press has said already that it is to turn.
    if (matchMedia("(pointer: coarse)").matches) guardTouch(this, this.asked);
    this.dataset.state = "drawn";
    this.dispatchEvent(new CustomEvent("backmice-drawn", { bubbles: true }));
  }

  /** The traces, each naming itself under the pointer; inside an item a name would be the answer. */
  named(traces) {
    return this.inItem ? traces.map((trace) => ({ ...trace, hovertemplate: "", hoverinfo: "none" })) : traces;
  }

  #showControls(shown) {
    this.list.enable(shown);
    for (const control of this.querySelectorAll(".presets, .switches, .tools, .turns")) control.hidden = !shown;
    this.panel.inert = false;
  }

  #connect() {
    for (const button of this.querySelectorAll("[data-view]")) button.addEventListener("click", () => this.view(button));
    for (const button of this.querySelectorAll("[data-switch]")) button.addEventListener("click", () => this.#toggle(button));
    for (const button of this.querySelectorAll("[data-turn]")) {
      const [across, up] = button.dataset.turn.split(" ").map((steps) => Number(steps) * TURN);
      button.addEventListener("click", () => this.plot?.turn(across, up));
    }
  }

  #toggle(button) {
    const name = button.dataset.switch;
    if (name === "reset") return this.reset();
    return this.change({ ...this.looks, [name]: !this.looks[name] });
  }

  /** Look at it in another way. @param {Looks} looks */
  change(looks) {
    this.looks = looks;
    return this.show();
  }

  /** Take on a body: what lies under the fat scales with stature, fat and skin follow. @param {import("./body.js").Body} body */
  async wear({ sex, ...body }) {
    this.body = body;
    this.looks = { ...this.looks, sex };
    await this.plot?.wear(body);
    await this.show();
  }

  /** What is published or sought is held against the body as drawn. */
  async undress() {
    if (this.body.stature_cm === DRAWN.stature_cm) return;
    await this.wear({ ...this.body, ...DRAWN, sex: this.looks.sex });
    this.say(`The body is ${DRAWN.stature_cm} cm tall again, as drawn: this tool rests on it.`);
  }

  /** Draw it as it is looked at, and let list and switches say so. Layers not there yet are fetched. */
  async show() {
    this.list.write(this.looks);
    for (const name of ["labels", "spread"]) {
      this.querySelector(`[data-switch="${name}"]`)?.setAttribute("aria-pressed", String(this.looks[name]));
    }
    await this.#fetchShown();
    await this.plot?.show(this.looks);
    this.tell();
  }

  /** @type {Map<string, Promise<void>>} */ #fetched = new Map();

  #fetchShown() {
    const shown = new Set(this.list.structures.flatMap(({ id, layer }) => (this.looks.shown.has(id) ? layer : [])));
    return this.#fetchLayers([...shown]);
  }

  /** Fetch what is missing of some layers, and say so. @param {string[]} wanted */
  async #fetchLayers(wanted) {
    const layers = Object.keys(this.list.layers).filter((layer) => this.late[layer] && wanted.includes(layer)); // from outside in
    const missing = layers.filter((layer) => !this.#fetched.has(layer));
    if (!missing.length) return void (await Promise.all(layers.map((layer) => this.#fetched.get(layer)?.catch(() => {}))));
    const words = missing.map((layer) => this.list.layers[layer] ?? layer).join(", ");
    const before = this.status?.textContent?.replace(/^Fetch(ing|ed): [^.]*\. ?/, "");
    this.say(`Fetching: ${words}. ${before}`);
    // The outer ones are laid over the inner ones, so that what is looked through is painted in that order.
    let inner = Promise.resolve();
    for (const layer of [...missing].reverse()) this.#fetched.set(layer, (inner = this.#fetchLayer(layer, inner)));
    const came = await Promise.allSettled(missing.map((layer) => this.#fetched.get(layer)));
    const lost = missing.filter((_, n) => came[n].status === "rejected");
    for (const layer of lost) this.#fetched.delete(layer);
    if (lost.length) this.say(`Did not load: ${lost.map((layer) => this.list.layers[layer] ?? layer).join(", ")}. Try again when you are online.`);
    else if (this.status?.textContent?.startsWith("Fetching")) this.say(`Fetched: ${words}. ${before}`);
  }

  /** @param {string} layer @param {Promise<void>} inner what has to be there first */
  async #fetchLayer(layer, inner) {
    const traces = unpacked(await this.load(this.late[layer]));
    await inner.catch(() => {});
    this.lateTraces.push(...traces);
    await this.plot?.add(this.named(traces));
  }

  /** @type {any[]} */ lateTraces = [];

  /** All shapes of the figure, with every layer that is fetched on demand, as a cut needs them. */
  async shapes() {
    const { data } = await this.data();
    await this.#fetchLayers(Object.keys(this.late));
    const wanted = [...data, ...this.lateTraces].filter(({ meta, type }) => type === "mesh3d" && meta.part === "shape" && (meta.sex ?? this.looks.sex) === this.looks.sex);
    return wanted.map((trace) => ({ ...trace, ...worn(trace, this.body) }));
  }

  async reset() {
    await this.tools?.open("");
    await this.plot?.wear((this.body = DRAWN));
    this.looks = begin(this.list.structures, Object.keys(this.late));
    const first = this.querySelector("[data-view]");
    if (first) this.view(first);
    this.say("The figure is as it was at first.");
    await this.show();
  }

  /** Look from a preset by its name. @param {string} name */
  look(name) {
    const preset = [...this.querySelectorAll("[data-view]")].find((button) => button.textContent.trim() === name);
    if (preset) return this.view(preset);
  }

  /** Look from a preset. @param {HTMLElement} button */
  view(button) {
    for (const other of this.querySelectorAll("[data-view]")) other.setAttribute("aria-pressed", String(other === button));
    if (this.plot) return this.plot.moveTo(JSON.parse(button.dataset.view ?? "{}").eye);
    const [picture, src] = [this.stage.querySelector("img"), button.dataset.still];
    if (!picture || !src) return;
    const alt = `Schematic of the pelvis and the lower lumbar spine. View: ${button.textContent?.trim().toLowerCase()}.`;
    // A new one: the old may be lazy, and Chromium would take the size that was chosen for it.
    picture.replaceWith(create("img", { src, alt, width: 1280, height: 880 }));
    this.stage.querySelector(".tag")?.replaceChildren(`Schematic, ${button.textContent?.trim().toLowerCase()}`);
  }

  /** A structure was touched in the drawing itself. @param {string} structure @param {[number, number, number]} point */
  press(structure, point) {
    if (this.tools?.touch(structure, point)) return;
    if (!structure) return;
    this.dispatchEvent(new CustomEvent(STRUCTURE, { bubbles: true, detail: { structure, point } }));
    this.read(structure);
  }

  /** Show a structure's note beside the list. @param {string} id */
  read(id) {
    const note = this.querySelector(`[data-note="${id}"]`);
    if (!note) return; // inside an item a name would be the answer
    this.selected = id;
    this.say(`${note.dataset.name}. ${note.textContent}`);
    this.list.choose(id);
    this.tell();
  }

  /** @param {string} words */
  say(words) {
    if (this.status) this.status.textContent = words;
  }
}

if (!customElements.get("backmice-anatomy")) customElements.define("backmice-anatomy", BackmiceAnatomy);
