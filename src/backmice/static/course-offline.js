// Has the service worker come, tells quietly when the network is gone, and offers a new edition when all of it is
// here. Nothing is loaded anew unless the reader asks.

import { create } from "./dom.js";
import { KeepError, update } from "./keep-fetch.js";
import { PICTURE, changes, fileAt, keyOf } from "./keep-list.js";
import { Store } from "./keep-store.js";
import { scriptUrl } from "./trusted.js";

/** Pages of one browser take turns. */
const LOCK = "backmice-keep";
const MANY = 12;
const HALF = "First check what you have chosen or typed on this page: reloading clears what is not checked.";
const NEWS = /** @type {const} */ ([["added", "New"], ["changed", "Changed"], ["gone", "Taken out"]]); // prettier-ignore

const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI).href;
const line = create("p", { className: "offline-line" });
line.setAttribute("role", "status");

/** @param {string} words nothing takes the line away */
function say(words) {
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("is-shown", Boolean(words));
}

/** What is to be said of this page without a network. @param {Store} store @param {string} edition the page's */
async function offlineWords(store, edition) {
  const list = (await store.list(edition)) ?? (await store.current());
  const kept = await store.keys();
  const has = (/** @type {string} */ address) => {
    const file = list && fileAt(list, root, address);
    return Boolean(file && kept.has(keyOf(file)));
  };
  if (!has(location.href)) return "You are offline; this page is not kept. It stays until you leave it.";
  const needs = list?.pages.get(fileAt(list, root, location.href)?.path ?? "")?.needs ?? [];
  const isWhole = needs.filter((path) => !PICTURE.test(path)).every((path) => has(new URL(path, root).href));
  return isWhole && [...document.querySelectorAll("main img")].every((img) => pictures(img).some(has))
    ? "You are offline; this page is kept."
    : "You are offline; this page is kept, but not all that it shows.";
}

/** The addresses of a picture in all its sizes, of which the browser takes one. @param {Element} img */
function pictures(img) {
  const sets = [img, ...(img.closest("picture")?.querySelectorAll("source") ?? [])].map((one) => one.getAttribute("srcset") ?? "");
  const listed = sets.flatMap((set) => set.split(",").map((one) => one.trim().split(/\s+/)[0]));
  return [img.getAttribute("src") ?? "", ...listed].filter(Boolean).map((address) => new URL(address, document.baseURI).href);
}

/** Ask the worker which edition this page is of; it keeps what the page has. @param {ServiceWorker} worker @returns {Promise<string>} */
function greet(worker) {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => name);
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => typeof data?.edition === "string" && resolve(data.edition));
    navigator.serviceWorker.startMessages();
    worker.postMessage({ opened: [location.href, ...addresses].filter((address) => address.startsWith(root)) });
  });
}

/** Look for a new edition, unless another page does or the reader saves data. @param {Store} store */
async function look(store) {
  const { saveData } = /** @type {any} */ (navigator).connection ?? {};
  if (saveData && (await store.current())) return;
  await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && update(store));
}

/** @param {import("./keep-list.js").Changes} told */
function news(told) {
  const rows = NEWS.flatMap(([kind, words]) => {
    const titles = told[kind];
    const named = titles.slice(0, MANY).join("; ") + (titles.length > MANY ? `; and ${titles.length - MANY} more` : "");
    return titles.length ? [create("li", {}, create("strong", {}, `${words}: `), named)] : [];
  });
  return rows.length ? create("ul", {}, ...rows) : create("p", {}, "The words of the pages are as they were.");
}

/** Is there an item begun and not checked? An exam keeps each answer at once. */
function isHalfDone() {
  const fields = document.querySelectorAll("form.item:not(backmice-exam *) :is(input, select, textarea):enabled");
  return [...fields].some((field) => {
    if (field instanceof HTMLSelectElement) return field.selectedIndex > 0;
    const { type, checked, defaultChecked, value, defaultValue } = /** @type {HTMLInputElement} */ (field);
    return ["checkbox", "radio"].includes(type) ? checked !== defaultChecked : value !== defaultValue;
  });
}

/** Offer an edition. @param {import("./keep-list.js").CourseList} own @param {import("./keep-list.js").CourseList} next */
function offer(own, next) {
  document.querySelector(".edition")?.remove();
  const reload = create("button", { type: "button", className: "button is-main" }, "Reload");
  const later = create("button", { type: "button", className: "button" }, "Later");
  const half = create("p", { hidden: !isHalfDone() }, HALF);
  const changed = create("details", {}, create("summary", {}, "What changed"), news(changes(own, next)));
  const told = create("p", { className: "edition-told" }, create("strong", {}, "A new edition of the course is ready."));
  const box = create("section", { className: "edition" }, told, changed, half, create("div", { className: "row" }, reload, later));
  box.setAttribute("aria-label", "New edition");
  document.addEventListener("input", () => (half.hidden = !isHalfDone()));
  reload.addEventListener("click", () => location.reload());
  later.addEventListener("click", () => box.remove());
  document.body.append(box);
  announce("A new edition of the course is ready.");
}

/** Say it to those who listen, too. @param {string} words */
function announce(words) {
  const said = create("p", { className: "hidden" });
  said.setAttribute("role", "status");
  document.body.append(said);
  setTimeout(() => (said.textContent = words)); // a region that comes with its words is not read out everywhere
}

/** Have the worker come, without which nothing that is kept can be opened. @returns {Promise<ServiceWorker | null>} */
export async function workerThatCame() {
  const registration = await navigator.serviceWorker.register(scriptUrl(`${root}sw.js`), { updateViaCache: "none" });
  return registration ? (await navigator.serviceWorker.ready).active : null;
}

/** Have the worker come, and speak for it on this page. */
export async function begin() {
  const store = new Store(root);
  const active = await workerThatCame();
  if (!active) return;
  document.body.append(line);
  let edition = await greet(active);
  let offered = edition;
  const check = async () => {
    let isOffline = !navigator.onLine;
    try {
      if (!isOffline) await look(store);
    } catch (error) {
      isOffline = error instanceof KeepError && error.reason === "offline"; // another fault is for another time
    }
    say(isOffline ? await offlineWords(store, edition) : "");
    const [own, now] = [await store.list(edition), await store.current()];
    if (!own || !now || now.edition === offered) return;
    offered = now.edition;
    offer(own, now);
  };
  await check();
  for (const change of ["online", "offline"]) addEventListener(change, () => void check().catch(() => {}));
  document.addEventListener("visibilitychange", () => void (document.hidden || check().catch(() => {})));
  addEventListener("pageshow", async ({ persisted }) => {
    if (persisted) edition = await greet(active); // the worker took it for closed
  });
  document.documentElement.dataset.keeps = edition || "none";
}
