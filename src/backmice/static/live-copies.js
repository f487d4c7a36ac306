// Notebooks that a reader has changed, as the notebook application keeps them in this browser: read, set aside, removed.

const NAME = "backmice labs"; // as tools/live/jupyter-lite.json says
const STORE = "files";

/**
 * @typedef {{name: string, path: string, last_modified: string, type: string, content: any}} Copy
 */

/**
 * @param {string} notebook its file name
 * @returns {Promise<Copy[]>} the reader's copies: the one that is opened first, then those set aside, latest first
 */
export async function copiesOf(notebook) {
  const stem = notebook.replace(/\.ipynb$/, "");
  const all = await ask("readonly", (store) => store.getAll());
  const mine = (all ?? []).filter(({ path, type }) => type === "notebook" && (path === notebook || path.startsWith(`${stem}, `)));
  const rank = (/** @type {Copy} */ { path, last_modified }) => (path === notebook ? "~" : last_modified);
  return mine.sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
}

/** Put the reader's copy beside the course's notebook, under a name with its day. @param {Copy} copy */
export async function setAside(copy) {
  const stamp = copy.last_modified.slice(0, 16).replace("T", " ").replace(":", ".");
  const path = `${copy.path.replace(/\.ipynb$/, "")}, your copy of ${stamp}.ipynb`;
  await ask("readwrite", (store) => store.put({ ...copy, path, name: path }, path));
  await remove(copy);
}

/** @param {Copy} copy */
export async function remove(copy) {
  await ask("readwrite", (store) => store.delete(copy.path));
}

/** @param {Copy} copy */
export function download({ name, content }) {
  // As the course's own notebooks: for a Jupyter of one's own.
  const kernelspec = { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" };
  const text = JSON.stringify({ ...content, metadata: { ...content.metadata, kernelspec } }, null, 1);
  const href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // some browsers begin to save late
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T | undefined>} nothing where nothing was ever kept
 */
function ask(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME);
    opening.onupgradeneeded = () => opening.transaction?.abort(); // not there yet: the application makes it
    opening.onerror = () => (opening.error?.name === "AbortError" ? resolve(undefined) : reject(opening.error));
    opening.onsuccess = () => {
      const database = opening.result;
      if (!database.objectStoreNames.contains(STORE)) return database.close(), resolve(undefined);
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => (database.close(), resolve(request.result));
      transaction.onabort = () => (database.close(), reject(transaction.error));
    };
  });
}
