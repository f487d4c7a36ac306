// A vignette that unfolds: the reader states probabilities, sees what a finding's published ratios make of them, and
// states again. Knows nothing of where statements are kept, so any host can show it (see backmice-reasoner.js).

import { dataTable } from "./data-table.js";
import { capital, create, focusOn } from "./dom.js";
import { PercentsForm } from "./percents-form.js";
import { brier, carried, inFigures, inPercent, moved, rounded, shares, steps, update } from "./reasoning.js";

/**
 * @typedef {{words: string, certainty: string, href?: string}} Chip
 * @typedef {{source: string, estimate: number | null, low: number | null, high: number | null, interval: string, fromShares: string[], used: boolean, claims: string[]}} Ratio
 * @typedef {{id: string, title: string, text: string, moves: string | null, ratios: Ratio[], note: string, claims: string[]}} Finding
 * @typedef {{id: string, revision: number, title: string, opening: string, start: {text: string, claims: string[]}, conditions: {id: string, name: string}[], findings: Finding[], outcome: {condition: string, text: string, claims: string[]}, chips: Record<string, Chip>}} Vignette
 * @typedef {Record<string, number>} Percents by condition
 */

export const CHANGE = "change"; // on the view; detail {stage, percents} whenever the reader changes a figure
const INTERVALS = { ci95: "95\u00a0% interval", range: "range", iqr: "middle half", typical: "usually" };
/** How many findings count as one of several. */
const SECOND = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

export class ReasonerView extends EventTarget {
  /** @type {Percents[]} what was stated: before any finding, after the first, and so on */ #beliefs = [];
  /** @type {PercentsForm | null} */ #form = null;
  #vignette;
  #submit;
  #again;
  #stages = create("div", { className: "stages" });

  /**
   * @param {HTMLElement} host what it holds is replaced
   * @param {Vignette} vignette
   * @param {{submit: (stage: number, percents: Percents) => Promise<HTMLElement | null>, again: () => void}} how
   *   submit: the reader states percents, which add up to 100, after `stage` findings; keep them, then say what to
   *   tell of the storage. again: the reader wants to begin anew.
   */
  constructor(host, vignette, { submit, again }) {
    super();
    this.#vignette = vignette;
    this.#submit = submit;
    this.#again = again;
    const title = create("h3", { id: `reasoner-${vignette.id}` }, vignette.title);
    const start = create("details", {}, create("summary", {}, "What is published on the start"), ...this.#told(vignette.start));
    const section = create("section", { className: "vignette-box", id: `vignette-${vignette.id}` }, title, create("p", { className: "vignette" }, held(vignette.opening)));
    section.setAttribute("aria-labelledby", title.id);
    section.append(start, this.#stages);
    host.replaceChildren(section);
    this.#draw();
  }

  /** What was stated so far. */
  get beliefs() {
    return this.#beliefs.map((percents) => ({ ...percents }));
  }

  /** Show what was stated before, without a word to the host. */
  set beliefs(beliefs) {
    const draft = beliefs.length === this.#beliefs.length ? this.#form?.percents : null;
    this.#beliefs = beliefs.slice(0, this.#vignette.findings.length + 1).map((percents) => ({ ...percents }));
    this.#draw();
    if (draft && this.#form) this.#form.percents = draft;
  }

  /** @returns {number | null} the Brier score of the last statement, once the case is over */
  get score() {
    const { findings } = this.#vignette;
    return this.#beliefs.length > findings.length ? this.#brier(this.#shares(this.#beliefs[findings.length])) : null;
  }

  /** @param {Percents} percents */
  #shares(percents) {
    return shares(this.#vignette.conditions.map(({ id }) => percents[id] ?? 0));
  }

  /** @param {string} condition */
  #place(condition) {
    return this.#vignette.conditions.findIndex(({ id }) => id === condition);
  }

  /** @param {number[]} probabilities */
  #brier(probabilities) {
    return brier(probabilities, this.#place(this.#vignette.outcome.condition));
  }

  #draw() {
    const { findings } = this.#vignette;
    this.#stages.replaceChildren();
    for (const [stage, percents] of this.#beliefs.entries()) {
      this.#stages.append(stage < findings.length ? this.#finding(stage, percents) : this.#end());
    }
    this.#form = null;
    if (this.#beliefs.length <= findings.length) this.#ask();
  }

  #ask() {
    const { conditions, findings } = this.#vignette;
    const stage = this.#beliefs.length;
    const next = findings[stage];
    const before = this.#beliefs[stage - 1];
    const moves = stage ? this.#taken(stage - 1, before) : null;
    const form = new PercentsForm(conditions, {
      legend: stage ? "How likely is each now?" : "How likely is each, before any finding?",
      go: next ? `Next: ${next.title}` : "How did it turn out?",
      offers: moves ? [["Take what the ratio gives", moves]] : [],
      submit: (percents) => this.#state(percents),
      change: (percents) => this.dispatchEvent(new CustomEvent(CHANGE, { detail: { stage, percents } })),
    });
    if (before) form.percents = before;
    this.#form = form;
    this.#stages.append(form.element);
  }

  /** @param {Percents} percents */
  async #state(percents) {
    const stage = this.#beliefs.length;
    this.#form?.lock();
    const notice = await this.#submit(stage, percents);
    this.#beliefs.push(percents);
    this.#draw();
    if (notice) this.#stages.append(notice);
    focusOn(this.#stages.children[stage].querySelector("h4"));
  }

  /** @param {number} stage @param {Percents} percents what was stated before it @returns {HTMLElement} */
  #finding(stage, percents) {
    const { findings } = this.#vignette;
    const finding = findings[stage];
    const block = create("section", { className: "finding" });
    const place = create("p", { className: "label" }, `Finding ${stage + 1} of ${findings.length}`);
    block.append(place, create("h4", {}, finding.title), create("p", { className: "vignette" }, held(finding.text)));
    const before = this.#shares(percents);
    if (finding.moves) block.append(...this.#movement(stage, before));
    else {
      const unmoved = "The course knows of no published likelihood ratio, so your figures stay where they are.";
      block.append(create("p", {}, create("strong", {}, unmoved)), this.#standing(before));
    }
    if (finding.note) block.append(...this.#told({ text: finding.note, claims: finding.claims }));
    return block;
  }

  /** @param {number} stage @param {number[]} before @returns {HTMLElement[]} what each ratio does to what was stated */
  #movement(stage, before) {
    const { conditions, findings } = this.#vignette;
    const { moves, ratios } = findings[stage];
    const place = this.#place(moves ?? "");
    const p = before[place];
    const rows = ratios.map((ratio) => {
      const ends = [ratio.low ?? ratio.estimate ?? 1, ratio.high ?? ratio.estimate ?? 1].map((end) => moved(p, end));
      const further = ratio.used && ratios.length > 1 ? ", taken further" : "";
      const name = create("span", { className: "name" }, `${held(ratio.source)}${further} `, ...this.#chips(ratio.claims));
      return bar(name, { from: p, low: ends[0], at: moved(p, ratioOf(ratio)), high: ends[1] }, `LR ${inWords(ratio)}: ${afterwards(p, ratio)}`);
    });
    const name = conditions[place].name;
    const heading = create("p", { className: "label" }, `${capital(name)}: what each ratio makes of your ${inPercent(p)}`);
    const list = create("ul", { className: "known" }, bar(create("span", { className: "name" }, "You stated"), { from: p, low: p, at: p, high: p }, inPercent(p)), ...rows);
    const scale = create("div", { className: "scale" }, ...[0, 0.5, 1].map((share) => create("span", {}, inPercent(share))));
    scale.setAttribute("aria-hidden", "true");
    const used = ratios.find((ratio) => ratio.used) ?? ratios[0];
    const lines = steps(p, ratioOf(used)).map((line) => create("li", {}, line));
    const reckoning = create("details", {}, create("summary", {}, `Step by step: ${held(used.source)}`), create("ol", { className: "reckoning" }, ...lines));
    const after = update(before, place, ratioOf(used));
    const whole = [heading, list, scale, reckoning, this.#standing(after, "So the ratio gives")];
    const count = findings.slice(0, stage + 1).filter((finding) => finding.moves).length;
    if (used.estimate === null) whole.push(create("p", {}, "Only a span is published. We go on with the point of it that lies nearest to 1, and with no middle of our own."));
    if (count > 1) {
      const warning = `This is the ${SECOND[count]} ratio. To multiply by it assumes that this finding errs independently of those before it, which is seldom known.`;
      whole.push(create("p", { className: "assumes" }, warning));
    }
    return whole;
  }

  /** @param {number[]} probabilities @param {string} [lead] */
  #standing(probabilities, lead = "So they stand at") {
    const parts = this.#vignette.conditions.map(({ name }, i) => `${name} ${inPercent(probabilities[i])}`);
    return create("p", { className: "standing" }, `${lead}: ${parts.join(", ")}.`);
  }

  /** @param {number} stage a finding @param {Percents} percents stated before it @returns {Percents | null} what its ratio makes of them */
  #taken(stage, percents) {
    const { conditions, findings } = this.#vignette;
    const after = this.#after(findings[stage], this.#shares(percents));
    const whole = rounded(after);
    return findings[stage].moves ? Object.fromEntries(conditions.map(({ id }, i) => [id, whole[i]])) : null;
  }

  /** @param {Finding} finding @param {number[]} before */
  #after({ moves, ratios }, before) {
    const used = ratios.find((ratio) => ratio.used) ?? ratios[0];
    return moves ? update(before, this.#place(moves), ratioOf(used)) : before;
  }

  #end() {
    const { conditions, findings, outcome } = this.#vignette;
    const truth = this.#place(outcome.condition);
    const stated = this.#beliefs.map((percents) => this.#shares(percents));
    const even = conditions.map(() => 1 / conditions.length);
    const alone = findings.reduce((now, finding) => this.#after(finding, now), stated[0]);
    const score = this.#brier(stated[findings.length]);
    const block = create("section", { className: "finding report" }, create("h4", {}, "How it turned out"));
    block.append(...this.#told(outcome), create("p", {}, create("strong", {}, `It was: ${conditions[truth].name}.`)));
    const figure = create("span", { className: "figure-number" }, score.toFixed(2));
    block.append(create("p", { className: "label" }, "Brier score of your last statement"), create("p", {}, figure, " 0 is best, 2 is worst"));
    const rows = stated.map((one, i) => [i ? `You, after finding ${i}` : "You, at the start", one]);
    rows.push(["Ratios alone, from your start", alone], ...this.#others(stated[0]), ["The same for each", even]);
    const cells = rows.map(([name, one]) => [String(name), inPercent(one[truth]), this.#brier(/** @type {number[]} */ (one)).toFixed(2)]);
    const table = dataTable("What was stated, and how it scores", ["Statement", `For ${conditions[truth].name}`, "Score"], cells);
    table.classList.remove("is-stacked"); // its heads are needed, and there is room for three columns
    block.append(table);
    const list = verdict(score, this.#brier(even), conditions.length).map((line) => create("li", {}, line));
    const again = create("button", { type: "button", className: "button" }, "Start again");
    again.addEventListener("click", () => this.#begin());
    block.append(create("h4", {}, "What the score says, and what it can’t"), create("ul", {}, ...list), create("p", { className: "row" }, again));
    return block;
  }

  /** @param {number[]} start @returns {[string, number[]][]} where the ratios lead when one that was not taken further is */
  #others(start) {
    const { findings } = this.#vignette;
    const left = findings.flatMap((finding) => finding.ratios.filter(({ used }) => !used).map((ratio) => ({ finding, ratio })));
    return left.map(({ finding, ratio }) => {
      const instead = findings.map((one) => (one === finding ? { ...one, ratios: [ratio] } : one));
      return [`… with: ${held(ratio.source)}`, instead.reduce((now, one) => this.#after(one, now), start)];
    });
  }

  #begin() {
    this.#again();
    this.#beliefs = [];
    this.#draw();
    this.#form?.focus();
  }

  /** @param {{text: string, claims: string[]}} part */
  #told({ text, claims }) {
    return [create("p", {}, held(text)), ...(claims.length ? [create("p", { className: "rests" }, ...this.#chips(claims))] : [])];
  }

  /** @param {string[]} ids @returns {(Node | string)[]} */
  #chips(ids) {
    return ids.flatMap((id) => {
      const { words, certainty, href } = this.#vignette.chips[id];
      const chip = href ? create("a", { className: "chip", href }, words) : create("span", { className: "chip" }, words);
      chip.dataset.certainty = certainty;
      return [chip, " "];
    });
  }
}

/** @param {Ratio} ratio the figure to go on with */
const ratioOf = ({ estimate, low, high }) => carried(estimate, low, high);

/** @param {Ratio} ratio */
function inWords({ estimate, low, high, interval, fromShares }) {
  const ends = interval ? `${inFigures(low ?? 0)} to ${inFigures(high ?? 0)}` : "";
  if (estimate === null) return `${ends}, no single figure`;
  const spread = ends ? `, ${INTERVALS[/** @type {keyof typeof INTERVALS} */ (interval)]} ${ends}` : ", no interval seen";
  const from = fromShares.length ? `, worked out here from ${fromShares.join(" and ")}` : "";
  return `${inFigures(estimate)}${from}${spread}`;
}

/** @param {number} p @param {Ratio} ratio @returns {string} where it moves a probability, with the ends of its interval */
function afterwards(p, { estimate, low, high }) {
  const ends = low === null || high === null ? "" : `${inPercent(moved(p, low))} to ${inPercent(moved(p, high))}`;
  if (estimate === null) return ends;
  return `${inPercent(p)} becomes ${inPercent(moved(p, estimate))}${ends ? ` (${ends})` : ""}`;
}

/**
 * A row of the drawing; the words say all that the bar shows.
 * @param {HTMLElement} name @param {{from: number, low: number, at: number, high: number}} places @param {string} told
 */
function bar(name, places, told) {
  const share = create("span", { className: "share is-known" });
  share.setAttribute("aria-hidden", "true");
  for (const [end, value] of Object.entries(places)) share.style.setProperty(`--${end}`, value.toFixed(4));
  return create("li", {}, name, share, create("span", { className: "told" }, told));
}

/** @param {number} score @param {number} even @param {number} count @returns {string[]} what the score means, line by line */
function verdict(score, even, count) {
  const better = score < even - 0.005 ? "Yours is better than that." : score > even + 0.005 ? "Yours is worse than that." : "Yours is the same.";
  return [
    `The score adds up, over all ${count} conditions, the square of how far your figure lay from what came true. To state the same for each scores ${even.toFixed(2)}. ${better}`,
    "Over many cases nobody scores better than by stating what they believe: to exaggerate costs more than it earns.",
    "One case can’t tell whether your figures are sound. What has a chance of one in eight comes true in one case of eight, and a wise statement then scores badly.",
    "The ending was made up with the case. It shows no doctor’s record of being right.",
  ];
}

/** @param {string} text with each unit held to its number */
const held = (text) => text.replace(/(?<=\d) (?=(?:%|[cm]m|ml|mg|kg|years?|months?|weeks?|days?)(?!\w))/g, "\u00a0");
