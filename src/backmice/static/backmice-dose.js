// <backmice-dose>: reckons the ceiling of a local anaesthetic by a published text, and writes out each step.
// Without it the page holds a worked example and a table. It teaches arithmetic and judges nobody.

import { dataTable } from "./data-table.js";
import { capital, create, icon } from "./dom.js";
import { isAbove, outOfBounds, quantity, reckon, steps } from "./dose.js";
import { decimal } from "./score.js";

/**
 * @typedef {import("./dose.js").Text} Text
 * @typedef {{words: string, certainty: string, href?: string}} Chip
 */

/** @type {Record<keyof import("./dose.js").Bounds, {words: string, unit: string, such: string}>} */
const NUMBERS = {
  volume_ml: { words: "Planned volume", unit: "ml", such: "4 or 2,5" },
  weight_kg: { words: "Body weight", unit: "kg", such: "62 or 62.5" },
  height_cm: { words: "Height", unit: "cm", such: "165" },
};
/** Who is not reckoned for: the words of the box, what the texts say, and the claims. */
const REFUSALS = [
  ["child", "Under 18", "product texts ask for less in children", "inj-lido-reduce"],
  ["pregnant", "Pregnant", "a British text asks for a third less in obstetrics", "injc-lido-uk-less"],
  ["old", "Over 60, or frail", "product texts ask for less in old age and frailty, a British one over 60", "inj-lido-reduce", "injc-lido-uk-less"],
  ["ill", "Liver or heart disease", "product texts ask for less", "inj-lido-reduce"],
  ["drugs", "Takes drugs that may add to its effect", "a British text asks for less", "injc-lido-uk-less"],
  ["other", "Another local anaesthetic given or planned", "product texts have all of them added up", "inj-lido-reduce"],
];

class BackmiceDose extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    const { bounds, texts, chips } = JSON.parse(this.dataset.dose ?? "{}");
    this.bounds = bounds;
    /** @type {Text[]} */
    this.texts = texts;
    /** @type {Record<string, Chip>} */
    this.chips = chips;
    this.form = this.build();
    this.verdict = create("div", { className: "dose-verdict" });
    this.verdict.setAttribute("role", "status");
    this.working = create("div", { className: "dose-working" });
    const still = this.querySelector("details");
    still?.removeAttribute("open");
    still?.before(this.form, this.verdict, this.working);
  }

  build() {
    const form = create("form", { className: "dose-form", noValidate: true, autocomplete: "off" });
    form.setAttribute("aria-label", "Dose calculator");
    const text = create("select", { className: "field", name: "text" });
    for (const what of new Set(this.texts.map((one) => one.what))) {
      const group = create("optgroup", { label: capital(what) });
      group.append(...this.texts.filter((one) => one.what === what).map((one) => new Option(`${capital(what)}: ${one.by}`, one.id)));
      text.append(group);
    }
    const strength = create("select", { className: "field", name: "percent" });
    const offer = () => {
      const kept = strength.value || "1";
      const { strengths } = this.chosen(text.value);
      strength.replaceChildren(...strengths.map((percent) => new Option(quantity(percent, "%"), String(percent))));
      if (strengths.includes(Number(kept))) strength.value = kept;
    };
    offer();
    text.addEventListener("change", offer);
    form.append(
      labelled("Anaesthetic and text", text, "is-wide"),
      labelled("Strength", strength),
      ...Object.entries(NUMBERS).map(([name, { words, unit }]) => numberField(name, words, unit)),
      sexes(),
      refusals(),
      create("button", { className: "button is-main", type: "submit" }, "Work it out"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
    form.addEventListener("input", () => this.forget());
    return form;
  }

  /** @param {string} id @returns {Text} */
  chosen(id) {
    return this.texts.find((text) => text.id === id) ?? this.texts[0];
  }

  /** Take away an answer that no longer belongs to what stands in the form, and say so once. */
  forget() {
    if (!this.isAnswered) return;
    this.isAnswered = false;
    this.working.replaceChildren();
    this.verdict.replaceChildren(create("p", {}, "Something was changed: work it out again."));
  }

  answer() {
    this.isAnswered = true;
    const given = Object.fromEntries(new FormData(this.form));
    const plan = { percent: Number(given.percent), sex: given.sex };
    for (const name of Object.keys(NUMBERS)) plan[name] = Number(decimal(String(given[name])) ?? NaN);
    this.working.replaceChildren();
    const wrong = this.tell(given, plan);
    if (wrong.length) {
      const count = wrong.length === 1 ? "One entry needs" : `${wrong.length} entries need`;
      this.verdict.replaceChildren(create("p", {}, `Nothing was reckoned. ${count} another look: ${wrong.join(", ")}.`));
      return;
    }
    const barred = REFUSALS.filter(([name]) => given[name]);
    if (barred.length) this.refuse(barred);
    else this.show(this.chosen(String(given.text)), plan);
  }

  /** Say beside each field what is wrong with it, go to the first, and return their names. */
  tell(given, plan) {
    const outside = outOfBounds(plan, this.bounds);
    const wrong = [];
    for (const [name, { words, unit, such }] of Object.entries(NUMBERS)) {
      const [low, high] = this.bounds[name];
      const unread = Number.isNaN(plan[name]) ? `Write a number of ${unit}, such as ${such}.` : "";
      const beyond = `From ${quantity(low, unit)} to ${quantity(high, unit)}: beyond it nothing is reckoned here.`;
      const told = unread || (outside.includes(name) ? beyond : "");
      if (told) wrong.push(words.toLowerCase());
      mark(this.form, name, told);
    }
    if (!given.sex) wrong.push("sex");
    mark(this.form, "sex", given.sex ? "" : "Choose one: the formula of ideal weight asks for it.");
    const first = this.form.querySelector("[aria-invalid=true]");
    if (first instanceof HTMLElement) first.focus();
    return wrong;
  }

  refuse(barred) {
    this.verdict.replaceChildren(create("p", {}, create("strong", {}, "No answer. "), "These ceilings are for healthy adults and for one anaesthetic alone."));
    const list = create("ul", {});
    for (const [, words, why, ...claims] of barred) {
      list.append(create("li", {}, `${words}: ${why}. `, ...claims.flatMap((claim) => [this.chip(claim), " "])));
    }
    const ask = "How much less is a matter for the local label, the protocol and somebody who knows the patient.";
    this.working.replaceChildren(list, create("p", {}, ask));
  }

  /** @param {Text} text @param {import("./dose.js").Plan} plan */
  show(text, plan) {
    const dose = reckon(text.rules, plan, this.bounds);
    const same = this.texts.filter((one) => one.what === text.what && one.strengths.includes(plan.percent));
    const all = same.map((one) => ({ text: one, dose: reckon(one.rules, plan, this.bounds) }));
    const passed = all.filter((one) => isAbove(one.dose));
    this.verdict.replaceChildren(...verdict(dose, plan, text, passed.map((one) => one.text.by)));
    const list = create("ol", { className: "dose-steps" }, ...steps(text.rules, plan, this.bounds).map((line) => create("li", {}, line)));
    const rows = all.map(({ text: one, dose: its }) => [
      one.by,
      `${quantity(its.ceiling_mg, "mg")} = ${quantity(its.ceiling_ml, "ml")}`,
      its.by_weight_mg === null ? "cap; no rule by weight was read" : its.binds === "cap" ? "cap" : "weight",
      isAbove(its) ? "above" : "not above",
    ]);
    const rests = create("ul", { className: "dose-rests" }, ...text.claims.map((id) => create("li", {}, this.chip(id))));
    rests.setAttribute("aria-label", "What the figures rest on");
    this.working.replaceChildren(
      create("h4", {}, "Check each step"),
      list,
      create("p", {}, "Ceilings and weights are rounded down."),
      dataTable(`${capital(text.what)} ${quantity(plan.percent, "%")}: what each text read allows`, ["Text", "Ceiling", "What holds", "The plan is"], rows),
      rests,
    );
  }

  /** @param {string} id */
  chip(id) {
    const { words, certainty, href } = this.chips[id];
    const chip = href ? create("a", { className: "chip", href }, words) : create("span", { className: "chip" }, words);
    chip.dataset.certainty = certainty;
    return chip;
  }
}

/** What the plan is, the ceiling, what sets it, and how far they are apart. */
function verdict(dose, plan, text, passed) {
  const above = isAbove(dose);
  const what = `${quantity(plan.volume_ml, "ml")} of ${quantity(plan.percent, "%")} is ${quantity(dose.mg, "mg")}: ${quantity(dose.mg_per_kg, "mg/kg")} by actual weight, ${quantity(dose.mg_per_used_kg, "mg/kg")} by the weight used.`;
  const binds = dose.binds === "cap" ? "the cap holds" : "the rule by weight holds";
  const ceiling = `The ceiling of this text is ${quantity(dose.ceiling_mg, "mg")}, or ${quantity(dose.ceiling_ml, "ml")}; ${binds}.`;
  const far = `${quantity(Math.abs(dose.spare_mg), "mg")} or ${quantity(Math.abs(dose.spare_ml), "ml")}`;
  const place = above ? `The plan is above it by ${far}.` : `The plan is not above it; ${far} apart.`;
  const others = passed.filter((by) => by !== text.by);
  const line = create("p", { className: "result" }, ...(above || others.length ? [icon("i-flag")] : []), create("span", {}, place));
  line.classList.toggle("wrong", above || others.length > 0);
  const lines = [create("p", {}, what), create("p", {}, ceiling), line];
  if (others.length) lines.push(create("p", {}, `Above the ceiling of: ${others.join("; ")}.`));
  lines.push(create("p", {}, "A ceiling is no target. Follow the local label, and have a second person check."));
  return lines;
}

/** @param {string} words @param {HTMLElement} control @param {string} className */
function labelled(words, control, className = "") {
  return create("label", { className: `dose-field ${className}`.trim() }, words, control);
}

/** @param {string} name @param {string} words @param {string} unit */
function numberField(name, words, unit) {
  const input = create("input", { className: "field", name, id: `dose-${name}`, inputMode: "decimal", autocomplete: "off", maxLength: 12 });
  const error = create("p", { className: "dose-error", id: `dose-${name}-error` });
  input.setAttribute("aria-describedby", error.id);
  const label = create("label", { htmlFor: input.id }, `${words}, ${unit}`);
  return create("div", { className: "dose-field" }, label, input, error);
}

function sexes() {
  const error = create("p", { className: "dose-error", id: "dose-sex-error" });
  const radio = (/** @type {string} */ value) => {
    const input = create("input", { type: "radio", name: "sex", value });
    input.setAttribute("aria-describedby", error.id);
    return create("label", {}, input, capital(value));
  };
  const row = create("div", { className: "row" }, radio("woman"), radio("man"));
  return create("fieldset", { className: "dose-field" }, create("legend", {}, "Sex, for the ideal weight"), row, error);
}

function refusals() {
  const boxes = REFUSALS.map(([name, words]) => create("label", {}, create("input", { type: "checkbox", name }), words));
  const legend = create("legend", {}, "Does any of these hold? Then nothing is reckoned.");
  return create("fieldset", { className: "dose-field is-wide" }, legend, create("div", { className: "dose-bars" }, ...boxes));
}

/** @param {HTMLFormElement} form @param {string} name @param {string} told */
function mark(form, name, told) {
  const error = form.querySelector(`#dose-${name}-error`);
  if (error) error.textContent = told;
  for (const input of form.querySelectorAll(`[name="${name}"]`)) {
    if (told) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

customElements.define("backmice-dose", BackmiceDose);
