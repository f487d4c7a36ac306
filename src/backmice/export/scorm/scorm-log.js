// The log of a quiz that runs in a learning platform: the platform keeps what was answered, and this browser nothing,
// since the next learner may sit at the same machine.

import { newId } from "../../static/attempt-log.js";
import { score } from "../../static/score.js";
import { interaction, pack, standing, timespan, unpack } from "./report.js";

/**
 * @typedef {import("../../static/attempt-log.js").LogEvent} LogEvent
 * @typedef {import("../../static/attempt-log.js").Outcome} Outcome
 * @typedef {import("./report.js").Course} Course
 */

/** By version: the elements that only differ in name. */
const NAMES = {
  "1.2": { exit: "cmi.core.exit", location: "cmi.core.lesson_location", session: "cmi.core.session_time", pass: "cmi.student_data.mastery_score" },
  2004: { exit: "cmi.exit", location: "cmi.location", session: "cmi.session_time", pass: "cmi.scaled_passing_score" },
};

export class ScormLog extends EventTarget {
  #began = Date.now();
  #last = Date.now();
  /** @type {Map<string, import("./report.js").Answer>} */ #answers;
  #isTaken = true;

  /** @param {import("./lms.js").Lms} lms which has begun @param {Course} course */
  constructor(lms, course) {
    super();
    this.lms = lms;
    this.course = course;
    this.names = NAMES[course.version];
    this.#answers = unpack(course, lms.get("cmi.suspend_data"));
    this.#isTaken = this.#tell([]);
  }

  /** Where the learner was: the item last answered. */
  get location() {
    return this.lms.get(this.names.location);
  }

  /**
   * Tell the platform of what was answered; each event gets its time and an id.
   * @param {...{type: string, quiz: string, [field: string]: any}} facts
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  async append(...facts) {
    const events = facts.map((fact) => ({ id: newId(), at: new Date().toISOString(), ...fact }));
    for (const event of events) if (event.type === "submission") this.#isTaken = this.#answered(event);
    return { ...this.#outcome(), events };
  }

  /**
   * @param {string} quiz
   * @returns {Promise<Outcome & {events: LogEvent[]}>} the last submission of each item
   */
  async read(quiz) {
    const at = new Date(this.#began).toISOString();
    const events = this.course.items.flatMap(({ id: item, revision }) => {
      const answer = this.#answers.get(item);
      return answer ? [{ id: `kept:${item}`, at, type: "submission", quiz, item, revision, ...answer }] : [];
    });
    return { ...this.#outcome(), events: quiz === this.course.quiz ? events : [] };
  }

  /** The learner leaves: what was answered is kept for the next time. */
  end() {
    this.#tell([]);
    this.lms.end();
  }

  /** @param {any} event @returns {boolean} whether the platform took it */
  #answered({ item: id, response, certainty }) {
    const item = this.course.items.find((one) => one.id === id);
    if (!item) return true; // of another quiz
    this.#answers.set(id, certainty ? { response, certainty } : { response });
    const { points } = this.#score(item, response);
    const [now, n] = [Date.now(), Number(this.lms.get("cmi.interactions._count")) || 0];
    const facts = interaction(this.course.version, item, n, { response, points, at: new Date(now), latency: now - this.#last });
    this.#last = now;
    return this.#tell([...facts, [this.names.location, id]]);
  }

  /** @param {[string, string][]} facts said before where the learner stands */
  #tell(facts) {
    const { course, names } = this;
    const points = course.items.flatMap((item) => {
      const answer = this.#answers.get(item.id);
      return answer ? [this.#score(item, answer.response).points] : [];
    });
    return this.lms.tell([
      ...facts,
      ...standing(course, points, this.#pass()),
      ["cmi.suspend_data", pack(course, this.#answers)],
      [names.session, timespan(course.version, Date.now() - this.#began)],
      [names.exit, "suspend"], // what was answered is shown again, also after the last item
    ]);
  }

  /** The share of all points that passes: the platform's, or the package's. */
  #pass() {
    const said = this.lms.get(this.names.pass);
    if (!said || Number.isNaN(Number(said))) return this.course.pass;
    return Number(said) / (this.course.version === "1.2" ? 100 : 1);
  }

  /** @param {import("./report.js").Asked} item @param {string[]} response */
  #score = ({ kind, key, options }, response) => score(kind, key, options, response);

  /** @returns {Outcome} */
  #outcome() {
    return this.#isTaken ? { kept: true, reason: "" } : { kept: false, reason: "platform" };
  }
}
