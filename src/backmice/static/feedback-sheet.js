// What each student is told, as report.py writes it: a page that stands alone.

import { create, number } from "./dom.js";
import { chosenOf, general } from "./grading.js";

/** @typedef {import("./grading.js").Graded} Graded */

const RESULTS = { right: "right", partly: "partly right", wrong: "not right" };
const UNITS = /(?<=\d) (?=(?:%|[cm]m|ml|mg|kg|years?|months?|weeks?|days?)(?!\w))/g;
const POWERS = /(?<=[cm]m)[23]\b/g;

/** @param {string} text with each unit held to its number, and squares and cubes raised */
export const held = (text) => text.replace(POWERS, (power) => (power === "2" ? "²" : "³")).replace(UNITS, "\u00a0");

/** @param {string} id of a student @returns {string} a name that no system refuses and no two ids share */
export const fileName = (id) => [...id].map((sign) => (/[A-Za-z0-9_-]/.test(sign) ? sign : `~${sign.codePointAt(0)?.toString(16)}~`)).join("");

/**
 * @param {any} assignment @param {Graded[]} graded
 * @param {{styles: string, policy: string}} look of a sheet
 * @returns {Record<string, string>} the sheets by the name of their file
 */
export function feedbackSheets(assignment, graded, look) {
  /** @type {Map<string, HTMLElement>} what is said of one answer, however many gave it */
  const known = new Map();
  const told = (/** @type {any} */ question, /** @type {number} */ n, /** @type {string[]} */ response, /** @type {number} */ points) => {
    const id = JSON.stringify([question.id, response]);
    const section = known.get(id) ?? toldItem(question, n, response, points);
    known.set(id, section);
    return section.cloneNode(true);
  };
  return Object.fromEntries(
    graded.map((each) => {
      const sections = assignment.questions.map((/** @type {any} */ question, /** @type {number} */ n) => {
        const answer = each.answers.get(question.id);
        return told(question, n + 1, answer?.response ?? [], answer?.points ?? 0);
      });
      return [`${fileName(each.id)}.html`, page(assignment, look, [...opening(assignment, each), ...sections])];
    }),
  );
}

/** @param {any} assignment @param {{styles: string, policy: string}} look @param {Node[]} content */
function page({ title }, { styles, policy }, content) {
  const sheet = document.implementation.createHTMLDocument(`Feedback: ${title}`);
  sheet.documentElement.lang = "en";
  const meta = (/** @type {string} */ name, /** @type {string} */ value) => Object.assign(sheet.createElement("meta"), { name, content: value });
  const encoding = sheet.createElement("meta");
  encoding.setAttribute("charset", "utf-8");
  const allowed = Object.assign(sheet.createElement("meta"), { httpEquiv: "Content-Security-Policy", content: policy });
  sheet.head.prepend(encoding, allowed, meta("viewport", "width=device-width, initial-scale=1"), meta("color-scheme", "light dark"), meta("robots", "noindex"));
  sheet.head.append(Object.assign(sheet.createElement("style"), { textContent: styles }));
  const main = sheet.createElement("main");
  main.append(Object.assign(sheet.createElement("h1"), { textContent: title }), ...content);
  sheet.body.append(main);
  return `<!doctype html>\n${sheet.documentElement.outerHTML}\n`;
}

/** @param {any} assignment @param {Graded} graded @returns {Node[]} */
function opening({ questions }, { id, name, points, opened, odd }) {
  const facts = create("p", {}, `${number(points)} of ${questions.length} points, receipt ${opened.receipt}`);
  const noted = odd.length ? [create("p", {}, "Your instructor was told:"), create("ul", {}, ...odd.map((kind) => create("li", {}, kind)))] : [];
  return [create("h2", {}, `${name}, ${id}`), facts, ...noted];
}

/** @param {any} question @param {number} n @param {string[]} response @param {number} points */
function toldItem(question, n, response, points) {
  const { vignette, stem, key, rationale, passage, options, cases, slips } = question;
  const result = points === 1 ? "right" : points ? "partly" : "wrong";
  const isNumber = !Array.isArray(key);
  const right = isNumber ? [`${general(key.value)} ${key.unit}`] : wordsOf(question, key);
  const named = new Set([...(response.length ? chosenOf(question, response) : []), ...(isNumber ? [] : key)].flatMap((choice) => choice.split("=")));
  const whys = [...options, ...cases, ...slips].filter(({ id }) => named.has(id));
  const p = (/** @type {(Node | string)[]} */ ...content) => create("p", {}, ...content);
  const b = (/** @type {string} */ words) => create("b", {}, words);
  return create(
    "section",
    { className: result },
    create("h3", {}, `Item ${n}: ${response.length || points ? RESULTS[result] : "not answered"}, ${number(points)} of 1 point`),
    p(held(vignette ? `${vignette} ` : "") + held(stem)),
    ...(response.length ? [create("div", {}, b("You:"), " ", list(wordsOf(question, response)))] : []),
    ...(points === 1 ? [] : [create("div", {}, b("Right:"), " ", list(right))]),
    ...(rationale ? [p(held(rationale))] : []),
    ...whys.map(({ text, rationale: why }) => p(b(`${held(text.replace(/\.+$/, ""))}.`), " ", held(why))),
    ...(passage ? [p(`Read on: ${passage.lesson} (${passage.address})`)] : []),
  );
}

/** @param {any} question @param {string[]} response @returns {string[]} in words, one for each part of it */
function wordsOf({ units, options, cases }, response) {
  if (Object.keys(units).length) return response.length ? [response.join(" ")] : [];
  const texts = new Map([...options, ...cases].map(({ id, text }) => [id, text]));
  return response.map((part) => part.split("=").map((id) => texts.get(id) ?? id).join(": ")); // prettier-ignore
}

/** @param {string[]} lines @returns {Node | string} */
const list = (lines) => (lines.length === 1 ? held(lines[0]) : create("ul", {}, ...lines.map((line) => create("li", {}, held(line)))));
