// What was done on one assignment, kept in this browser, apart from what the learner does in the course.
// Where storage fails it is kept until the page closes, and whoever appends is told so.

import { newId } from "./attempt-log.js";

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

export class AssignmentStore {
  /** @type {LogEvent[]} */ events = [];
  #name;

  /** @param {string} assignment its id */
  constructor(assignment) {
    this.#name = `backmice-assignment:${assignment}`;
    this.#read();
  }

  /**
   * @param {...{type: string, [field: string]: any}} facts
   * @returns {{events: LogEvent[], kept: boolean, reason: "" | "full" | "refused"}} the events made of them
   */
  append(...facts) {
    this.#read(); // another tab may have written
    const events = facts.map((fact) => ({ id: newId(), at: new Date().toISOString(), quiz: this.#name, ...fact }));
    this.events.push(...events);
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.events));
      return { events, kept: true, reason: "" };
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
      return { events, kept: false, reason: isFull ? "full" : "refused" };
    }
  }

  #read() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.#name) ?? "[]");
      const known = new Set(this.events.map(({ id }) => id));
      this.events.push(...stored.filter((/** @type {LogEvent} */ { id }) => !known.has(id)));
      this.events.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
    } catch {
      // what is in memory stands
    }
  }
}
