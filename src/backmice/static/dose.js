// Doses of local anaesthetic reckoned step by step. The same rules stand in dose.py; tests/vectors holds both to them.

/**
 * @typedef {{cap_mg: number, per_kg_mg: number | null, content_mg_ml: number, man_kg: number, woman_kg: number,
 *   per_inch_kg: number, from_inches: number}} Rules
 * @typedef {{percent: number, volume_ml: number, weight_kg: number, height_cm: number, sex: "man" | "woman"}} Plan
 * @typedef {{id: string, what: string, by: string, strengths: number[], rules: Rules, claims: string[]}} Text
 * @typedef {Record<"weight_kg" | "height_cm" | "volume_ml", [number, number]>} Bounds
 */

const CM_PER_INCH = 2.54;
const NBSP = "\u00a0";

/** @param {number} value @param {number} places */
const down = (value, places) => Math.floor(value * 10 ** places + 1e-6) / 10 ** places;
/** @param {number} value @param {number} places */
const near = (value, places) => Math.floor(value * 10 ** places + 0.5 + 1e-6) / 10 ** places;

/** @param {number} value without idle zeros and with a true minus */
export const number = (value) => value.toFixed(3).replace(/\.?0+$/, "").replace("-", "\u2212");
/** @param {number} value @param {string} unit */
export const quantity = (value, unit) => `${number(value)}${NBSP}${unit}`;

/** @param {Plan} plan @param {Bounds} bounds @returns {(keyof Bounds)[]} the fields that are not reckoned with */
export const outOfBounds = (plan, bounds) =>
  /** @type {(keyof Bounds)[]} */ (Object.keys(bounds)).filter((name) => !(bounds[name][0] <= plan[name] && plan[name] <= bounds[name][1]));

/**
 * Hold a plan against one text. Ceilings and weights are rounded down, so that no step adds to them.
 * @param {Rules} rules @param {Plan} plan @param {Bounds} bounds
 * @throws {RangeError} outside the bounds
 */
export function reckon(rules, plan, bounds) {
  const wrong = outOfBounds(plan, bounds);
  if (wrong.length) throw new RangeError(`outside what the calculator reckons with: ${wrong.join(", ")}`);
  if (plan.sex !== "man" && plan.sex !== "woman") throw new RangeError(`sex is '${plan.sex}'; man or woman`);
  const mg_ml = near(plan.percent * rules.content_mg_ml, 3);
  const mg = near(plan.volume_ml * mg_ml, 3);
  const inches = down(plan.height_cm / CM_PER_INCH, 2);
  const base = plan.sex === "man" ? rules.man_kg : rules.woman_kg;
  const ideal_kg = down(base + rules.per_inch_kg * (inches - rules.from_inches), 1);
  const used_kg = Math.min(plan.weight_kg, ideal_kg);
  const by_weight_mg = rules.per_kg_mg === null ? null : down(rules.per_kg_mg * used_kg, 1);
  const ceiling_mg = by_weight_mg === null ? rules.cap_mg : Math.min(rules.cap_mg, by_weight_mg);
  const ceiling_ml = down(ceiling_mg / mg_ml, 2);
  return {
    mg_ml, mg, mg_per_kg: near(mg / plan.weight_kg, 2), inches, ideal_kg, used_kg, mg_per_used_kg: near(mg / used_kg, 2),
    by_weight_mg, ceiling_mg, ceiling_ml, binds: ceiling_mg === rules.cap_mg ? "cap" : "weight",
    spare_mg: near(ceiling_mg - mg, 3), spare_ml: near(ceiling_ml - plan.volume_ml, 3),
  }; // prettier-ignore
}

/** @param {ReturnType<typeof reckon>} dose whether the plan passes the ceiling, in mg or in ml rounded down */
export const isAbove = (dose) => Math.min(dose.spare_mg, dose.spare_ml) < 0;

/**
 * The arithmetic of `reckon`, a line for each step, for a learner to check.
 * @param {Rules} rules @param {Plan} plan @param {Bounds} bounds
 */
export function steps(rules, plan, bounds) {
  const dose = reckon(rules, plan, bounds);
  const q = quantity;
  const base = plan.sex === "man" ? rules.man_kg : rules.woman_kg;
  const lines = [
    `Strength: ${q(plan.percent, "%")} × ${number(rules.content_mg_ml)} = ${q(dose.mg_ml, "mg/ml")}.`,
    `Planned: ${q(plan.volume_ml, "ml")} × ${q(dose.mg_ml, "mg/ml")} = ${q(dose.mg, "mg")}.`,
    `By actual weight: ${q(dose.mg, "mg")} ÷ ${q(plan.weight_kg, "kg")} = ${q(dose.mg_per_kg, "mg/kg")}.`,
    `Ideal weight of a ${plan.sex}: ${q(plan.height_cm, "cm")} ÷ ${number(CM_PER_INCH)} = ${q(dose.inches, "inches")}; ` +
      `${number(base)} + ${number(rules.per_inch_kg)} × (${number(dose.inches)} − ${number(rules.from_inches)}) = ${q(dose.ideal_kg, "kg")}.`,
    `Weight used, the lower of the two: ${q(dose.used_kg, "kg")}; by it the plan is ${q(dose.mg, "mg")} ÷ ` +
      `${q(dose.used_kg, "kg")} = ${q(dose.mg_per_used_kg, "mg/kg")}.`,
  ];
  if (rules.per_kg_mg === null || dose.by_weight_mg === null) {
    lines.push(`The text read has no rule by weight. Its cap: ${q(rules.cap_mg, "mg")}.`);
  } else {
    lines.push(
      `Rule by weight: ${q(rules.per_kg_mg, "mg/kg")} × ${q(dose.used_kg, "kg")} = ${q(dose.by_weight_mg, "mg")}. ` +
        `Cap: ${q(rules.cap_mg, "mg")}. The lower holds: ${q(dose.ceiling_mg, "mg")}, ${dose.binds === "cap" ? "the cap" : "by weight"}.`,
    );
  }
  lines.push(`Ceiling in ml: ${q(dose.ceiling_mg, "mg")} ÷ ${q(dose.mg_ml, "mg/ml")} = ${q(dose.ceiling_ml, "ml")}.`);
  const way = isAbove(dose) ? "above" : "below";
  const distance = `${q(Math.abs(dose.spare_mg), "mg")}, or ${q(Math.abs(dose.spare_ml), "ml")}, ${way} this ceiling`;
  lines.push(`The plan is ${dose.spare_mg || dose.spare_ml ? distance : "this ceiling itself"}.`);
  return lines;
}
