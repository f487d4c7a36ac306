// Cutting: a plane across or along the body, drawn as a picture with its layers, and read as a table.

import { lineThrough } from "./anatomy-plot.js";
import { dataTable } from "./data-table.js";
import { create, labelled } from "./dom.js";
import { crossed, slice } from "./section.js";

/** @typedef {import("./section.js").Plane} Plane @typedef {import("./section.js").Flat} Flat @typedef {import("./section.js").Contour} Contour */
/** @typedef {{id: string, name: string, layer: string, contours: Contour[]}} Cut one structure of the cut */

const SVG = "http://www.w3.org/2000/svg";
const COLOUR = "#ffd166";
const MARGIN_MM = 6;
/** How much of a cut is drawn: the back, from the skin inwards. */
const [ASIDE_MM, DEEP_MM] = [{ transverse: [-135, 135], sagittal: [-150, 140] }, 110];
/** Of the fat only its surface is a mesh: it reaches down to what carries it. */
const [FILLING, FLOOR] = ["subcutaneous-fat", ["fascia", "muscle", "ligament", "bone"]];
const RANGE = { transverse: [-110, 130], sagittal: [-120, 120] };
const LINE = { transverse: [-120, 120], sagittal: [-110, 130] };
const WORDS = {
  transverse: { at: (/** @type {number} */ mm) => `${height(mm)}`, line: (/** @type {number} */ mm) => side(mm), name: "Across the body" },
  sagittal: { at: (/** @type {number} */ mm) => side(mm), line: (/** @type {number} */ mm) => height(mm), name: "Along the body" },
};

/** @param {number} mm */
const height = (mm) => (mm ? `${Math.abs(mm)} mm ${mm > 0 ? "above" : "below"} the spines` : "level with the spines");
/** @param {number} mm */
const side = (mm) => (mm ? `${Math.abs(mm)} mm ${mm > 0 ? "right" : "left"} of the midline` : "in the midline");

/** @param {any} figure @param {HTMLElement} pane @param {import("./places.js").Explorer} explorer @returns {import("./anatomy-tools.js").Tool} */
export function cutTool(figure, pane, explorer) {
  const names = new Map(explorer.structures.map((one) => [one.id, one]));
  /** @type {Plane} */ let plane = "transverse";
  /** @type {any[]} */ let shapes = [];
  const radios = /** @type {Plane[]} */ (["transverse", "sagittal"]).map((name) => {
    const input = create("input", { type: "radio", name: `plane-${explorer.views.length}`, value: name, checked: name === plane });
    input.addEventListener("change", () => ((plane = name), ranges(), write()));
    return { name, input, label: create("label", {}, input, ` ${WORDS[name].name}`) };
  });
  const at = range("Where to cut", write);
  const line = range("Line through it", write);
  const picture = create("div", { className: "stage section" });
  const told = create("div", {});
  told.setAttribute("aria-live", "polite");
  const choice = create("fieldset", { className: "row planes" }, create("legend", { className: "label" }, "Direction"), ...radios.map(({ label }) => label));
  pane.append(choice, at.label, line.label, picture, told);

  function ranges() {
    for (const [one, [low, high]] of /** @type {[any, number[]][]} */ ([[at, RANGE[plane]], [line, LINE[plane]]])) {
      Object.assign(one.input, { min: String(low), max: String(high), step: "1" });
    }
  }

  function write() {
    const [mm, through] = [Number(at.input.value), Number(line.input.value)];
    at.say(WORDS[plane].at(mm));
    line.say(WORDS[plane].line(through));
    const cuts = cutsOf(shapes, names, figure.looks.shown, plane, mm);
    picture.replaceChildren(drawn(cuts, plane, mm, through));
    told.replaceChildren(...tableOf(cuts, explorer.layers, `${WORDS[plane].line(through)}, in the cut ${WORDS[plane].at(mm)}`, through));
    figure.plot?.lay("cut", [lineThrough(frameOf(plane, mm), COLOUR, 5)]);
  }

  return {
    async open(given) {
      if (given) ({ plane } = given);
      for (const { name, input } of radios) input.checked = name === plane;
      ranges();
      if (given) at.input.value = String(given.at_mm);
      if (!shapes.length) line.input.value = plane === "transverse" ? "57" : "20";
      shapes = await figure.shapes();
      write();
    },
  };
}

/** @param {string} words @param {() => void} moved */
function range(words, moved) {
  const input = create("input", { type: "range", min: "-120", max: "130", step: "1", value: "0" });
  const output = create("output", {});
  input.addEventListener("input", moved);
  const say = (/** @type {string} */ text) => ((output.textContent = text), input.setAttribute("aria-valuetext", text));
  return { input, say, label: create("div", { className: "slide" }, labelled(words, input), output) };
}

/**
 * @param {any[]} shapes traces @param {Map<string, {name: string, layer: string}>} names
 * @param {ReadonlySet<string>} shown @param {Plane} plane @param {number} mm @returns {Cut[]}
 */
function cutsOf(shapes, names, shown, plane, mm) {
  return shapes.flatMap((trace) => {
    const about = names.get(trace.meta.structure);
    // What is peeled away is cut as well: a cut shows what lies outside. Marks on the surface are no tissue.
    if (!about || about.layer === "region" || !(shown.has(trace.meta.structure) || late(about.layer))) return [];
    const contours = slice(trace, plane, mm);
    return contours.length ? [{ id: trace.meta.structure, name: about.name, layer: about.layer, contours }] : [];
  });
}

/** @param {string} layer whether a cut shows it even when the figure is peeled */
const late = (layer) => ["skin", "fat", "fascia", "muscle"].includes(layer);

/** @param {Cut[]} cuts @param {Plane} plane @param {number} mm @param {number} through */
function drawn(cuts, plane, mm, through) {
  const turn = plane === "transverse" ? 1 : -1; // along the body the head is on the left, as a probe shows it
  const [least, most] = ASIDE_MM[plane];
  const points = cuts.flatMap(({ contours }) => contours.flatMap(({ points: all }) => all.filter(([u]) => u * turn >= least && u * turn <= most)));
  const [us, vs] = [points.map(([u]) => u * turn), points.map(([, v]) => v)];
  const [left, top] = points.length ? [Math.min(...us) - MARGIN_MM, Math.min(...vs) - MARGIN_MM] : [-100, -10];
  const [width, tall] = points.length ? [Math.max(...us) + MARGIN_MM - left, Math.min(DEEP_MM, Math.max(...vs) + MARGIN_MM - top)] : [200, 100];
  const svg = element("svg", { viewBox: `${left} ${top} ${width} ${tall}`, role: "img" });
  const words = `${WORDS[plane].name}, ${WORDS[plane].at(mm)}. The back is above${plane === "transverse" ? ", the right side on the right" : ", the head on the left"}. ${cuts.length ? `Cut: ${[...new Set(cuts.map(({ name }) => name))].join("; ")}.` : "Nothing is met here."}`;
  svg.append(titled(words));
  for (const { id, name, layer, contours } of cuts) {
    const path = contours.map(({ points: all, closed }) => `M${all.map(([u, v]) => `${(u * turn).toFixed(1)} ${v.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`).join("");
    const solid = layer !== "skin" && contours.some(({ closed }) => closed);
    const shape = element("path", { d: path, "data-structure": id, fill: solid ? `var(--${layer})` : "none", "fill-opacity": "0.55", "fill-rule": "evenodd", stroke: `var(--${layer})`, "stroke-width": solid ? "0.8" : "1.4" });
    shape.append(titled(name));
    svg.append(shape);
  }
  svg.append(element("line", { x1: String(through * turn), x2: String(through * turn), y1: String(top), y2: String(top + tall), stroke: COLOUR, "stroke-width": "0.7", "stroke-dasharray": "3 2" }));
  svg.append(scale(left + width - 12, top + tall - 4));
  return svg;
}

/** @param {number} right @param {number} bottom a bar of 10 mm */
function scale(right, bottom) {
  const group = element("g", { stroke: "#e9efec", fill: "#e9efec" });
  const text = element("text", { x: String(right - 5), y: String(bottom - 1.5), "font-size": "4.5", "text-anchor": "middle", stroke: "#101a1a", "stroke-width": "1.2", "paint-order": "stroke" });
  text.textContent = "10 mm";
  group.append(element("line", { x1: String(right - 10), x2: String(right), y1: String(bottom), y2: String(bottom), "stroke-width": "0.8" }), text);
  return group;
}

/** @param {Cut[]} cuts @param {Record<string, string>} layers @param {string} where @param {number} through */
function tableOf(cuts, layers, where, through) {
  const met = cuts.flatMap((cut) => crossed(cut.id, cut.contours, through).map((stretch) => ({ ...stretch, name: cut.name, layer: cut.layer }))).sort((a, b) => a.from - b.from);
  if (!met.length) return [create("p", {}, "This line meets nothing that is drawn. Move it, or show more layers.")];
  const skin = met.find(({ layer }) => layer === "skin");
  const zero = (skin ?? met[0]).from;
  const mm = (/** @type {number} */ value) => `${value.toFixed(1)}\u00a0mm`;
  const floor = met.find(({ layer, from }) => FLOOR.includes(layer) && from > zero)?.from;
  const thick = (/** @type {{id: string, layer: string, from: number, to: number | null}} */ { id, layer, from, to }) => {
    if (layer === "skin") return "the surface";
    if (id === FILLING && floor !== undefined) return `${mm(floor - from)} thick`;
    return to === null ? "a sheet" : `${mm(to - from)} thick`;
  };
  const rows = met.filter((one) => one.from >= zero && (one.layer !== "skin" || one === skin)).map((one) => [one.name, layers[one.layer] ?? one.layer, `at ${mm(one.from - zero)}`, thick(one)]);
  const start = skin ? "the skin" : `${met[0].name.toLowerCase()}, the hindmost thing met`;
  return [dataTable(`From back to front ${where}. Depth from ${start}; illustrative.`, ["Structure", "Layer", "Begins at", "Thickness"], rows)];
}

/** @param {Plane} plane @param {number} mm @returns {[number, number, number][]} the outline of the plane */
function frameOf(plane, mm) {
  return plane === "transverse"
    ? [[-125, -20, mm], [125, -20, mm], [125, 95, mm], [-125, 95, mm], [-125, -20, mm]]
    : [[mm, -20, -110], [mm, -20, 130], [mm, 95, 130], [mm, 95, -110], [mm, -20, -110]];
}

/** @param {string} name @param {Record<string, string>} attributes */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** @param {string} words */
function titled(words) {
  const title = element("title", {});
  title.textContent = words;
  return title;
}
