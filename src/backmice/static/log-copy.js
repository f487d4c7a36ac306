// A second copy of the attempt log, in the browser's cache, each batch of events as a file of its own.
//
// Chromium keeps a database as a log on disk. When the whole browser is killed in the middle of one write, a later
// start finds "checksum mismatch" there and throws the database away, with all that was acknowledged before.
// Best effort: a page that is not served securely has no cache, and then there is no copy.

const NAME = "backmice-log";

/** @param {any[]} events */
export async function copy(events) {
  const cache = await globalThis.caches?.open(NAME);
  await cache?.put(`/${NAME}/${crypto.randomUUID()}`, Response.json(events));
}

/** @returns {Promise<any[]>} all that was copied */
export async function copied() {
  if (!(await globalThis.caches?.has(NAME))) return [];
  const batches = await (await caches.open(NAME)).matchAll();
  return (await Promise.all(batches.map((batch) => batch.json()))).flat();
}

/** Take every copy away. */
export async function forget() {
  await globalThis.caches?.delete(NAME);
}
