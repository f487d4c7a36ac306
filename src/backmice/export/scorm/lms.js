// The learning platform that a SCORM package runs in: finding its API, and speaking to it in either version.

/** @typedef {"1.2" | "2004"} Version */

/** By version: the name of the API, and of its calls. */
const CALLS = {
  "1.2": { api: "API", begin: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", end: "LMSFinish" },
  2004: { api: "API_1484_11", begin: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", end: "Terminate" },
};
const HIGHEST = 500; // windows within windows; more is a circle

/**
 * Look for the API in this window, in those around it, and in those around the one that opened it.
 * @param {any} start
 * @param {Version} version
 * @returns {any} null if there is none
 */
export function findApi(start, version) {
  const name = CALLS[version].api;
  for (const first of [start, start.opener, start.top?.opener]) {
    let above = first;
    for (let n = 0; above && n < HIGHEST; n++) {
      try {
        if (above[name]) return above[name];
      } catch {
        // A window of another origin hides what it has; one above it may not.
      }
      if (above.parent === above) break;
      above = above.parent;
    }
  }
  return null;
}

/** A session with the platform, from its first word to its last. */
export class Lms {
  #api;
  #calls;
  #isOpen = false;

  /** @param {any} api @param {Version} version */
  constructor(api, version) {
    this.version = version;
    this.#api = api;
    this.#calls = CALLS[version];
  }

  /** @returns {boolean} whether the platform listens */
  begin() {
    this.#isOpen = this.#call("begin", "");
    return this.#isOpen;
  }

  /** @param {string} element @returns {string} "" where the platform has nothing or fails */
  get(element) {
    try {
      return String(this.#api[this.#calls.get](element) ?? "");
    } catch {
      return "";
    }
  }

  /**
   * Say several things, all of them, and have them kept.
   * @param {[string, string][]} values by element, in order
   * @returns {boolean} whether the platform took every one
   */
  tell(values) {
    if (!this.#isOpen) return false;
    const taken = values.map(([element, value]) => this.#call("set", element, value));
    return this.#call("commit", "") && taken.every(Boolean);
  }

  end() {
    if (this.#isOpen) this.#call("end", "");
    this.#isOpen = false;
  }

  /** @param {"begin" | "set" | "commit" | "end"} what @param {...string} given */
  #call(what, ...given) {
    try {
      return String(this.#api[this.#calls[what]](...given)) === "true";
    } catch {
      return false;
    }
  }
}
