// Counts what came back, as assign/grade.py does: which attempt stands, what each answer is worth, and the tables
// that platforms import.

import { isWithin, score } from "./score.js";

/**
 * @typedef {import("./handed-files.js").Pile} Pile
 * @typedef {import("./handed-files.js").Opened} Opened
 * @typedef {{response: string[], points: number, chosen: string[], certainty: string | null, seconds: number | null}} Answer
 * @typedef {{id: string, name: string, opened: Opened, answers: Map<string, Answer>, points: number, odd: string[]}} Graded
 */

const FORMULA = /^[=+\-@\t\r]/; // a cell that begins so would be reckoned by a spreadsheet
/** @param {number} x */
const nine = (x) => Math.round(x * 1e9) / 1e9;

/**
 * @param {any} assignment @param {Pile} pile attempts beyond those allowed, and impossible answers, are added to it
 * @returns {Graded[]} by id; the last of the attempts allowed stands
 */
export function gradeAll(assignment, pile) {
  /** @type {Map<string, Opened[]>} */
  const byStudent = new Map();
  const inOrder = [...pile.opened].sort((a, b) => Date.parse(a.content.ended) - Date.parse(b.content.ended) || (a.file < b.file ? -1 : 1));
  for (const each of inOrder) byStudent.set(each.content.student.id, [...(byStudent.get(each.content.student.id) ?? []), each]);
  const students = [...byStudent].sort(([a], [b]) => (a < b ? -1 : 1));
  const graded = students.map(([id, handed]) => {
    const own = handed.filter(({ content }) => (assignment.roster[id]?.code ?? content.student.code) === content.student.code);
    const attempts = own.length ? own : handed;
    for (const { file } of handed.filter((each) => !attempts.includes(each))) {
      pile.odd.push({ file, kind: "unknown student", words: `does not count: ${attempts[0].file} has the code of '${id}'` });
    }
    const opened = attempts.slice(0, assignment.attempts).at(-1);
    for (const { file } of attempts.slice(assignment.attempts)) {
      const allowed = assignment.attempts === 1 ? "one attempt" : `${assignment.attempts} attempts`;
      pile.odd.push({ file, kind: "twice", words: `'${id}' may have ${allowed}; ${opened?.file} stands` });
    }
    const answers = answersOf(assignment, /** @type {Opened} */ (opened), pile);
    const points = nine([...answers.values()].reduce((sum, answer) => sum + answer.points, 0));
    return { id, name: assignment.roster[id]?.name || opened?.content.student.name, opened: /** @type {Opened} */ (opened), answers, points };
  });
  const owners = new Map(pile.opened.map(({ file, content }) => [file, content.student.id]));
  const oddOf = (/** @type {string} */ id) => [...new Set(pile.odd.filter(({ file }) => owners.get(file) === id).map(({ kind }) => kind))];
  return graded.map((each) => ({ ...each, odd: oddOf(each.id) }));
}

/** @param {any} question */
const optionsOf = (question) => {
  const units = Object.keys(question.units);
  return units.length ? units : question.options.map((/** @type {any} */ { id }) => id);
};

/** @param {any} assignment @param {Opened} opened @param {Pile} pile @returns {Map<string, Answer>} */
function answersOf(assignment, { file, content }, pile) {
  const questions = new Map(assignment.questions.map((/** @type {any} */ question) => [question.id, question]));
  const found = new Map();
  for (const { item, response, certainty = null, seconds = null } of content.given) {
    const question = questions.get(item);
    try {
      if (!question) throw new RangeError("no such item");
      const { points } = score(question.kind, question.key, optionsOf(question), response);
      if (response.length) found.set(item, { response, points, chosen: chosenOf(question, response), certainty, seconds });
    } catch {
      pile.odd.push({ file, kind: "impossible answer", words: `${item} can't be answered so; it counts as open` });
    }
  }
  return found;
}

/** @param {any} question @param {string[]} response @returns {string[]} the choices that it makes */
export function chosenOf(question, response) {
  if (question.kind === "ordering") return [];
  if (question.kind !== "numeric") return response;
  if (isWithin(question.key, response)) return ["key"];
  const made = question.slips.find((/** @type {any} */ { value, tolerance }) => isWithin({ ...question.key, value, tolerance }, response));
  return [made?.id ?? "other"];
}

/** @param {any} question @returns {import("./analysis.js").Asked} */
function asked(question) {
  const { id, kind, objective, stem, key, options, cases, slips } = question;
  const texts = (/** @type {any[]} */ parts) => parts.map((part) => /** @type {[string, string]} */ ([part.id, part.text]));
  const plain = { id, kind, objective, stem };
  if (kind === "ordering") return { ...plain, choices: [], credited: [] };
  if (kind === "matching") {
    const pairs = cases.flatMap((/** @type {any} */ c) => options.map((/** @type {any} */ o) => [`${c.id}=${o.id}`, `${c.text}: ${o.text}`]));
    return { ...plain, choices: pairs, credited: key };
  }
  if (kind !== "numeric") return { ...plain, choices: texts(options), credited: key };
  const made = slips.map((/** @type {any} */ slip) => [slip.id, `${general(slip.value)} ${key.unit}: ${slip.text}`]);
  return { ...plain, choices: [["key", `${general(key.value)} ${key.unit}`], ...made, ["other", "another number"]], credited: ["key"] };
}

/** @param {number} value to six figures */
export const general = (value) => String(Number(value.toPrecision(6)));

/** @param {any} assignment @param {Graded[]} graded @returns {import("./analysis.js").Table} */
export function tableOf(assignment, graded) {
  const ids = assignment.questions.map((/** @type {any} */ { id }) => id);
  /** @template T @param {(answer: Answer) => T} of @param {T} open */
  const rows = (of, open) => graded.map(({ answers }) => ids.map((/** @type {string} */ id) => (answers.has(id) ? of(/** @type {Answer} */ (answers.get(id))) : open)));
  return {
    students: graded.map(({ id }) => id),
    items: assignment.questions.map(asked),
    points: rows(({ points }) => points, 0),
    chosen: rows(({ chosen }) => chosen, /** @type {string[]} */ ([])),
    certainty: rows(({ certainty }) => certainty, null),
    seconds: rows(({ seconds }) => seconds, null),
  };
}

/** @param {any} assignment @param {Graded[]} graded @returns {Record<string, string>} by name, a CSV */
export function gradebooks(assignment, graded) {
  const of = assignment.questions.length;
  const clock = (/** @type {string} */ at) => new Date(at).toISOString().slice(0, 19).replace("T", " ");
  const rows = graded.map(({ id, name, points, answers, opened, odd }) => [
    id, name, String(points), of, String(Math.round((10_000 * points) / of) / 100), answers.size, clock(opened.content.begun),
    clock(opened.content.ended), opened.file, opened.receipt, odd.join("; "),
  ]); // prettier-ignore
  const there = new Set(graded.map(({ id }) => id));
  for (const [id, { name }] of Object.entries(/** @type {Record<string, {name: string}>} */ (assignment.roster))) {
    if (!there.has(id)) rows.push([id, name, "", of, "", "", "", "", "", "", "nothing handed in"]);
  }
  const head = ["id", "name", "points", "of", "per cent", "answered", "begun", "ended", "file", "receipt", "look at"];
  const canvas = graded.map(({ id, name, points }) => [namesOf(name).reverse().filter(Boolean).join(", "), "", id, "", "", String(points)]);
  return {
    "gradebook.csv": csv([head, ...rows]),
    "moodle.csv": csv([["First name", "Last name", "ID number", assignment.title], ...graded.map(({ id, name, points }) => [...namesOf(name), id, String(points)])]),
    "canvas.csv": csv([["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.title], ["    Points Possible", "", "", "", "", of], ...canvas]),
  };
}

/** @param {string} name @returns {string[]} first and last */
function namesOf(name) {
  const words = name.trim();
  const at = words.lastIndexOf(" ");
  return at > 0 ? [words.slice(0, at), words.slice(at + 1)] : [words, ""];
}

/** @param {(string | number)[][]} rows */
function csv(rows) {
  const cell = (/** @type {string | number} */ value) => {
    const safe = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}
