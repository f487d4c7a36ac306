// The drawing of a figure by plotly: what is seen of it, where its camera stands, and what tools lay over it.

import { between, eased, orbit } from "./camera.js";
import { lookOf } from "./anatomy-looks.js";
import { inColumns } from "./anatomy-labels.js";
import { Pace, sharpness } from "./anatomy-pace.js";
import { DRAWN, scale, worn } from "./body.js";
import { scriptUrl } from "./trusted.js";

/** @typedef {import("./camera.js").Eye} Eye @typedef {import("./anatomy-looks.js").Looks} Looks */
/** @typedef {{at: number[], text: string, colour?: string, up?: number, aside?: number}} Note words at a point of the figure, so many pixels above it and to its right */

const MOVE_MS = 420;
const WIDE_PX = 600;
const FONT_PX = { wide: 13, narrow: 10.5 };
const STILL_PX = 4;
const SHEET = "plotly.js-style-global"; // the name it looks for
const UP = { x: 0, y: 0, z: 1 };
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };

/** @type {Map<string, Promise<any>>} one load for each bundle, whatever the number of figures */
const bundles = new Map();

/** @param {string} url @param {string} integrity the digest of what was built, "" where none is known */
export function loadBundle(url, integrity) {
  if (!bundles.has(url)) {
    giveSheet();
    const loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.integrity = integrity;
      script.src = scriptUrl(url);
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error(`no ${url}`));
      document.head.append(script);
    });
    bundles.set(url, loading);
    loading.catch(() => bundles.delete(url));
  }
  return bundles.get(url);
}

/** Plotly writes its few rules into a style element, which the page's policy forbids: it finds a sheet in its place. */
function giveSheet() {
  if (document.getElementById(SHEET)) return;
  const sheet = new CSSStyleSheet();
  document.head.append(Object.assign(document.createElement("meta"), { id: SHEET, sheet }));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export class AnatomyPlot {
  /** @type {any[]} scene annotations of the open tool */ #notes = [];
  /** @type {Looks | null} */ #looks = null;
  /** @type {any[]} how each trace is drawn, as far as looks decide it */ #drawn = [];
  /** @type {any[]} scene annotations as they are drawn */ #words = [];
  #moves = 0;
  #body = DRAWN;
  #fit = 1;

  /**
   * @param {any} Plotly @param {HTMLElement} place in the document
   * @param {{data: any[], layout: any}} figure
   */
  constructor(Plotly, place, figure) {
    this.Plotly = Plotly;
    this.place = place;
    this.traces = figure.data;
    this.own = figure.data.map(own); // plotly writes into the traces that it draws
    this.labels = figure.layout.scene.annotations;
    this.home = figure.layout.scene.camera.eye;
    this.box = figure.layout.scene;
  }

  /** @param {any} layout @param {Looks | null} [looks] what of it is seen from the first; without it what the figure shows */
  async draw(layout, looks = null) {
    this.#drawn = looks ? this.#look(looks) : [];
    this.#words = this.labels;
    const looked = this.traces.map((trace, n) => ({ ...trace, ...this.#drawn[n] }));
    await this.Plotly.newPlot(this.place, looked, this.#fitted(layout), { ...CONFIG, ...sharpness() });
    // The canvas says nothing to a screen reader: the list and the table do.
    this.place.setAttribute("aria-hidden", "true");
    this.pace = new Pace(this.place, () => this.#scene?.glplot, () => this.#isGlass);
    this.#followSize();
    // A turn by hand ends with this one; a label's place counts where the camera stands.
    /** @type {any} */ (this.place).on("plotly_relayout", (/** @type {any} */ change) => "scene.camera" in change && this.#settle());
  }

  /** @param {Looks} looks how each trace is drawn */
  #look(looks) {
    return this.traces.map(({ meta }, n) => lookOf(meta, this.own[n].opacity, looks));
  }

  /** The stage grows and shrinks with what stands beside it, which plotly does not see. */
  #followSize() {
    let [width, height] = [this.place.clientWidth, this.place.clientHeight];
    const observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight, isConnected } = this.place;
      if (!isConnected) return observer.disconnect();
      if (!clientWidth || (clientWidth === width && clientHeight === height)) return;
      [width, height] = [clientWidth, clientHeight];
      this.Plotly.Plots?.resize(this.place);
    });
    observer.observe(this.place);
  }

  /** A parallel view fills the height of its stage: on a tall one it is drawn smaller, so that the width fits. */
  #fitted(layout) {
    this.#fit = Math.min(1, this.place.clientWidth / this.place.clientHeight);
    const copy = structuredClone(layout);
    for (const axis of ["x", "y", "z"]) copy.scene.aspectratio[axis] *= this.#fit;
    return copy;
  }

  /** Whether bodies are looked through: then what is transparent can't be left out. */
  get #isGlass() {
    const looks = this.#looks;
    const veiled = this.traces.some(({ meta }) => meta.per_fat && looks?.shown.has(meta.structure)); // by skin and fat
    return Boolean(looks && (veiled || looks.faded.size || looks.through.size || looks.studies));
  }

  get #scene() {
    return /** @type {any} */ (this.place)._fullLayout?.scene?._scene;
  }

  /** @returns {Eye} */
  get eye() {
    return this.#scene?.getCamera?.().eye ?? this.home;
  }

  /**
   * Plotly tells a press while a frame is drawn: where frames take long a quick one is over by then,
   * so what lay under the pointer counts when it comes up where it went down.
   * @param {(structure: string, point: [number, number, number]) => void} pressed
   */
  onPress(pressed) {
    const place = /** @type {any} */ (this.place);
    let [told, hovered, down] = [false, /** @type {any} */ (null), [0, 0]];
    const tell = ({ points: [{ data, x, y, z }] }) => {
      if (told) return;
      told = true; // before anything is drawn, which would tell it again
      // Not in the middle of a frame: what it takes away plotly would still be drawing.
      queueMicrotask(() => pressed(data.meta?.structure ?? "", [x, y, z]));
    };
    place.on("plotly_hover", (/** @type {any} */ event) => (hovered = event));
    place.on("plotly_unhover", () => (hovered = null));
    place.on("plotly_click", tell);
    this.place.addEventListener("pointerdown", ({ clientX, clientY }) => ([told, down] = [false, [clientX, clientY]]));
    this.place.addEventListener("click", ({ clientX, clientY }) => {
      const moved = Math.hypot(clientX - down[0], clientY - down[1]);
      if (hovered && moved < STILL_PX) tell(hovered);
      told = true;
    });
  }

  /** @param {() => void} moved */
  onMove(moved) {
    /** @type {any} */ (this.place).on("plotly_relayout", moved);
  }

  /** Draw what is looked for, as far as it is drawn otherwise. @param {Looks} looks */
  async show(looks) {
    this.#looks = looks;
    const before = this.#drawn;
    const found = (this.#drawn = this.#look(looks));
    const which = found.flatMap((one, n) => (isSame(one, before[n]) ? [] : [n]));
    if (!which.length) return this.#name();
    const update = { visible: which.map((n) => found[n].visible), opacity: which.map((n) => found[n].opacity) };
    await this.Plotly.update(this.place, update, this.#named(), which);
  }

  /** What is to be changed so that the right words stand where they belong; nothing where they do. */
  #named() {
    const words = this.#annotations();
    return isSame(words, this.#words) ? {} : { "scene.annotations": (this.#words = words) };
  }

  async #name() {
    const change = this.#named();
    if (Object.keys(change).length) await this.Plotly.relayout(this.place, change);
  }

  #annotations() {
    const { shown, labels } = /** @type {Looks} */ (this.#looks);
    if (!labels) return [...this.labels.map((label) => ({ ...label, visible: false })), ...this.#notes];
    const { clientWidth: width, clientHeight: height } = this.place;
    const font_px = width < WIDE_PX ? FONT_PX.narrow : FONT_PX.wide;
    const k = scale(this.#body);
    const at = this.labels.map(({ x, y, z }) => [k * x, k * y, k * z]);
    const wanted = this.labels.flatMap(({ name, text }, n) => (shown.has(name) ? { name, text, at: at[n] } : []));
    const isSeen = Boolean(this.#scene?.glplot); // what is not drawn has no place on the screen
    const placed = new Map(inColumns(isSeen ? wanted : [], { eye: this.eye, width, height, font_px, onScreen: (point) => this.#onScreen(point) }).map((one) => [one.name, one]));
    const named = this.labels.map((label) => {
      const { at: [x, y, z] = [0, 0, 0], ax = 0, ay = 0, xanchor = "left" } = placed.get(label.name) ?? {};
      return { ...label, x, y, z, ax, ay, xanchor, font: { ...label.font, size: font_px }, visible: placed.has(label.name) };
    });
    return [...named, ...this.#notes];
  }

  /** Let the labels find their places anew, once what the camera sees is drawn. */
  async #settle() {
    if (!this.#looks?.labels) return;
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
    if (this.#looks?.labels) await this.#name();
  }

  /** Where a point of the figure is seen. @param {number[]} point mm @returns {[number, number]} px from the left and from the top */
  #onScreen(point) {
    const { glplot: { cameraParams: { model, view, projection } }, dataScale } = this.#scene;
    const times = (/** @type {number[]} */ m, /** @type {number[]} */ v) => [0, 1, 2, 3].map((i) => v.reduce((sum, x, j) => sum + m[i + 4 * j] * x, 0));
    const [x, y, , w] = [model, view, projection].reduce((q, m) => times(m, q), [...point.map((v, i) => v * dataScale[i]), 1]);
    return [(this.place.clientWidth * (1 + x / w)) / 2, (this.place.clientHeight * (1 - y / w)) / 2];
  }

  /** Draw it as a body has it. @param {import("./body.js").Body} body */
  async wear(body) {
    const [before, k] = [this.#body, scale(body)];
    this.#body = body;
    const grown = before.stature_cm !== body.stature_cm;
    const which = this.traces.flatMap(({ meta }, n) => (grown || (meta.per_fat && before.fat_mm !== body.fat_mm) ? [n] : []));
    if (!which.length) return;
    const points = which.map((n) => worn(this.traces[n], body));
    const update = Object.fromEntries(["x", "y", "z"].map((axis) => [axis, points.map((one) => one[axis])]));
    // The box grows with the body, so that a mm is drawn as large as before.
    const box = Object.fromEntries(["x", "y", "z"].flatMap((axis) => [
      [`scene.${axis}axis.range`, this.box[`${axis}axis`].range.map((/** @type {number} */ mm) => k * mm)],
      [`scene.aspectratio.${axis}`, k * this.#fit * this.box.aspectratio[axis]],
    ]));
    await this.Plotly.update(this.place, update, grown ? box : {}, which);
  }

  /** Add the traces of a layer that came late. @param {any[]} traces */
  async add(traces) {
    await this.lay("", []); // what tools laid over it stands last
    this.traces = [...this.traces, ...traces];
    this.own = [...this.own, ...traces.map(own)];
    const looked = this.#looks ? this.#look(this.#looks).slice(-traces.length) : [];
    this.#drawn = [...this.#drawn, ...looked];
    await this.Plotly.addTraces(this.place, traces.map((trace, n) => ({ ...trace, ...worn(trace, this.#body), ...looked[n] })));
  }

  /**
   * Lay a tool's marks over the figure, in place of those of the tool before.
   * @param {string} name @param {any[]} traces @param {Note[]} [notes]
   */
  async lay(name, traces, notes = []) {
    const old = /** @type {any} */ (this.place).data.flatMap((_, n) => (n >= this.traces.length ? [n] : []));
    if (old.length) await this.Plotly.deleteTraces(this.place, old);
    if (traces.length) await this.Plotly.addTraces(this.place, traces.map((trace) => ({ hoverinfo: "skip", ...trace, meta: { tool: name } })));
    this.#notes = notes.map((note) => noteAt(name, note));
    if (this.#looks) await this.#name();
  }

  /** @param {Eye} to @param {boolean} [instant] */
  moveTo(to, instant = matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const [from, move, start] = [this.eye, ++this.#moves, performance.now()];
    this.pace?.move();
    return new Promise((done) => {
      const step = (/** @type {number} */ now) => {
        if (move !== this.#moves) return done(undefined); // another move took over
        const t = instant ? 1 : Math.max(0, Math.min(1, (now - start) / MOVE_MS));
        this.look(between(from, to, eased(t)));
        if (t < 1) return requestAnimationFrame(step);
        this.pace?.rest();
        this.#settle().then(done);
      };
      requestAnimationFrame(step);
    });
  }

  /** @param {number} across radians @param {number} up radians */
  turn(across, up) {
    this.#moves++;
    this.look(orbit(this.eye, across, up));
    return this.#settle();
  }

  /** @param {Eye} eye */
  look(eye) {
    return this.Plotly.relayout(this.place, { "scene.camera.eye": eye, "scene.camera.up": UP });
  }

  /** In practice a name under the pointer would be the answer. @param {boolean} hidden */
  hideNames(hidden) {
    const info = this.own.map(({ hoverinfo }) => (hidden ? "none" : hoverinfo));
    const template = this.own.map(({ hovertemplate }) => (hidden ? "" : hovertemplate));
    return this.Plotly.restyle(this.place, { hoverinfo: info, hovertemplate: template }, this.traces.map((_, n) => n));
  }

  remove() {
    this.#moves++;
    this.place.remove();
  }
}

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {any} trace what it is like when nothing is faded or hidden */
const own = ({ opacity = 1, hoverinfo = "all", hovertemplate = "" }) => ({ opacity, hoverinfo, hovertemplate });

/** @param {string} name @param {Note} note */
const noteAt = (name, { at: [x, y, z], text, colour = "#e9efec", up = 28, aside = 0 }) => ({
  name, text, x, y, z, ax: aside, ay: -up, showarrow: true, arrowcolor: colour, arrowwidth: 1.2, arrowhead: 0,
  font: { color: colour, size: 14 }, bgcolor: "#101a1a", borderpad: 2,
});

/** @param {[number, number, number][]} points @param {string} colour @returns {any} a line through points */
export const lineThrough = (points, colour, width = 6) => ({
  type: "scatter3d", mode: "lines", line: { color: colour, width }, showlegend: false,
  x: points.map(([x]) => x), y: points.map(([, y]) => y), z: points.map(([, , z]) => z),
});

const [TURNS, BANDS] = [10, 6];

/**
 * A ball at each point, all of them one mesh: plotly's own markers are letters, which take long to make.
 * @param {[number, number, number][]} points @param {string | string[]} colours one, or one for each point
 * @param {number} [radius_mm] @returns {any}
 */
export function ballsAt(points, colours, radius_mm = 3.4) {
  /** @type {{x: number[], y: number[], z: number[], i: number[], j: number[], k: number[], vertexcolor: string[]}} */
  const mesh = { x: [], y: [], z: [], i: [], j: [], k: [], vertexcolor: [] };
  for (const [n, [x, y, z]] of points.entries()) {
    const base = mesh.x.length;
    for (let band = 0; band <= BANDS; band++) {
      for (let turn = 0; turn < TURNS; turn++) {
        const [tilt, angle] = [(Math.PI * band) / BANDS, (2 * Math.PI * turn) / TURNS];
        mesh.x.push(x + radius_mm * Math.sin(tilt) * Math.cos(angle));
        mesh.y.push(y + radius_mm * Math.sin(tilt) * Math.sin(angle));
        mesh.z.push(z + radius_mm * Math.cos(tilt));
        mesh.vertexcolor.push(typeof colours === "string" ? colours : colours[n]);
        if (band === BANDS) continue;
        const [a, b] = [base + band * TURNS + turn, base + band * TURNS + ((turn + 1) % TURNS)];
        mesh.i.push(a, b);
        mesh.j.push(a + TURNS, a + TURNS);
        mesh.k.push(b, b + TURNS);
      }
    }
  }
  return { type: "mesh3d", ...mesh, lighting: { ambient: 0.7, diffuse: 0.5 } };
}
