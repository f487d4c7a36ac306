// <backmice-anatomy>: a picture, a list and a table become a 3-D figure when the reader comes near.
//
// The plotting bundle and the figure's data are fetched only then; where data is to be saved they
// wait for a press, as they do inside an item (`data-start="press"`). If either fails, the picture and
// the table stay and say the same. Pressing on a structure is told as an event, for who asks for one.

const MOVE_MS = 420;
const NEAR = "240px";
const WIDE_PX = 600;
const UP = { x: 0, y: 0, z: 1 };
export const STRUCTURE = "backmice-structure"; // bubbles; detail {structure}
export const STATE = "backmice-state"; // bubbles; what `state` gives has changed
const SETTLED_MS = 80; // a turn of the figure is told once, when it ends

/** @type {Map<string, Promise<any>>} one load for each bundle, whatever the number of figures */
const bundles = new Map();

/** @param {string} url */
function loadBundle(url) {
  if (!bundles.has(url)) {
    const loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error(`no ${url}`));
      document.head.append(script);
    });
    bundles.set(url, loading);
    loading.catch(() => bundles.delete(url));
  }
  return bundles.get(url);
}

/** Whether this browser draws with WebGL. Asked first: plotly would cover the picture with a notice of its own. */
function drawsIn3d() {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // a page gets only a few
  return Boolean(context);
}

/** A camera between two others: its eye turns about the vertical and never crosses the centre. */
export function between(from, to, t) {
  const polar = ({ x, y, z }) => ({ angle: Math.atan2(y, x), radius: Math.hypot(x, y), z });
  const [a, b] = [polar(from), polar(to)];
  let turn = b.angle - a.angle;
  if (turn > Math.PI) turn -= 2 * Math.PI;
  if (turn < -Math.PI) turn += 2 * Math.PI;
  const angle = a.angle + turn * t;
  const radius = a.radius + (b.radius - a.radius) * t;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z: a.z + (b.z - a.z) * t };
}

/** Which traces are seen, from what is ticked. */
export function visibility(traces, ticked, spread) {
  return traces.map(({ meta }) => ticked.has(meta.structure) && (spread || meta.part === "shape"));
}

class BackmiceAnatomy extends HTMLElement {
  selected = "";

  /** What is shown, chosen and looked at, as a host may keep it. */
  get state() {
    const eye = this.plot?._fullLayout?.scene?._scene?.getCamera?.().eye ?? this.home;
    const [x, y, z] = [eye.x, eye.y, eye.z].map((value) => Math.round(value * 1e4) / 1e4);
    const visible = this.boxes().flatMap((box) => (box.checked ? box.closest("[data-structure]").dataset.structure : []));
    const { selected } = this;
    return { visible, selected, camera: { x, y, z }, labels: this.pressed("labels"), spread: this.pressed("spread") };
  }

  /** Take over a part of it; before the figure is drawn there is nothing to change. */
  set state({ visible, selected, camera, ...switches }) {
    if (this.dataset.state !== "drawn") return;
    for (const box of visible ? this.boxes() : []) {
      box.checked = visible.includes(box.closest("[data-structure]").dataset.structure);
    }
    for (const [name, on] of Object.entries(switches)) {
      this.querySelector(`[data-switch="${name}"]`)?.setAttribute("aria-pressed", String(on));
    }
    if (selected) this.read(selected);
    if (camera) this.look(camera);
    this.show();
  }

  /** Look from a place that may be one of the views. */
  look(eye) {
    for (const button of this.querySelectorAll("[data-view]")) {
      const named = JSON.parse(button.dataset.view).eye;
      button.setAttribute("aria-pressed", String(["x", "y", "z"].every((axis) => Math.abs(named[axis] - eye[axis]) < 1e-3)));
    }
    this.moveTo(eye);
  }

  /** Tell a host that the state has changed, when it has settled. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.dispatchEvent(new CustomEvent(STATE, { bubbles: true })), SETTLED_MS);
  }

  connectedCallback() {
    if (this.stage) return;
    this.stage = this.querySelector(".stage");
    this.status = this.querySelector(".note");
    this.panel = this.querySelector(".panel");
    this.connectControls();
    const open = () => this.start();
    const waits = this.dataset.start === "press";
    if (!waits) this.say("Choose a structure to read about it.");
    if (waits || navigator.connection?.saveData) return this.offer("Turn in 3-D", () => ((this.asked = true), open()));
    const near = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && (near.disconnect(), open()),
      { rootMargin: NEAR },
    );
    near.observe(this.stage);
  }

  /** Put a button on the stage that does `act`. */
  offer(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button corner";
    button.textContent = words;
    button.addEventListener("click", () => (button.remove(), act()));
    this.stage.append(button);
  }

  async start() {
    if (!drawsIn3d()) {
      this.dataset.state = "failed";
      return this.say("This browser does not draw in 3-D. The picture and the table say the same.");
    }
    this.dataset.state = "loading";
    try {
      const [Plotly, figure] = await Promise.all([
        loadBundle(this.dataset.bundle),
        fetch(this.dataset.figure).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))),
      ]);
      await this.draw(Plotly, figure);
    } catch {
      this.fail();
    }
  }

  fail() {
    this.dataset.state = "failed";
    this.plot?.remove();
    this.showControls(false);
    this.say("The 3-D figure did not load. The picture and the table say the same.");
    this.offer("Try again", () => this.start());
  }

  async draw(Plotly, figure) {
    this.Plotly = Plotly;
    this.figure = figure;
    this.plot = document.createElement("div");
    this.plot.className = "plot";
    this.stage.append(this.plot);
    this.showControls(true); // first, since they make the stage taller
    this.panel.inert = true; // until there is something to control
    const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };
    await Plotly.newPlot(this.plot, this.named(figure.data), this.fitted(figure.layout), config);
    // The canvas says nothing to a screen reader: the list and the table do.
    this.plot.setAttribute("aria-hidden", "true");
    this.plot.on("plotly_click", ({ points }) => this.press(points[0].data.meta.structure));
    this.plot.on("plotly_relayout", () => this.tell());
    const how = document.createElement("span");
    how.className = "screen-only";
    how.textContent = ", drag to turn";
    this.stage.querySelector(".tag").replaceChildren("Schematic", how);
    this.home = figure.layout.scene.camera.eye;
    await this.show();
    this.panel.inert = false;
    // Who asked for it by a press has said already that it is to turn.
    if (matchMedia("(pointer: coarse)").matches) this.asked ? this.letTurn() : this.guardTouch();
    this.dataset.state = "drawn";
    this.dispatchEvent(new CustomEvent("backmice-drawn", { bubbles: true }));
  }

  /** The traces, each naming itself under the pointer; inside an item a name would be the answer. */
  named(traces) {
    if (this.dataset.start !== "press") return traces;
    return traces.map((trace) => ({ ...trace, hovertemplate: "", hoverinfo: "none" }));
  }

  /** A parallel view fills the height of its stage: on a tall one it is drawn smaller, so that the width fits. */
  fitted(layout) {
    const fit = Math.min(1, this.plot.clientWidth / this.plot.clientHeight);
    const copy = structuredClone(layout);
    for (const axis of ["x", "y", "z"]) copy.scene.aspectratio[axis] *= fit;
    return copy;
  }

  /** On touch the page scrolls over the figure until the reader asks to turn it. */
  guardTouch() {
    this.plot.style.pointerEvents = "none";
    this.offer("Turn in 3-D", () => this.letTurn());
  }

  letTurn() {
    this.plot.style.pointerEvents = "";
    this.offer("Done turning", () => this.guardTouch());
  }

  showControls(shown) {
    for (const control of [...this.boxes(), ...this.querySelectorAll(".presets, .switches, .layer-switches")]) {
      control.hidden = !shown;
    }
    this.panel.inert = false;
  }

  connectControls() {
    for (const box of this.boxes()) {
      box.addEventListener("change", () => {
        this.show();
        this.read(box.closest("[data-structure]").dataset.structure);
      });
      box.addEventListener("focus", () => this.read(box.closest("[data-structure]").dataset.structure));
    }
    for (const button of this.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => this.view(button));
    }
    for (const button of this.querySelectorAll("[data-layer-switch]")) {
      button.addEventListener("click", () => this.toggleLayer(button));
    }
    for (const button of this.querySelectorAll("[data-switch]")) {
      button.addEventListener("click", () => this.toggle(button));
    }
  }

  /** The checkboxes of all structures, or of one layer. */
  boxes(layer = "") {
    return [...this.querySelectorAll(`.layers ${layer && `[data-layer="${layer}"]`} input`)];
  }

  /** Show a whole layer, or hide it when any of it is shown. */
  toggleLayer(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const box of this.boxes(button.dataset.layerSwitch)) box.checked = on;
    return this.show();
  }

  pressed(name) {
    return this.querySelector(`[data-switch="${name}"]`)?.getAttribute("aria-pressed") === "true";
  }

  /** A structure was chosen in the drawing itself. */
  press(structure) {
    this.dispatchEvent(new CustomEvent(STRUCTURE, { bubbles: true, detail: { structure } }));
    this.read(structure);
  }

  /** Draw what is ticked, its spread and its labels as switched. */
  show() {
    const boxes = this.boxes();
    const ticked = new Set(
      boxes.length
        ? boxes.filter((box) => box.checked).map((box) => box.closest("[data-structure]").dataset.structure)
        : this.figure.data.map(({ meta }) => meta.structure), // inside an item there is no list to tick
    );
    for (const button of this.querySelectorAll("[data-layer-switch]")) {
      const any = this.boxes(button.dataset.layerSwitch).some((box) => box.checked);
      button.setAttribute("aria-pressed", String(any));
    }
    const labels = this.pressed("labels");
    // The labels' arms are drawn for a wide stage; on a narrow one they are shorter.
    const arm = Math.min(1, (this.plot.clientWidth / WIDE_PX) ** 4);
    const annotations = this.figure.layout.scene.annotations.map((label) => ({
      ...label,
      ax: label.ax * arm,
      ay: label.ay * arm,
      font: { ...label.font, size: arm < 1 ? 10.5 : label.font.size },
      visible: labels && ticked.has(label.name),
    }));
    const visible = visibility(this.figure.data, ticked, this.pressed("spread"));
    this.tell();
    return this.Plotly.update(this.plot, { visible }, { "scene.annotations": annotations });
  }

  toggle(button) {
    if (button.dataset.switch === "reset") return this.reset();
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    return this.show();
  }

  reset() {
    for (const box of this.boxes()) box.checked = true;
    this.querySelector('[data-switch="labels"]').setAttribute("aria-pressed", "false");
    this.querySelector('[data-switch="spread"]').setAttribute("aria-pressed", "true");
    this.view(this.querySelector("[data-view]"));
    this.say("All structures are shown again.");
    return this.show();
  }

  /** Move the camera to a named view. */
  view(button) {
    this.look(JSON.parse(button.dataset.view).eye);
  }

  /** Move the eye. */
  moveTo(to) {
    const from = this.plot._fullLayout?.scene?._scene?.getCamera?.().eye ?? this.home;
    const instant = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const start = performance.now();
    const step = (now) => {
      const t = instant ? 1 : Math.min(1, (now - start) / MOVE_MS);
      const eased = t * t * (3 - 2 * t);
      this.Plotly.relayout(this.plot, { "scene.camera.eye": between(from, to, eased), "scene.camera.up": UP });
      if (t < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Show a structure's note beside the list. */
  read(id) {
    const note = this.querySelector(`[data-note="${id}"]`);
    if (!note) return; // inside an item a name would be the answer
    this.say(`${note.dataset.name}. ${note.textContent}`);
    this.selected = id;
    this.tell();
    for (const row of this.querySelectorAll("[data-structure]")) {
      row.classList.toggle("is-read", row.dataset.structure === id);
    }
  }

  say(words) {
    this.status.textContent = words;
  }
}

if (!customElements.get("backmice-anatomy")) customElements.define("backmice-anatomy", BackmiceAnatomy);
