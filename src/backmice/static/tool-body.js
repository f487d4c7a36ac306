// The body: sex, stature and fat. Skin and fat follow, distances grow, and beside it stands how deep bone lies.

import { lineThrough, ballsAt } from "./anatomy-plot.js";
import { depthToBone, fatOver, needleReach, scale } from "./body.js";
import { claimChip } from "./claim-chip.js";
import { dataTable } from "./data-table.js";
import { capital, create, labelled } from "./dom.js";

/** @typedef {import("./places.js").Explorer} Explorer @typedef {import("./places.js").Point} Point @typedef {import("./places.js").Site} Site */

const FIRST = { stature_cm: 170, fat_mm: 20, needle_mm: 40, angle_deg: 0, site: "crest-60" };
const NEEDLE = { lengths_mm: [20, 150], angles_deg: [0, 60] };
const COLOUR = "#ffd166";
const SHORT = "#ff8a80";

/** @param {any} figure @param {HTMLElement} pane @param {Explorer} explorer @returns {import("./anatomy-tools.js").Tool} */
export function bodyTool(figure, pane, explorer) {
  const { sites, statures_cm, fats_mm, relations } = explorer.body;
  const sex = create("select", {}, new Option("Female", "female"), new Option("Male", "male"));
  const site = create("select", {}, ...sites.map(({ id, name }) => new Option(capital(name), id)));
  site.value = FIRST.site;
  const stature = slide("Stature", statures_cm, FIRST.stature_cm, "cm");
  const fat = slide("Fat over the crest, 60 mm from the midline", fats_mm, FIRST.fat_mm, "mm");
  const needle = slide("Length of a needle", NEEDLE.lengths_mm, FIRST.needle_mm, "mm");
  const angle = slide("Its angle to the straight way in", NEEDLE.angles_deg, FIRST.angle_deg, "°");
  const told = create("div", { className: "told-body" });
  told.setAttribute("role", "status");
  const table = create("div", { className: "by-site" });
  const manner = "Skin, fat and superficial fascia follow the body that you choose; all that lies deeper grows with stature, and so do the distances that you measure. Depths are illustrative, and no needle path for a person follows from them.";
  pane.append(
    create("p", {}, manner),
    create("div", { className: "ends" }, labelled("Sex", sex), stature.label, fat.label),
    create("div", { className: "ends" }, labelled("Needle at", site), needle.label, angle.label),
    told, table, basis(figure, explorer, relations),
  );
  for (const control of [sex, stature.input, fat.input]) control.addEventListener("input", () => (say(), wearSoon()));
  for (const control of [site, needle.input, angle.input]) control.addEventListener("input", () => (say(), mark()));

  const body = () => ({ sex: /** @type {"female" | "male"} */ (sex.value), stature_cm: stature.value(), fat_mm: fat.value() });
  /** @param {Site} one */
  function reached(one) {
    const sums = one.sexes[body().sex];
    const depth = depthToBone(sums, body());
    return { over: fatOver(sums, body()), depth, ...needleReach(depth, needle.value(), angle.value()) };
  }

  function say() {
    for (const one of [stature, fat, needle, angle]) one.say();
    const here = /** @type {Site} */ (sites.find(({ id }) => id === site.value));
    const { depth, path_mm, left_mm } = reached(here);
    const way = angle.value() ? `, ${mm(path_mm)} at ${angle.value()}°` : "";
    const verdict = left_mm >= 0 ? `reaches it with ${mm(left_mm)} to spare` : `stops ${mm(-left_mm)} short`;
    told.replaceChildren(create("p", {}, "Bone lies ", create("b", { className: "figure" }, mm(depth)), ` under the skin, straight in${way}: ${here.name}. A needle of ${needle.value()}\u00a0mm ${verdict}.`));
    const rows = sites.map((one) => {
      const found = reached(one);
      const way = angle.value() ? ` on a way of ${mm(found.path_mm)}` : "";
      return [capital(one.name), `fat ${mm(found.over)}`, `bone at ${mm(found.depth)}`, `${found.left_mm >= 0 ? `reaches, ${mm(found.left_mm)} to spare` : `${mm(-found.left_mm)} short`}${way}`];
    });
    const { stature_cm, fat_mm } = body();
    const title = `${capital(sex.value)}, ${stature_cm} cm, ${fat_mm} mm of fat. Needle of ${needle.value()} mm at ${angle.value()}°. Illustrative.`;
    table.replaceChildren(dataTable(title, ["Place", "Skin and fat", "Skin to bone", "Needle"], rows));
  }

  let due = false;
  /** Not oftener than it can be drawn. */
  async function wearSoon() {
    if (due) return;
    due = true;
    await new Promise(requestAnimationFrame);
    due = false;
    await figure.wear(body());
    mark();
  }

  /** Draw the needle, from the skin as far as it goes. */
  function mark() {
    const here = /** @type {Site} */ (sites.find(({ id }) => id === site.value));
    const { over, depth, path_mm, left_mm } = reached(here);
    const [x, y, z] = here.at.map((v) => v * scale(body()));
    const target = /** @type {Point} */ ([x, y - over + depth, z]);
    const tilt = (angle.value() * Math.PI) / 180;
    const along = (/** @type {number} */ from_skin) => /** @type {Point} */ ([x, target[1] - (path_mm - from_skin) * Math.cos(tilt), z + (path_mm - from_skin) * Math.sin(tilt)]);
    const ends = [along(Math.min(0, left_mm > 0 ? -left_mm : 0)), along(Math.min(path_mm, needle.value()))];
    figure.plot?.lay("body", [lineThrough(ends, left_mm >= 0 ? COLOUR : SHORT, 7), ballsAt([target], COLOUR, 2.4)], [{ at: along(0), text: `${depth.toFixed(0)} mm to bone` }]);
  }

  /** @type {any} the looks before */ let before = null;
  return {
    async open() {
      before ??= figure.looks;
      const outer = figure.list.structures.flatMap((/** @type {any} */ { id, layer }) => (layer === "skin" ? id : []));
      sex.value = figure.looks.sex;
      figure.looks = { ...figure.looks, shown: new Set([...figure.looks.shown, ...outer]), through: new Set(outer) };
      say();
      figure.look("Oblique"); // from behind a needle would be a point
      await figure.wear(body());
      mark();
    },
    close() {
      const { sex: chosen } = figure.looks;
      if (before) figure.change({ ...before, sex: chosen });
      before = null;
    },
  };
}

/** @param {string} words @param {number[]} range @param {number} first @param {string} unit */
function slide(words, [low, high], first, unit) {
  const input = create("input", { type: "range", min: String(low), max: String(high), step: "1", value: String(first) });
  const output = create("output", {});
  const say = () => ((output.textContent = `${input.value}${unit === "°" ? "" : "\u00a0"}${unit}`), input.setAttribute("aria-valuetext", output.textContent));
  say();
  return { input, say, value: () => Number(input.value), label: create("div", { className: "slide" }, labelled(words, input), output) };
}

/** @param {any} figure @param {Explorer} explorer @param {Explorer["body"]["relations"]} relations */
function basis(figure, explorer, relations) {
  const rows = relations.map(({ words, basis: rests, claims }) => create("li", {}, `${words} `, ...(claims.length ? claims.map((claim) => claimChip(figure, explorer, claim)) : [create("b", {}, capital(rests))]), "."));
  return create("details", {}, create("summary", {}, "What this body rests on"), create("ul", { className: "figures" }, ...rows));
}

/** @param {number} value */
const mm = (value) => `${value.toFixed(1)}\u00a0mm`;
