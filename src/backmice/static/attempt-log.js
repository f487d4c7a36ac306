// What the learner did, as events that are only ever added. Kept in IndexedDB; where that fails, in
// memory until the page closes, and whoever appends or reads is told so. Nothing pending is dropped:
// each append tries again to write everything that is still only in memory. A log that the browser lost
// is filled again from its copy.
// Tells of what came from elsewhere: "added" (detail: the events, from another tab), "merged" (a file
// was imported, here or in another tab, or the storage has answered late; read again) and "erased" (everything
// is gone, here or there).

import { copied, copy, forget } from "./log-copy.js";

/**
 * @typedef {{id: string, at: string, type: string, quiz: string, [field: string]: any}} LogEvent
 * @typedef {{kept: boolean, reason: "" | "full" | "refused" | "platform"}} Outcome
 */

const NAME = "backmice"; // database and channel
const STORE = "events";
const VERSION = 1;
const PATIENCE_MS = 2500; // some browsers never answer an open request
const WHOLE_LOG_MS = 60_000; // years of events on a slow disk
/** @type {Outcome} */
const KEPT = { kept: true, reason: "" };

export class AttemptLog extends EventTarget {
  /** @type {Promise<IDBDatabase> | null} */ #connection = null;
  /** @type {LogEvent[]} */ #pending = [];
  /** @type {Outcome} how the last try to write went */ #last = KEPT;
  /** @type {Promise<any>} */ #queue = Promise.resolve();
  #channel = openChannel();

  constructor() {
    super();
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }) => {
      if (Array.isArray(data?.events)) this.#tell("added", data.events.filter(isLogEvent));
      if (data?.merged) this.#tell("merged");
      if (!data?.erased) return;
      this.#pending = [];
      this.#inTurn(forget).catch(() => {}); // a copy may have been under way here
      this.#tell("erased");
    };
  }

  /**
   * Add events; each gets its time, and an id unless it has one. One whose id is there already is ignored,
   * the others are kept. Settles when they are on disk, or known not to be.
   * @param {...{type: string, quiz: string, [field: string]: any}} facts
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  append(...facts) {
    const events = checked(facts.map((fact) => ({ id: newId(), at: new Date().toISOString(), ...fact })));
    this.#pending.push(...events);
    return this.#inTurn(() => this.#flush()).then((outcome) => ({ ...outcome, events }));
  }

  /**
   * Add those of `events` whose id is not there: all of them, or, if that fails, none.
   * @param {LogEvent[]} events
   * @returns {Promise<Outcome & {added: number, known: number}>}
   */
  merge(events) {
    const given = checked(events);
    return this.#inTurn(async () => {
      try {
        const added = (await this.#add(given, { whole: true })).length;
        this.#channel?.postMessage({ merged: true });
        this.#tell("merged");
        return { ...KEPT, added, known: given.length - added };
      } catch (error) {
        return { ...lost(error), added: 0, known: 0 };
      }
    });
  }

  /**
   * Take everything away for good. Asks nothing; other tabs are told. If it fails, all stays.
   * @returns {Promise<{erased: boolean, reason: "" | "full" | "refused"}>}
   */
  erase() {
    const doomed = new Set(this.#pending); // what is appended from now on stays
    return this.#inTurn(async () => {
      try {
        await forget();
        await this.#transact((store) => store.clear(), WHOLE_LOG_MS);
      } catch (error) {
        return { erased: false, reason: lost(error).reason };
      }
      this.#pending = this.#pending.filter((event) => !doomed.has(event));
      this.#channel?.postMessage({ erased: true });
      this.#tell("erased");
      return { erased: true, reason: "" };
    });
  }

  /**
   * Read all events of a quiz in the order of their times.
   * @param {string} quiz
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  async read(quiz) {
    const { events, ...outcome } = await this.#read((store) => store.index("quiz").getAll(quiz), PATIENCE_MS);
    return { ...outcome, events: events.filter((event) => event.quiz === quiz) };
  }

  /**
   * Read every event in the order of their times.
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  readAll() {
    return this.#read((store) => store.getAll(), WHOLE_LOG_MS);
  }

  /**
   * Find out whether an event could be kept now: by writing what is pending, or something that is taken away at once.
   * @returns {Promise<Outcome>}
   */
  probe() {
    return this.#inTurn(async () => {
      if (this.#pending.length) return this.#flush();
      try {
        await this.#transact((store) => {
          store.add({ probe: "x".repeat(1000) }, "probe"); // no number: the count of events goes on as it was
          store.delete("probe");
        });
        return KEPT;
      } catch (error) {
        return lost(error);
      }
    });
  }

  /** @template T @param {() => Promise<T>} work one after the other @returns {Promise<T>} */
  #inTurn(work) {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  /** @param {string} type @param {LogEvent[]} [detail] */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @returns {Promise<Outcome>} */
  async #flush() {
    const batch = new Set(this.#pending);
    try {
      const added = batch.size ? await this.#add([...batch]) : [];
      if (added.length) this.#channel?.postMessage({ events: added });
      this.#pending = this.#pending.filter((event) => !batch.has(event));
      this.#last = KEPT;
    } catch (error) {
      this.#last = lost(error);
    }
    return this.#last;
  }

  /**
   * @param {LogEvent[]} events
   * @param {{whole?: boolean}} [how] whole: take back what is written when the answer is too long in coming
   * @returns {Promise<LogEvent[]>} those that were not there
   */
  async #add(events, { whole = false } = {}) {
    /** @type {LogEvent[]} */
    const added = [];
    let isFirst = false;
    const write = (/** @type {IDBObjectStore} */ store) =>
      addNew(store, events, (event, key) => {
        added.push(event);
        isFirst ||= key === 1;
      });
    await (whole ? this.#transact(write, WHOLE_LOG_MS, "take back") : this.#transact(write));
    // All of them: one that was there already may have been written just before its page died, without a copy.
    await within(copy(events), PATIENCE_MS).catch(() => {}); // they are kept all the same
    if (isFirst) askToStay();
    return added;
  }

  /**
   * @param {(store: IDBObjectStore) => void} work
   * @param {number} [patience]
   * @param {"leave" | "take back"} [ifLate] what becomes of a write that nobody waits for any more
   */
  async #transact(work, patience = PATIENCE_MS, ifLate = "leave") {
    const transaction = await this.#begin("readwrite", { durability: "strict" });
    const done = settled(transaction);
    try {
      work(transaction.objectStore(STORE));
    } catch (error) {
      giveUp(transaction);
      done.catch(() => {}); // the work's own error says more
      throw error;
    }
    try {
      await within(done, patience);
    } catch (error) {
      if (ifLate === "take back") giveUp(transaction);
      throw error;
    }
  }

  /**
   * @param {(store: IDBObjectStore) => IDBRequest<unknown[]>} ask
   * @param {number} patience
   * @returns {Promise<Outcome & {events: LogEvent[]}>}
   */
  async #read(ask, patience) {
    let outcome = KEPT;
    /** @type {unknown[]} */
    let stored = [];
    try {
      stored = await within(answer(ask((await this.#begin("readonly")).objectStore(STORE))), patience);
    } catch (error) {
      outcome = lost(error);
    }
    if (outcome.kept && this.#pending.length) outcome = this.#last;
    /** @type {Map<string, LogEvent>} what is on disk comes first, and stands */
    const once = new Map();
    for (const event of [...stored, ...this.#pending]) {
      if (isLogEvent(event) && !once.has(event.id)) once.set(event.id, event);
    }
    return { ...outcome, events: [...once.values()].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))) };
  }

  /** @param {IDBTransactionMode} mode @param {IDBTransactionOptions} [how] */
  async #begin(mode, how) {
    try {
      return (await this.#open()).transaction(STORE, mode, how);
    } catch (error) {
      if (/** @type {any} */ (error)?.name !== "InvalidStateError") throw error;
      this.#connection = null; // closed under us and nobody told, as a sleeping phone may do
      return (await this.#open()).transaction(STORE, mode, how);
    }
  }

  /** @returns {Promise<IDBDatabase>} */
  async #open() {
    const connection = (this.#connection ??= this.#connect());
    connection.catch(() => (this.#connection = null));
    try {
      return await within(connection, PATIENCE_MS);
    } catch (error) {
      // It may answer yet, as where a whole browser is just beginning: who was told that nothing is kept reads again.
      connection.then(() => this.#inTurn(() => this.#flush())).then(() => this.#tell("merged"), () => {});
      throw error;
    }
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
        const lose = () => (this.#connection = null); // the next call opens it again
        database.onclose = lose;
        database.onversionchange = () => (database.close(), lose());
        resolve(this.#restored(database));
      };
    });
  }

  /** Fill an empty log from its copy. @param {IDBDatabase} database */
  async #restored(database) {
    try {
      if (await answer(database.transaction(STORE).objectStore(STORE).count())) return database;
      const events = (await copied()).filter(isLogEvent);
      if (!events.length) return database;
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      addNew(transaction.objectStore(STORE), events);
      await settled(transaction);
      this.#channel?.postMessage({ merged: true });
    } catch {
      // There is no copy that could be read: the log begins anew.
    }
    return database;
  }
}

/** @type {AttemptLog | undefined} */
let shared;

/** @returns {AttemptLog} the one log of this page */
export const sharedLog = () => (shared ??= new AttemptLog());

/**
 * Keep what is answered elsewhere, as in a learning platform. To be said before any element is made.
 * @param {any} log an EventTarget with `append` and `read`
 */
export const useLog = (log) => (shared = log);

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

/**
 * Copy events, so that nobody changes them later. One that can't be stored would hold up all others for ever.
 * @param {any[]} events
 * @returns {LogEvent[]}
 * @throws {TypeError | DOMException} if one is no event, or can't be stored
 */
function checked(events) {
  if (!events.every(isLogEvent)) throw new TypeError("an event has id, at, type and quiz as text");
  return structuredClone(events);
}

/** @param {any} error @returns {Outcome} */
const lost = (error) => ({ kept: false, reason: error?.name === "QuotaExceededError" ? "full" : "refused" });

/** Ask the browser, once for a log, not to clear it when space runs short. Whatever it says, we go on. */
function askToStay() {
  navigator.storage?.persist?.().catch(() => {});
}

/**
 * Add those events that are not there yet.
 * @param {IDBObjectStore} store @param {LogEvent[]} events @param {(event: LogEvent, key: IDBValidKey) => void} [added]
 */
function addNew(store, events, added = () => {}) {
  for (const event of events) {
    const request = store.add(event);
    request.onsuccess = () => added(event, request.result);
    request.onerror = (failure) => {
      // There already, as facts that are written once, or by an earlier try whose answer came too late.
      if (request.error?.name === "ConstraintError") failure.preventDefault();
    };
  }
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function settled(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** @param {IDBTransaction} transaction */
function giveUp(transaction) {
  try {
    transaction.abort();
  } catch {
    // It was over already.
  }
}

/** @returns {BroadcastChannel | null} */
function openChannel() {
  try {
    return new BroadcastChannel(NAME);
  } catch {
    return null; // the other tab then shows the answer when it is loaded again
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @template T @param {Promise<T>} promise @param {number} ms @returns {Promise<T>} */
function within(promise, ms) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("storage does not answer")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
