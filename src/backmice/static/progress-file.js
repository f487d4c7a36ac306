// Progress as one file: everything in the log, to carry to another browser or to keep. A file that is read may
// have been cut short, edited or made to do harm, so each entry is checked whole before any is taken.

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

export const FORMAT = "backmice-progress";
export const VERSION = 1;
export const MOST_BYTES = 50_000_000;
const MOST_EVENTS = 500_000;
const STRANGE = "This isn’t a progress file of this course.";
/** @param {string} name @returns {boolean} whether it is one by which a file could reach into every object of the page */
const isForbidden = (name) => name in Object.prototype || name === "prototype";

/** Why a file was refused, as one sentence for the learner. */
export class ProgressFileError extends Error {
  name = "ProgressFileError";
}

/** @typedef {(value: any) => boolean} Check */

/** @param {number} most @param {number} [least] @returns {Check} */
const text = (most, least = 0) => (value) =>
  typeof value === "string" && value.length >= least && value.length <= most;
/** @param {...(string | boolean)} words @returns {Check} */
const oneOf = (...words) => (value) => words.includes(value);
/** @param {number} least @param {number} [most] @returns {Check} */
const number = (least, most = Infinity) => (value) => Number.isFinite(value) && value >= least && value <= most;
/** @param {Check} check @param {number} most @returns {Check} */
const list = (check, most) => (value) => Array.isArray(value) && value.length <= most && value.every(check);
/** @param {Check} check @returns {Check} */
const maybe = (check) => (value) => value === undefined || check(value);
/** @param {Record<string, Check>} fields @returns {Check} */
const record = (fields) => (value) => isRecord(value) && !faulty(fields, value);
/** @type {Check} */
const revision = (value) => Number.isSafeInteger(value) && value >= 1 && value <= 1_000_000;
/** @type {Check} as `new Date().toISOString()` writes it */
const time = (value) => {
  const date = new Date(typeof value === "string" ? value : NaN);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value;
};
const id = text(200, 1);
const ids = list(id, 100);
const quantity = record({
  value: number(-Infinity),
  tolerance: number(0),
  unit: id,
  units: (value) => isRecord(value) && list(number(0), 50)(Object.values(value)),
});
/** @type {Check} by condition */
const percents = (value) => isRecord(value) && ids(Object.keys(value)) && list(number(0, 100), 100)(Object.values(value));

/** @type {Record<string, Record<string, Check>>} what an event of each type holds */
const EVENTS = {
  seen: {
    item: id,
    revision,
    kind: id,
    topic: text(200),
    objective: text(200),
    level: text(200),
    stem: text(20_000),
    options: list((pair) => list(text(20_000), 2)(pair) && pair.length === 2 && id(pair[0]), 100),
    key: (value) => ids(value) || quantity(value),
  },
  attempt: {
    mode: maybe(oneOf("practice", "exam", "review")),
    items: list(record({ id, revision, options: ids }), 2000),
    minutes: maybe(number(0, 100_000)),
    marking: maybe(oneOf("certainty")),
  },
  submission: {
    attempt: id,
    item: id,
    revision,
    response: list(text(500), 100),
    certainty: maybe(oneOf("low", "mid", "high")),
    seconds: maybe(number(0)),
  },
  flag: { attempt: id, item: id, on: oneOf(true, false) },
  extension: { attempt: id, minutes: number(0, 100_000) },
  end: { attempt: id, why: oneOf("handed-in", "time") },
  read: { page: id },
  watched: { film: id, at_s: number(0, 100_000), furthest_s: number(0, 100_000), duration_s: number(0, 100_000), finished: oneOf(true, false) },
  start: {},
  stage: { stage: number(1, 100) },
  find: { figure: id, place: id, off_mm: number(0, 10_000), tolerance_mm: number(0, 10_000), found: oneOf(true, false), by: oneOf("touch", "numbers") },
  lab: { lab: id, task: (value) => id(value) || number(0, 1000)(value), points: number(0, 1000), of: number(0, 1000), tasks: number(0, 1000) },
  belief: { vignette: id, revision, stage: number(0, 100), percents, outcome: id },
};
const COMMON = { id, at: time, type: oneOf(...Object.keys(EVENTS)), quiz: text(200) };

/**
 * Write events as the text of a file that `parse` takes.
 * @param {LogEvent[]} events
 * @param {Date} now
 * @returns {{text: string, count: number, left: number}} left: events too damaged to be carried over
 */
export function write(events, now) {
  const whole = events.filter((event) => !fault(event));
  const file = { format: FORMAT, version: VERSION, exported: now.toISOString(), events: whole };
  return { text: JSON.stringify(file), count: whole.length, left: events.length - whole.length };
}

/** @param {Date} now */
export const fileName = (now) => `${FORMAT}-${now.toISOString().slice(0, 10)}.json`;

/**
 * Read a file that the learner chose.
 * @param {Blob} file
 * @returns {Promise<LogEvent[]>}
 * @throws {ProgressFileError} if it can't be taken whole
 */
export async function read(file) {
  if (file.size > MOST_BYTES) throw new ProgressFileError("This file is larger than 50 MB, which no progress file is.");
  let content;
  try {
    content = await file.text();
  } catch {
    throw new ProgressFileError("This file can’t be read.");
  }
  return parse(content);
}

/**
 * @param {string} content
 * @returns {LogEvent[]}
 * @throws {ProgressFileError}
 */
export function parse(content) {
  if (!content.trim()) throw new ProgressFileError("This file is empty.");
  const file = parseJson(content);
  if (!isRecord(file) || file.format !== FORMAT) throw new ProgressFileError(STRANGE);
  if (Number.isSafeInteger(file.version) && file.version > VERSION) {
    throw new ProgressFileError(
      "This file comes from a newer version of the course: reload this page, then import it again.",
    );
  }
  if (file.version !== VERSION) throw damaged("it doesn’t say which version it is");
  if (!Array.isArray(file.events)) throw damaged("it holds no list of entries");
  if (file.events.length > MOST_EVENTS) throw damaged(`it holds more than ${MOST_EVENTS} entries`);
  for (const [i, event] of file.events.entries()) {
    const wrong = fault(event);
    if (wrong) throw damaged(`entry ${i + 1} has ${wrong}`);
  }
  return file.events;
}

/** @param {string} content @returns {any} */
function parseJson(content) {
  try {
    return JSON.parse(content, (name, value) => {
      if (isForbidden(name)) throw damaged("it names what no entry has");
      return value;
    });
  } catch (error) {
    if (error instanceof ProgressFileError) throw error;
    if (!content.slice(0, 200).includes(FORMAT)) throw new ProgressFileError(STRANGE);
    throw new ProgressFileError("This file is damaged: it may have been cut short.");
  }
}

/** @param {string} why */
const damaged = (why) => new ProgressFileError(`This file is damaged: ${why}.`);

/** @param {any} event @returns {string | null} what is wrong with it */
function fault(event) {
  if (!isRecord(event) || !isFlat(event, 6)) return "no plain fields";
  const fields = { ...COMMON, ...(Object.hasOwn(EVENTS, event.type) ? EVENTS[event.type] : {}) };
  const isStrange = (/** @type {string} */ name) => !Object.hasOwn(fields, name) && !isNote(name, event[name]);
  const wrong = faulty(fields, event) ?? Object.keys(event).find(isStrange);
  if (wrong !== undefined) return `no valid ‘${wrong.slice(0, 40)}’`;
  const named = `seen:${event.item}@${event.revision}`;
  return event.type === "seen" && event.id !== named ? "an id that is not its own" : null;
}

/** @param {Record<string, Check>} fields @param {any} value @returns {string | undefined} the first that does not fit */
const faulty = (fields, value) =>
  Object.keys(fields).find((name) => !fields[name](Object.hasOwn(value, name) ? value[name] : undefined));

/** @param {any} value */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether a further field is small and plain enough to be carried along.
 * @param {string} name @param {any} value
 */
function isNote(name, value) {
  if (!/^[a-z][A-Za-z0-9]{0,39}$/.test(name) || isForbidden(name)) return false;
  return value === undefined || (isFlat(value, 4) && JSON.stringify(value).length <= 20_000);
}

/** @param {any} value @param {number} depth */
function isFlat(value, depth) {
  if (typeof value !== "object" || value === null) return ["string", "number", "boolean", "object"].includes(typeof value);
  return depth > 0 && Object.values(value).every((part) => isFlat(part, depth - 1));
}
