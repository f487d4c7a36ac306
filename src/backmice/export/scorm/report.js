// What a quiz or a lesson reports, in the words and formats of each version of SCORM, and what it needs to go on later.
// Sources: SCORM 1.2 Run-Time Environment, 3.4; SCORM 2004 4th Edition Run-Time Environment, 4.2.

import { number } from "../../static/dom.js";

/**
 * @typedef {import("./lms.js").Version} Version
 * @typedef {import("../../static/score.js").Score} Score
 * @typedef {import("../../static/score.js").Quantity} Quantity
 * @typedef {{id: string, item: string, quiz: string, counts: boolean, revision: number, kind: string, objective: string,
 *   stem: string, options: string[], cases: string[], key: any}} Asked an item that a film asks doesn't count
 * @typedef {{version: Version, digest: string, pass: number, scripts: string[], films: string[], items: Asked[]}} Course
 * @typedef {{response: string[], certainty?: string}} Answer
 */

const TYPES = { matching: "matching", ordering: "sequencing", numeric: "numeric" };
const SURE = ["low", "mid", "high"];
const LONGEST_DESCRIPTION = 250;

/** @param {number} value without an exponent, at most seven places after the point */
const real = (value) => value.toFixed(7).replace(/\.?0+$/, "");

/** @param {number} n @param {number} [digits] */
const pad = (n, digits = 2) => String(n).padStart(digits, "0");

/** @param {Version} version @param {number} ms */
export function timespan(version, ms) {
  const hundredths = Math.max(0, Math.round(ms / 10));
  const [seconds, minutes, hours] = [(hundredths % 6000) / 100, Math.floor(hundredths / 6000) % 60, Math.floor(hundredths / 360000)];
  if (version === "2004") return `PT${hours}H${minutes}M${seconds}S`;
  return `${pad(Math.min(hours, 9999), 4)}:${pad(minutes)}:${seconds.toFixed(2).padStart(5, "0")}`;
}

/** @param {Version} version @param {Date} at */
export function moment(version, at) {
  if (version === "2004") return `${at.toISOString().slice(0, 22)}Z`; // a zone only stands after hundredths
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => pad(n)).join(":");
}

/**
 * A response as the version writes it. SCORM 1.2 knows options by one sign each: letters, and cases by figures.
 * @param {Version} version @param {Asked} item @param {string[]} response
 */
function written(version, { kind, options, cases, key }, response) {
  const is2004 = version === "2004";
  const letter = (/** @type {string} */ id) => (is2004 ? id : "abcdefghij"[options.indexOf(id)]);
  const between = is2004 ? "[,]" : ",";
  if (kind === "numeric") {
    const { unit, units } = /** @type {Quantity} */ (key);
    return real((Number(response[0]) * units[response[1]]) / units[unit]); // in the unit of the key
  }
  if (kind !== "matching") return response.map(letter).join(between);
  const pairs = response.map((pair) => /** @type {[string, string]} */ (pair.split("=")));
  return pairs.map(([id, option]) => (is2004 ? `${id}[.]${option}` : `${cases.indexOf(id) + 1}.${letter(option)}`)).join(between);
}

/** @param {Version} version @param {Asked} item */
function credited(version, item) {
  if (item.kind !== "numeric") return written(version, item, item.key);
  const { value, tolerance } = /** @type {Quantity} */ (item.key);
  return version === "2004" ? `${real(value - tolerance)}[:]${real(value + tolerance)}` : real(value);
}

/**
 * What an answered item is told as, in the order in which a platform wants it.
 * @param {Version} version
 * @param {Asked} item
 * @param {number} n how many interactions there are before it
 * @param {{response: string[], points: number, at: Date, latency: number}} given
 * @returns {[string, string][]}
 */
export function interaction(version, item, n, { response, points, at, latency }) {
  const is2004 = version === "2004";
  const wrong = is2004 ? "incorrect" : "wrong";
  /** @type {[string, string][]} */
  const facts = [
    ["id", item.id],
    ["type", TYPES[/** @type {keyof TYPES} */ (item.kind)] ?? "choice"],
    ["objectives.0.id", item.objective],
    [is2004 ? "timestamp" : "time", moment(version, at)],
    ["correct_responses.0.pattern", credited(version, item)],
    ["weighting", item.counts ? "1" : "0"],
    [is2004 ? "learner_response" : "student_response", written(version, item, response)],
    ["result", points === 1 ? "correct" : points === 0 ? wrong : real(points)],
    ["latency", timespan(version, latency)],
  ];
  if (is2004) facts.push(["description", item.stem.slice(0, LONGEST_DESCRIPTION)]);
  return facts.map(([field, value]) => [`cmi.interactions.${n}.${field}`, value]);
}

/**
 * Status and score.
 * @param {Course} course
 * @param {number[]} points of each answered item that counts
 * @param {number} pass the share of all points that passes
 * @returns {[string, string][]}
 */
export function standing({ version, items }, points, pass) {
  const of = items.filter(({ counts }) => counts).length;
  const sum = points.reduce((total, one) => total + one, 0);
  const share = sum / of;
  const isComplete = points.length === of;
  const passed = share >= pass - 1e-9 ? "passed" : "failed";
  if (version === "1.2") {
    return [
      ["cmi.core.score.min", "0"],
      ["cmi.core.score.max", "100"],
      ["cmi.core.score.raw", number(100 * share)], // this version counts in per cent
      ["cmi.core.lesson_status", isComplete ? passed : "incomplete"],
    ];
  }
  return [
    ["cmi.score.min", "0"],
    ["cmi.score.max", String(of)],
    ["cmi.score.raw", real(sum)],
    ["cmi.score.scaled", real(share)],
    ["cmi.progress_measure", real(points.length / of)],
    ["cmi.completion_status", isComplete ? "completed" : "incomplete"],
    ["cmi.success_status", isComplete ? passed : "unknown"],
  ];
}

/**
 * Answers as short as they go: options by their place, so that a whole bank fits into 4,096 signs. Then where films were left.
 * @param {Course} course
 * @param {Map<string, Answer>} answers by item
 * @param {Map<string, number>} [places] seconds, by film
 */
export function pack({ digest, items, films }, answers, places = new Map()) {
  const given = [digest, ...items.map((item) => packed(item, answers.get(item.id)))].join(";").replace(/;+$/, "");
  return places.size ? `${given}|${films.map((film) => places.get(film) ?? "").join(";")}` : given;
}

/** @param {Asked} item @param {Answer | undefined} answer */
function packed({ kind, options, cases }, answer) {
  if (!answer) return "";
  const { response, certainty } = answer;
  const place = (/** @type {string} */ id) => String(options.indexOf(id));
  const sure = certainty ? certainty[0] : "";
  if (kind === "numeric") return `${response[0]}@${place(response[1])}${sure}`;
  if (kind !== "matching") return response.map(place).join("") + sure;
  const given = new Map(response.map((pair) => /** @type {[string, string]} */ (pair.split("="))));
  return cases.map((id) => (given.has(id) ? place(given.get(id) ?? "") : "-")).join("") + sure;
}

/**
 * @param {Course} course
 * @param {string} text what `pack` wrote; of other items or other revisions, nothing is taken
 * @returns {Map<string, Answer>} by item
 */
export function unpack({ digest, items }, text) {
  const [of, ...parts] = text.split("|")[0].split(";");
  if (of !== digest) return new Map();
  return new Map(items.flatMap((item, i) => (parts[i] ? [[item.id, unpacked(item, parts[i])]] : [])));
}

/**
 * @param {Course} course
 * @param {string} text what `pack` wrote
 * @returns {Map<string, number>} where films were left, in seconds
 */
export function places({ digest, films }, text) {
  const left = text.startsWith(digest) ? (text.split("|")[1]?.split(";") ?? []) : [];
  return new Map(films.flatMap((film, i) => (left[i] ? [[film, Number(left[i])]] : [])));
}

/** @param {Asked} item @param {string} part @returns {Answer} */
function unpacked({ kind, options, cases }, part) {
  const certainty = SURE.find((level) => part.endsWith(level[0]));
  const places = certainty ? part.slice(0, -1) : part;
  return { response: response(), ...(certainty && { certainty }) };

  function response() {
    if (kind === "numeric") {
      const [typed, unit] = places.split("@");
      return [typed, options[Number(unit)]];
    }
    if (kind !== "matching") return [...places].map((place) => options[Number(place)]);
    return cases.flatMap((id, i) => (places[i] === "-" ? [] : [`${id}=${options[Number(places[i])]}`]));
  }
}
