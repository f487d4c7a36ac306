// What comes back, opened in the instructor's browser; what is odd about it is named in the words of assign/handed.py.

import { openSealed, receiptOf } from "./envelope.js";

/**
 * @typedef {{file: string, kind: string, words: string}} Oddity
 * @typedef {{file: string, receipt: string, content: any}} Opened
 * @typedef {{opened: Opened[], odd: Oddity[]}} Pile
 */

const FORMAT = "backmice-handed-in";
export const LARGEST = 5_000_000;
const GRACE_MS = 60_000;
const SHORTEST_ID = 3;
const MINUTE_MS = 60_000;

const HALF = /\p{Surrogate}/u; // of a sign, which no text can hold
const isText = (/** @type {unknown} */ value, most = 200) => typeof value === "string" && value.length <= most && !HALF.test(value);
const isNumber = (/** @type {unknown} */ value) => Number.isFinite(value) && Number(value) >= 0;
const isTime = (/** @type {unknown} */ value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
/** @param {any} value @param {string[]} names @param {string[]} [more] that may be there */
function hasOnly(value, names, more = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return names.every((name) => Object.hasOwn(value, name)) && Object.keys(value).every((name) => names.includes(name) || more.includes(name));
}

/** @param {any} value */
const isEnvelope = (value) =>
  hasOnly(value, ["format", "version", "assignment", "bytes", "receipt", "sealed"]) &&
  value.format === FORMAT && value.version === 1 && isText(value.assignment) && Number.isInteger(value.bytes) &&
  isText(value.receipt) && typeof value.sealed === "string"; // prettier-ignore

/** @param {any} value */
const isGiven = (value) =>
  hasOnly(value, ["item", "response"], ["seconds", "certainty"]) && isText(value.item) &&
  Array.isArray(value.response) && value.response.length <= 20 && value.response.every((/** @type {unknown} */ part) => isText(part)) &&
  (value.seconds == null || isNumber(value.seconds)) &&
  (value.certainty == null || ["low", "mid", "high"].includes(value.certainty)); // prettier-ignore

/** @param {any} value */
const isHandedIn = (value) =>
  hasOnly(value, ["format", "version", "assignment", "attempt", "number", "student", "begun", "ended", "why", "minutes", "added", "given"]) &&
  value.format === "backmice-responses" && value.version === 1 && isText(value.assignment) && isText(value.attempt) &&
  Number.isInteger(value.number) && hasOnly(value.student, ["id", "name"], ["code"]) && isText(value.student.id) &&
  value.student.id !== "" && isText(value.student.name) && isText(value.student.code ?? "") && isTime(value.begun) &&
  isTime(value.ended) && ["handed-in", "time"].includes(value.why) && isNumber(value.minutes) && isNumber(value.added) &&
  Array.isArray(value.given) && value.given.length <= 500 && value.given.every(isGiven); // prettier-ignore

/**
 * @param {any} assignment the instructor's file
 * @param {{name: string, text: string}[]} files
 * @returns {Promise<Pile>}
 */
export async function readAll(assignment, files) {
  /** @type {Pile} */
  const pile = { opened: [], odd: [] };
  const say = (/** @type {string} */ file, /** @type {string} */ kind, /** @type {string} */ words) => pile.odd.push({ file, kind, words });
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, text } of sorted) await open(assignment, name, text, pile, say);
  tellCopies(pile, say);
  tellIdentities(assignment, pile, say);
  for (const each of pile.opened) tellTimes(assignment, each, say);
  return pile;
}

/** @param {any} assignment @param {string} file @param {string} text @param {Pile} pile @param {(...words: [string, string, string]) => void} say */
async function open(assignment, file, text, pile, say) {
  if (text.length > LARGEST || !text.includes(FORMAT)) return say(file, "not a result", "is not what the page of an assignment saves");
  const outer = parsed(text);
  if (outer === undefined) return say(file, "truncated", "ends before it is complete; ask for the file again");
  if (!isEnvelope(outer)) return say(file, "edited", "its fields are not those that the page wrote");
  if (outer.assignment !== assignment.id) return say(file, "other assignment", `is of '${outer.assignment}', not of '${assignment.id}'`);
  const own = await receiptOf(outer.sealed);
  if (!own) return say(file, "edited", "what was sealed is damaged");
  if (own.bytes < outer.bytes) return say(file, "truncated", `holds ${own.bytes} of ${outer.bytes} sealed bytes`);
  if (own.receipt !== outer.receipt) {
    return say(file, "edited", `its receipt says ${outer.receipt}, its content gives ${own.receipt}`);
  }
  const inside = await openSealed(outer.sealed, assignment);
  if (inside === null) return say(file, "edited", "does not open with this assignment's key: it was changed, or sealed anew");
  const content = parsed(inside);
  if (!isHandedIn(content)) return say(file, "edited", "opens, but holds what the page does not write");
  if (content.assignment !== assignment.id) {
    return say(file, "other assignment", `says '${assignment.id}', but was sealed for '${content.assignment}'`);
  }
  const before = pile.opened.find(({ receipt }) => receipt === own.receipt);
  if (before) return say(file, "same file again", `is ${before.file} once more; it counts once`);
  pile.opened.push({ file, receipt: own.receipt, content });
}

/** @param {string} text @returns {any} undefined if it is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {Pile} pile @param {(...words: [string, string, string]) => void} say */
function tellCopies({ opened }, say) {
  /** @type {Map<string, Opened>} */
  const first = new Map();
  for (const each of opened) {
    const before = first.get(each.content.attempt);
    if (!before) {
      first.set(each.content.attempt, each);
      continue;
    }
    const id = before.content.student.id;
    const whose = id === each.content.student.id ? "the same student" : `'${id}'`;
    say(each.file, "copied", `is the same sitting as ${before.file}, of ${whose}`);
  }
}

/** @param {any} assignment @param {Pile} pile @param {(...words: [string, string, string]) => void} say */
function tellIdentities(assignment, { opened }, say) {
  const names = new Map(Object.entries(assignment.roster).map(([id, { name }]) => [id, name]));
  for (const { content } of opened) names.set(content.student.id, content.student.name);
  const tokens = tokensOf(names);
  const longest = Math.max(0, ...[...tokens.keys()].map((token) => token.split("-").length - 1)) + 1;
  const meant = new Map(opened.map((each) => [each.file, named(each.file.replaceAll(assignment.id, " "), tokens, longest)]));
  for (const { file, content } of opened) {
    const own = content.student.id;
    for (const other of [...(meant.get(file) ?? [])].filter((id) => id !== own).sort()) {
      const partner = opened.find((each) => each.content.student.id === other && meant.get(each.file)?.has(own));
      const words = `is named after '${other}', but '${own}' answered`;
      say(file, "swapped", partner ? `${words}; ${partner.file} the other way round` : words);
    }
    if (Object.keys(assignment.roster).length) tellCode(assignment.roster, file, content.student, say);
  }
}

/** @param {Map<string, string>} names by id @returns {Map<string, string>} by what may stand in a path, whose it is */
function tokensOf(names) {
  /** @type {Map<string, string | null>} */
  const found = new Map();
  for (const [id, name] of names) {
    for (const words of new Set([plain(id), plain(name)])) {
      if (words.length >= SHORTEST_ID) found.set(words, found.has(words) ? null : id);
    }
  }
  return new Map([...found].flatMap(([words, id]) => (id === null ? [] : [[words, id]])));
}

/** @param {string} file @param {Map<string, string>} tokens @param {number} longest @returns {Set<string>} */
function named(file, tokens, longest) {
  const words = plain(file).split("-");
  const found = new Set();
  for (let n = 1; n <= longest; n++) {
    for (let i = 0; i + n <= words.length; i++) {
      const id = tokens.get(words.slice(i, i + n).join("-"));
      if (id !== undefined) found.add(id);
    }
  }
  return found;
}

/** @param {string} text */
const plain = (text) =>
  text.normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, ""); // prettier-ignore

/** @param {Record<string, {name: string, code: string}>} roster @param {string} file @param {any} student @param {(...words: [string, string, string]) => void} say */
function tellCode(roster, file, { id, code = "" }, say) {
  const enrolled = Object.hasOwn(roster, id) ? roster[id] : null;
  if (enrolled?.code === code) return;
  const owner = Object.keys(roster).find((other) => roster[other].code === code);
  if (owner) say(file, "swapped", `says '${id}', but the code is that of '${owner}'`);
  else if (!enrolled) say(file, "unknown student", `'${id}' is not on the list`);
  else say(file, "unknown student", `'${id}' is on the list, but the code is wrong`);
}

/** @param {any} assignment @param {Opened} opened @param {(...words: [string, string, string]) => void} say */
function tellTimes(assignment, { file, content }, say) {
  const [begun, ended] = [Date.parse(content.begun), Date.parse(content.ended)];
  const [opens, closes] = [Date.parse(assignment.opens), Date.parse(assignment.closes)];
  if (ended > closes) say(file, "late", `ended ${span(ended - closes)} after it closed`);
  if (begun < opens) say(file, "early", `begun ${span(opens - begun)} before it opened`);
  if (ended < begun) say(file, "over time", "ended before it began: its clock was changed");
  const took = ended - begun;
  if (!assignment.minutes || took <= assignment.minutes * MINUTE_MS + GRACE_MS) return;
  const added = content.added ? `, with ${content.added} minutes added` : ", with no time added";
  say(file, "over time", `took ${span(took)} of ${assignment.minutes} min${added}`);
}

/** @param {number} ms */
function span(ms) {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(1)} h` : `${Math.floor(minutes / 1440)} days`;
}
