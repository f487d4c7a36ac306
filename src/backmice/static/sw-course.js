// The service worker: pages and what they need from what this browser keeps, else from the network, and then kept.
// Each open page belongs to one edition and gets the files of that edition alone, until it is loaded anew. Whatever
// goes wrong here, the request goes to the network as if there were no worker.
/*! Holds parts of Workbox, (c) Google LLC, MIT: _static/workbox-licence.txt */

import { clientsClaim } from "workbox-core/clientsClaim.js";
import { createPartialResponse } from "workbox-range-requests/createPartialResponse.js";
import { registerRoute } from "workbox-routing/registerRoute.js";

import { digestOf, fetchList, update } from "./keep-fetch.js";
import { LIST, addressOf, fileAt } from "./keep-list.js";
import { Store } from "./keep-store.js";

/**
 * @typedef {import("./keep-list.js").CourseFile} CourseFile
 * @typedef {import("./keep-list.js").CourseList} CourseList
 * @typedef {{request: Request, url: URL, event: FetchEvent}} Asked
 */

/** The page that says what is there, when the one asked for isn't. */
const OFFLINE = "offline.html";
/** Where the live labs are. */
const LIVE = "live/";
/** No page takes longer until the browser counts it as open. */
const LOADING_MS = 60_000;
const worker = /** @type {any} */ (globalThis);
const root = /** @type {string} */ (worker.registration.scope);
const store = new Store(root);

/** The edition of each open page, by the name that the browser gives it. */
class Editions {
  /** @type {Promise<Map<string, string>> | undefined} */ #known;
  #written = Promise.resolve();
  /** @type {Map<string, number>} when a page was noted: the browser does not list one that is still loading */ #since = new Map();

  /** Read what was noted before the worker slept. */
  #all() {
    this.#known ??= store.note("pages").then((noted) => new Map(Object.entries(noted ?? {})), () => new Map());
    return this.#known;
  }

  /** @param {string} client */
  async of(client) {
    return (await this.#all()).get(client) ?? "";
  }

  /** @param {string} client @param {string} edition */
  async set(client, edition) {
    if (!client) return;
    (await this.#all()).set(client, edition);
    this.#since.set(client, Date.now());
    await this.#note();
  }

  /** Forget closed pages. @returns {Promise<string[]>} the editions of the open ones */
  async living() {
    const open = new Set((await worker.clients.matchAll({ type: "all" })).map((/** @type {any} */ { id }) => id));
    const all = await this.#all();
    for (const client of [...all.keys()]) {
      if (open.has(client) || Date.now() - (this.#since.get(client) ?? 0) < LOADING_MS) continue;
      all.delete(client);
      this.#since.delete(client);
    }
    await this.#note();
    return [...new Set(all.values())];
  }

  async #note() {
    const all = Object.fromEntries(await this.#all());
    this.#written = this.#written.then(() => store.write("pages", all)).catch(() => {}); // no room: until the worker sleeps
    await this.#written;
  }
}

const editions = new Editions();

/** Is it ours to answer? @param {{request: Request, url: URL, sameOrigin: boolean}} asked */
function isOurs({ request, url, sameOrigin }) {
  if (!sameOrigin || !url.href.startsWith(root) || request.cache === "no-store") return false;
  const path = url.href.slice(root.length);
  return !path.startsWith(LIST) && !path.startsWith("sw.js") && !path.startsWith(".kept/");
}

/** A page, and with it the edition of all that it will ask for. @param {Asked} asked */
async function page({ request, url, event }) {
  const list = await store.current().catch(() => null);
  const file = list && fileAt(list, root, url.href);
  const kept = file && (await store.get(file).catch(() => undefined));
  if (list && kept) {
    await editions.set(event.resultingClientId, list.edition);
    return kept;
  }
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    return (await insteadOf(url, list)) ?? Promise.reject(error);
  }
  if (!list || !file || response.status !== 200 || response.redirected) return response;
  return taken(response, async (bytes) => {
    const digest = await digestOf(bytes);
    const its = digest === file.digest ? list : await listOfServer();
    const same = its && fileAt(its, root, url.href);
    if (!its || same?.digest !== digest) return true; // a page of no edition that we know: as if there were no worker
    await editions.set(event.resultingClientId, its.edition);
    event.waitUntil(store.put(same, bytes.slice(0), response.headers).catch(() => {}));
    return true;
  });
}

/** What a page asks for. @param {Asked} asked */
async function part({ request, url, event }) {
  const list = await store.list(await editions.of(event.clientId)).catch(() => null);
  const file = list && fileAt(list, root, url.href);
  if (!list || !file) return fetch(request);
  const kept = await store.get(file).catch(() => undefined);
  if (kept) return request.headers.has("range") ? createPartialResponse(request, kept) : kept;
  const response = await fetch(request);
  // A film is seen as it comes, and kept when the reader asks for it; a page that is fetched ahead is not read yet.
  const isAhead = request.mode === "no-cors" && file.path.endsWith(".html");
  if (response.status !== 200 || isAhead || isHeavy(list, file)) return response;
  return taken(response, async (bytes) => {
    if ((await digestOf(bytes)) === file.digest) {
      event.waitUntil(store.put(file, bytes.slice(0), response.headers).catch(() => {}));
      return true;
    }
    // Another edition's: an old page must not get it. If the server's list is still the page's own, the host alters
    // what it sends, and that is the file.
    const now = await listOfServer();
    return !now || now.edition === list.edition;
  });
}

/**
 * The whole response, if it may be given.
 * @param {Response} response @param {(bytes: ArrayBuffer) => Promise<boolean>} may
 */
async function taken(response, may) {
  const bytes = await response.arrayBuffer();
  const isRight = await may(bytes).catch(() => true);
  return isRight ? new Response(bytes, { status: response.status, headers: response.headers }) : Response.error();
}

/** @param {CourseList} list @param {CourseFile} file */
const isHeavy = (list, file) => ["film", "live", "files"].includes(list.parts.find(({ id }) => id === file.part)?.kind ?? "");

/** @returns {Promise<CourseList | null>} the edition that the server has, if it says so */
const listOfServer = () => fetchList(root).then((text) => store.addList(text)).catch(() => null);

/** The page about what is here, for one that isn't. @param {URL} url @param {CourseList | null} list */
async function insteadOf(url, list) {
  const file = list?.files.get(OFFLINE);
  if (!file || !(await store.get(file).catch(() => undefined))) return undefined;
  const address = new URL(addressOf(root, file));
  address.searchParams.set("page", url.href.slice(root.length));
  return Response.redirect(address.href);
}

/** The live labs change what they have as they run: the network first, then what is kept of them. @param {Asked} asked */
async function live({ request, url }) {
  try {
    return await fetch(request);
  } catch (error) {
    const list = await store.current().catch(() => null);
    const file = list && fileAt(list, root, url.href);
    const kept = file && (await store.get(file).catch(() => undefined));
    if (kept) return kept;
    return ((request.mode === "navigate" && (await insteadOf(url, list))) || Promise.reject(error));
  }
}

/**
 * Keep what a page had before the worker came, from the browser's own cache. The page belongs to the edition that all
 * of it is of.
 * @param {string} client @param {string[]} addresses
 */
async function adopt(client, addresses) {
  const list = await store.current();
  if (!list || (await editions.of(client))) return;
  const files = addresses.map((address) => fileAt(list, root, address)).filter((file) => file !== undefined);
  for (const file of files.filter((file) => !isHeavy(list, file))) {
    const response = await fetch(addressOf(root, file), { cache: "force-cache" });
    const bytes = await response.arrayBuffer();
    if ((await digestOf(bytes)) !== file.digest) return;
    await store.put(file, bytes, response.headers);
  }
  await editions.set(client, list.edition);
}

/** @param {any} client a page that has opened @param {string[]} addresses of what it has so far */
async function greet(client, addresses) {
  await adopt(client.id, addresses).catch(() => {});
  client.postMessage({ edition: await editions.of(client.id) });
  const { current, coming } = await store.state();
  await store.tidy([current, coming, ...(await editions.living())].filter(Boolean));
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting(); // all that is remembered lies in the store, which any worker can read
  const first = store.state().then(({ current }) => (current ? undefined : update(store)));
  event.waitUntil(first.catch(() => {})); // without a list every request goes to the network
});
/** Whether a page has been kept some files of its edition. @param {string} client @param {string[]} addresses */
async function isKept(client, addresses) {
  const list = await store.list(await editions.of(client));
  const files = addresses.map((address) => list && fileAt(list, root, address));
  const found = await Promise.all(files.map((file) => file && store.get(file)));
  return found.every(Boolean);
}

worker.addEventListener("message", (/** @type {any} */ event) => {
  const { opened, kept } = event.data ?? {};
  if (Array.isArray(opened)) event.waitUntil(greet(event.source, opened));
  if (Array.isArray(kept)) {
    const told = isKept(event.source.id, kept).catch(() => false);
    event.waitUntil(told.then((/** @type {boolean} */ is) => event.ports[0].postMessage(is)));
  }
});
clientsClaim();

/** Have an answer that can't be given be what it would be without a worker. @param {(asked: Asked) => Promise<Response>} answer */
const answered = (answer) => (/** @type {any} */ asked) => answer(asked).catch(() => Response.error());
const inLive = (/** @type {URL} */ url) => url.href.startsWith(root + LIVE);
registerRoute((asked) => isOurs(asked) && inLive(asked.url), answered(live));
registerRoute((asked) => isOurs(asked) && asked.request.mode === "navigate", answered(page));
registerRoute((asked) => isOurs(asked), answered(part));
