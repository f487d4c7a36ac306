// What this browser keeps of the course, for the pages and the service worker alike. A file is kept once, under the
// digest of its bytes, however many editions have it; an edition is its list. So an update fetches only what changed,
// and a page never gets a file of another edition than its own: the bytes would have another name.

import { keyOf, readList } from "./keep-list.js";

/**
 * @typedef {import("./keep-list.js").CourseFile} CourseFile
 * @typedef {import("./keep-list.js").CourseList} CourseList
 * @typedef {{current: string, coming: string, wishes: string[]}} State current: the edition that pages open in;
 *   coming: the one that is being fetched; wishes: the parts that the reader asked to keep
 */

/** What isn't kept of a response: it speaks of bytes on the wire, or of a visit. */
const OF_THE_WIRE = ["content-encoding", "content-length", "content-range", "transfer-encoding", "set-cookie", "vary"];

export class Store {
  /** @type {Map<string, CourseList>} lists read before */ #lists = new Map();

  /** @param {string} root the course's address, with a slash at its end @param {CacheStorage} [storage] */
  constructor(root, storage = caches) {
    this.root = root;
    this.storage = storage;
    const { pathname } = new URL(root); // several courses may share one origin
    this.files = `backmice-files ${pathname}`;
    this.notes = `backmice-editions ${pathname}`;
  }

  /** @param {CourseFile} file @returns {Promise<Response | undefined>} */
  async get(file) {
    return (await this.storage.open(this.files)).match(this.#address(keyOf(file)));
  }

  /** @param {CourseFile} file @param {BodyInit} body whose digest is the file's @param {Headers} headers */
  async put(file, body, headers) {
    await (await this.storage.open(this.files)).put(this.#address(keyOf(file)), new Response(body, { headers: lasting(headers) }));
  }

  /** @returns {Promise<Set<string>>} the keys of all files that are here */
  async keys() {
    const requests = await (await this.storage.open(this.files)).keys();
    return new Set(requests.map(({ url }) => url.slice(this.#address("").length)));
  }

  /** @param {Iterable<string>} keys */
  async drop(keys) {
    const cache = await this.storage.open(this.files);
    await Promise.all([...keys].map((key) => cache.delete(this.#address(key))));
  }

  /** @returns {Promise<State>} */
  async state() {
    const state = await this.note("state");
    return { current: "", coming: "", wishes: [], ...state };
  }

  /** @param {Partial<State>} changed */
  async change(changed) {
    await this.write("state", { ...(await this.state()), ...changed });
  }

  /** @param {string} name @returns {Promise<any>} what was noted under a name; null if nothing was, or it can't be read */
  async note(name) {
    const noted = await (await this.storage.open(this.notes)).match(this.#address(`${name}.json`));
    return noted ? noted.json().catch(() => null) : null;
  }

  /** @param {string} name @param {any} value */
  async write(name, value) {
    await (await this.storage.open(this.notes)).put(this.#address(`${name}.json`), Response.json(value));
  }

  /** @param {string} text of a list @returns {Promise<CourseList>} */
  async addList(text) {
    const list = readList(text);
    const cache = await this.storage.open(this.notes);
    await cache.put(this.#address(`edition-${list.edition}.json`), new Response(text));
    this.#lists.set(list.edition, list);
    return list;
  }

  /** @param {string} edition @returns {Promise<CourseList | null>} */
  async list(edition) {
    const read = this.#lists.get(edition);
    if (read || !edition) return read ?? null;
    const noted = await (await this.storage.open(this.notes)).match(this.#address(`edition-${edition}.json`));
    if (!noted) return null;
    try {
      const list = readList(await noted.text());
      this.#lists.set(edition, list);
      return list;
    } catch {
      return null;
    }
  }

  /** @returns {Promise<CourseList | null>} the edition that pages open in */
  async current() {
    return this.list((await this.state()).current);
  }

  /** Forget all editions but these, and all files that none of them has. @param {Iterable<string>} editions */
  async tidy(editions) {
    const living = new Set(editions);
    const lists = (await Promise.all([...living].map((edition) => this.list(edition)))).filter((list) => list !== null);
    if (!lists.length) return;
    const cache = await this.storage.open(this.notes);
    for (const request of await cache.keys()) {
      const edition = /edition-(\w+)\.json$/.exec(request.url)?.[1];
      if (!edition || living.has(edition)) continue;
      await cache.delete(request);
      this.#lists.delete(edition);
    }
    const wanted = new Set(lists.flatMap(({ files }) => [...files.values()].map(keyOf)));
    await this.drop([...(await this.keys())].filter((key) => !wanted.has(key)));
  }

  /** @param {string} name */
  #address(name) {
    return new URL(`.kept/${name}`, this.root).href;
  }
}

/** @param {Headers} headers */
function lasting(headers) {
  const kept = new Headers(headers);
  for (const name of OF_THE_WIRE) kept.delete(name);
  return kept;
}
