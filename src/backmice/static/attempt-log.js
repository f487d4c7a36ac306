// What the learner did, as events that are only ever added. Kept in IndexedDB; where that fails, in
// memory until the page closes, and whoever appends or reads is told so. Nothing pending is dropped:
// each append tries again to write everything that is still only in memory.

/**
 * @typedef {{id: string, at: string, type: string, quiz: string, [field: string]: any}} LogEvent
 * @typedef {{kept: boolean, reason: "" | "full" | "refused"}} Outcome
 */

const NAME = "backmice"; // database and channel
const STORE = "events";
const VERSION = 1;
const PATIENCE_MS = 2500; // some browsers never answer an open request

export class AttemptLog extends EventTarget {
  /** @type {Promise<IDBDatabase> | null} */ #connection = null;
  /** @type {LogEvent[]} */ #pending = [];
  /** @type {Promise<any>} */ #queue = Promise.resolve();
  #channel = openChannel();

  constructor() {
    super();
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }) => {
      if (!Array.isArray(data?.events)) return;
      this.dispatchEvent(new CustomEvent("added", { detail: data.events.filter(isLogEvent) }));
    };
  }

  /**
   * Add events; each gets its time, and an id unless it has one. Settles when they are on disk, or known not to be.
   * @param {...{type: string, quiz: string, [field: string]: any}} facts
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  append(...facts) {
    const events = facts.map((fact) => ({ id: newId(), at: new Date().toISOString(), ...fact }));
    this.#pending.push(...events);
    const flushed = this.#queue.then(() => this.#flush());
    this.#queue = flushed;
    return flushed.then((outcome) => ({ ...outcome, events }));
  }

  /**
   * Read all events of a quiz in the order of their times.
   * @param {string} quiz
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  async read(quiz) {
    /** @type {Outcome} */
    let outcome = { kept: true, reason: "" };
    /** @type {unknown[]} */
    let stored = [];
    try {
      stored = await this.#stored(quiz);
    } catch (error) {
      outcome = lost(error);
    }
    const events = [...stored, ...this.#pending].filter(isLogEvent).filter((event) => event.quiz === quiz);
    const once = [...new Map(events.map((event) => [event.id, event])).values()];
    return { ...outcome, events: once.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))) };
  }

  /** @returns {Promise<Outcome>} */
  async #flush() {
    const batch = [...this.#pending];
    if (!batch.length) return { kept: true, reason: "" };
    try {
      await this.#write(batch);
    } catch (error) {
      return lost(error);
    }
    this.#pending.splice(0, batch.length);
    this.#channel?.postMessage({ events: batch });
    return { kept: true, reason: "" };
  }

  /** @param {LogEvent[]} events */
  async #write(events) {
    const database = await this.#open();
    await within(
      new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
        transaction.oncomplete = () => resolve(undefined);
        transaction.onabort = () => reject(transaction.error);
        try {
          for (const event of events) {
            const request = transaction.objectStore(STORE).add(event);
            request.onerror = (failure) => {
              // Written by an earlier try whose answer came too late: there already, so no loss.
              if (request.error?.name === "ConstraintError") failure.preventDefault();
            };
          }
        } catch (error) {
          transaction.abort();
          reject(error);
        }
      }),
    );
  }

  /** @param {string} quiz @returns {Promise<unknown[]>} */
  async #stored(quiz) {
    const database = await this.#open();
    return within(
      new Promise((resolve, reject) => {
        const request = database.transaction(STORE).objectStore(STORE).index("quiz").getAll(quiz);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
    );
  }

  /** @returns {Promise<IDBDatabase>} */
  #open() {
    this.#connection ??= this.#connect();
    this.#connection.catch(() => (this.#connection = null));
    return within(this.#connection);
  }

  /** @returns {Promise<IDBDatabase>} */
  #connect() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION); // throws where storage is refused
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore(STORE, { autoIncrement: true });
        store.createIndex("id", "id", { unique: true });
        store.createIndex("quiz", "quiz");
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        const forget = () => (this.#connection = null); // the next call opens it again
        database.onclose = forget;
        database.onversionchange = () => (database.close(), forget());
        resolve(database);
      };
    });
  }
}

/** @type {AttemptLog | undefined} */
let shared;

/** @returns {AttemptLog} the one log of this page */
export const sharedLog = () => (shared ??= new AttemptLog());

/** @returns {string} a random UUID, also where the page is not served securely */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** @param {any} event @returns {event is LogEvent} */
function isLogEvent(event) {
  return ["id", "at", "type", "quiz"].every((field) => typeof event?.[field] === "string");
}

/** @param {any} error @returns {Outcome} */
const lost = (error) => ({ kept: false, reason: error?.name === "QuotaExceededError" ? "full" : "refused" });

/** @returns {BroadcastChannel | null} */
function openChannel() {
  try {
    return new BroadcastChannel(NAME);
  } catch {
    return null; // the other tab then shows the answer when it is loaded again
  }
}

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
function within(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("storage does not answer")), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
