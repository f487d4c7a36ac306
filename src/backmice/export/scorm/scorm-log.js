// The log of a quiz or a lesson that runs in a learning platform: the platform keeps what was answered, and this browser nothing,
// since the next learner may sit at the same machine.

import { newId } from "../../static/attempt-log.js";
import { score } from "../../static/score.js";
import { interaction, pack, places, standing, timespan, unpack } from "./report.js";

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

/** @param {string} film @returns {string} by this name its questions are a quiz, and it stands on the page */
const nameOf = (film) => `film-${film}`;

export class ScormLog extends EventTarget {
  #began = Date.now();
  #last = Date.now();
  /** @type {Map<string, import("./report.js").Answer>} */ #answers;
  /** @type {Map<string, number>} where films were left */ #places;
  #isTaken = true;

  /** @param {import("./lms.js").Lms} lms which has begun @param {Course} course */
  constructor(lms, course) {
    super();
    this.lms = lms;
    this.course = course;
    this.names = NAMES[course.version];
    const kept = lms.get("cmi.suspend_data");
    this.#answers = unpack(course, kept);
    this.#places = places(course, kept);
    this.#isTaken = this.#tell([]);
  }

  /** Where the learner was: the item last answered, or the film last played. */
  get location() {
    return this.lms.get(this.names.location);
  }

  /**
   * Tell the platform of what was answered, and where a film was left; each event gets its time and an id.
   * @param {...{type: string, quiz: string, [field: string]: any}} facts
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  async append(...facts) {
    const events = facts.map((fact) => ({ id: newId(), at: new Date().toISOString(), ...fact }));
    for (const event of events) {
      if (event.type === "submission") this.#isTaken = this.#answered(event);
      if (event.type === "watched") this.#isTaken = this.#watched(event);
    }
    return { ...this.#outcome(), events };
  }

  /**
   * @param {string} quiz
   * @returns {Promise<Outcome & {events: LogEvent[]}>} the last submission of each item, and where a film was left
   */
  async read(quiz) {
    const at = new Date(this.#began).toISOString();
    const events = this.course.items.flatMap(({ id, item, quiz: of, revision }) => {
      const answer = of === quiz && this.#answers.get(id);
      return answer ? [{ id: `kept:${id}`, at, type: "submission", quiz, item, revision, ...answer }] : [];
    });
    const left = [...this.#places].filter(([film]) => nameOf(film) === quiz);
    const watched = left.map(([film, at_s]) => ({ id: `kept:${quiz}`, at, type: "watched", quiz, film, at_s }));
    return { ...this.#outcome(), events: [...events, ...watched] };
  }

  /** The learner leaves: what was answered is kept for the next time. */
  end() {
    this.#tell([]);
    this.lms.end();
  }

  /** @param {any} event @returns {boolean} whether the platform took it */
  #answered({ quiz, item: of, response, certainty }) {
    const item = this.course.items.find((one) => one.item === of && one.quiz === quiz);
    if (!item) return true; // none of ours
    this.#answers.set(item.id, certainty ? { response, certainty } : { response });
    const { points } = this.#score(item, response);
    const [now, n] = [Date.now(), Number(this.lms.get("cmi.interactions._count")) || 0];
    const facts = interaction(this.course.version, item, n, { response, points, at: new Date(now), latency: now - this.#last });
    this.#last = now;
    return this.#tell([...facts, [this.names.location, item.id]]);
  }

  /** @param {any} event @returns {boolean} whether the platform took it */
  #watched({ film, at_s }) {
    if (!this.course.films.includes(film)) return true;
    this.#places.set(film, at_s);
    return this.#tell([[this.names.location, nameOf(film)]]);
  }

  /** @param {[string, string][]} facts said before where the learner stands */
  #tell(facts) {
    const { course, names } = this;
    const points = course.items.flatMap((item) => {
      const answer = item.counts && this.#answers.get(item.id);
      return answer ? [this.#score(item, answer.response).points] : [];
    });
    return this.lms.tell([
      ...facts,
      ...standing(course, points, this.#pass()),
      ["cmi.suspend_data", pack(course, this.#answers, this.#places)],
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
