// Fetching files of an edition, each held against its digest, so that nothing of another one is taken for it.

import { LIST, addressOf, filesOf, keyOf, known, needed } from "./keep-list.js";

/**
 * @typedef {import("./keep-list.js").CourseFile} CourseFile
 * @typedef {import("./keep-list.js").CourseList} CourseList
 * @typedef {import("./keep-store.js").Store} Store
 * @typedef {"offline" | "full" | "changed" | "missing" | "refused"} Reason
 */

const AT_ONCE = 4;

/** Something could not be kept: without a network, without room, since the server has another edition by now, or has no such file. */
export class KeepError extends Error {
  /** @param {Reason} reason @param {string} path */
  constructor(reason, path) {
    super(`${path}: ${reason}`);
    this.reason = reason;
  }
}

/** @param {BufferSource} bytes @returns {Promise<string>} as the list has it */
export async function digestOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes), 0, 8);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Ask the server for its list. @param {string} root @returns {Promise<string>} its text @throws {KeepError} */
export async function fetchList(root) {
  const response = await fetch(new URL(LIST, root), { cache: "no-cache" }).catch(() => null);
  if (!response?.ok) throw new KeepError(response ? "missing" : "offline", LIST);
  return response.text();
}

/**
 * Keep files that aren't here yet, a few at once. What was kept before an error stays.
 * @param {Store} store @param {Iterable<CourseFile>} files
 * @param {{signal?: AbortSignal, told?: (file: CourseFile) => void}} [how] told: of each file that is here
 * @throws {KeepError | DOMException} the latter if it was stopped
 */
export async function keepFiles(store, files, { signal, told } = {}) {
  const kept = await store.keys();
  const queue = [...new Map([...files].map((file) => [keyOf(file), file])).values()].filter((file) => !kept.has(keyOf(file)));
  const stop = new AbortController(); // one fails: the others end, too
  signal?.addEventListener("abort", () => stop.abort(signal.reason), { signal: stop.signal });
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      await keepFile(store, file, stop.signal);
      told?.(file);
    }
  };
  signal?.throwIfAborted();
  const done = Array.from({ length: AT_ONCE }, () => work().catch((error) => (stop.abort(error), Promise.reject(error))));
  await Promise.allSettled(done);
  if (stop.signal.aborted) throw stop.signal.reason;
}

/** @param {Store} store @param {CourseFile} file @param {AbortSignal} [signal] */
async function keepFile(store, file, signal) {
  signal?.throwIfAborted();
  let response, bytes;
  try {
    // Past the browser's own cache, which need not hold it a second time, and past the worker.
    response = await fetch(addressOf(store.root, file), { cache: "no-store", signal });
    bytes = response.ok ? await response.arrayBuffer() : null;
  } catch (error) {
    signal?.throwIfAborted();
    throw new KeepError("offline", file.path);
  }
  if (!bytes) throw new KeepError("missing", file.path);
  if ((await digestOf(bytes)) !== file.digest) throw new KeepError("changed", file.path);
  signal?.throwIfAborted();
  try {
    await store.put(file, bytes, response.headers);
  } catch (error) {
    throw new KeepError(/** @type {any} */ (error)?.name === "QuotaExceededError" ? "full" : "refused", file.path);
  }
}

/**
 * Keep parts of the edition that pages open in, with what all pages share.
 * @param {Store} store @param {CourseList} list @param {string[]} parts
 * @param {{signal?: AbortSignal, told?: (file: CourseFile) => void}} [how]
 */
export const keepParts = (store, list, parts, how) => keepFiles(store, filesOf(list, parts), how);

/**
 * Look whether the server has a new edition, and fetch what is kept of the old one. Pages open in the new edition
 * only when all of it is here. To be called by one page at a time.
 * @param {Store} store @param {AbortSignal} [signal]
 * @returns {Promise<CourseList>} the edition that pages open in from now on
 * @throws {KeepError | SyntaxError | DOMException} and then pages open in the edition that they did
 */
export async function update(store, signal) {
  const next = await store.addList(await fetchList(store.root));
  const { current, wishes } = await store.state();
  if (next.edition === current) return next;
  await store.change({ coming: next.edition });
  const old = await store.list(current);
  await keepFiles(store, needed(old, next, await store.keys(), wishes), { signal });
  await store.change({ current: next.edition, coming: "", wishes: known(next, (await store.state()).wishes) });
  return next;
}
