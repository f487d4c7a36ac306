// <course-keep>: the course, or parts of it, kept on this device for when there is no network. Shows sizes first,
// fetches only what is asked for, can be stopped and goes on where it was, and takes away again. What it says is
// here it has counted.

import { counted, create, focusOn } from "./dom.js";
import { KeepError, keepParts, update } from "./keep-fetch.js";
import { SHARED, courseParts, filesOf, keptPages, keyOf, megabytes, partState, removable, sizeOf } from "./keep-list.js";
import { Store } from "./keep-store.js";

/**
 * @typedef {import("./keep-list.js").CourseList} CourseList
 * @typedef {import("./keep-list.js").Part} Part
 */

/** Pages of one browser take turns. */
const LOCK = "backmice-keep";
const GROUPS = /** @type {const} */ ([
  ["pages", "Pages, with their pictures and items"],
  ["figure", "Figures in three dimensions"],
  ["film", "Films, with captions"],
  ["live", "Live labs"],
  ["files", "Files to download"],
]); // prettier-ignore
const WHY = {
  offline: "The network is gone. Go on when it is back.",
  full: "This device has no more room for it. Remove a part, or make room on the device, and go on.",
  changed: "The course on the server has just changed. Reload this page, and go on.",
  missing: "The server does not give one of the files. Try again later.",
  refused: "This browser refused to keep a file.",
};
const TAKEN = "You have taken it with you already: this copy opens from a folder, without a network.";
const NEVER = "This browser can’t keep the course: it needs a secure address (https) and may not be a private window. The other ways below work all the same.";

class CourseKeep extends HTMLElement {
  root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI).href;
  /** @type {Store} */ #store;
  /** @type {CourseList} */ #list;
  /** @type {Set<string>} keys of what is here */ #kept = new Set();
  /** @type {Set<string>} parts that were asked for */ #wishes = new Set();
  /** @type {AbortController | null} while it fetches */ #work = null;
  #told = create("p", { className: "keep-told" });
  #sum = create("p", { className: "kept" });
  #bar = create("progress", { max: 1, value: 0 });
  #fetched = create("p", { className: "keep-fetched" });
  #pause = this.#button("Pause", "button", () => this.#work?.abort());
  #go = this.#button("Go on", "button is-main", () => this.#keep([...this.#wishes]));
  #most = this.#button("", "button is-main", () => this.#keep(courseParts(this.#list, { films: false })));
  #all = this.#button("", "button", () => this.#keep(courseParts(this.#list, { films: true })));
  #none = this.#button("Remove everything", "button", () => this.#removeAll());
  /** @type {Map<string, {size: HTMLElement, act: HTMLButtonElement}>} */ #rows = new Map();

  async connectedCallback() {
    if (this.dataset.state) return;
    this.dataset.state = "reading";
    this.#told.setAttribute("role", "status");
    try {
      await this.#read();
    } catch {
      const why = location.protocol === "file:" ? TAKEN : NEVER;
      this.replaceChildren(create("div", { className: "empty" }, create("p", {}, why)));
      this.dataset.state = "never";
      return;
    }
    const parts = this.#build();
    await this.#draw();
    this.replaceChildren(...parts);
    this.dataset.state = "drawn";
  }

  /** The newest edition, if the server can be asked; else the one that is here. */
  async #read() {
    if (!navigator.serviceWorker || location.protocol === "file:") throw new KeepError("refused", "");
    this.#store = new Store(this.root);
    if (navigator.onLine) await navigator.locks.request(LOCK, () => update(this.#store)).catch(() => {});
    const list = await this.#store.current();
    if (!list) throw new KeepError("refused", "");
    this.#list = list;
    this.#wishes = new Set((await this.#store.state()).wishes);
  }

  #build() {
    const progress = create("div", { className: "keep-progress" }, this.#bar, this.#fetched, create("div", { className: "row" }, this.#pause, this.#go));
    this.#bar.setAttribute("aria-label", "Fetched of what you asked for");
    const whole = create("div", { className: "row" }, this.#most, this.#all, this.#none);
    const groups = GROUPS.flatMap(([kind, words]) => {
      const parts = this.#list.parts.filter((part) => part.kind === kind);
      return parts.length ? [this.#group(words, parts)] : [];
    });
    return [this.#sum, whole, progress, this.#told, ...groups];
  }

  /** @param {string} words @param {Part[]} parts */
  #group(words, parts) {
    const rows = parts.map((part) => {
      const [size, act] = [create("span", { className: "keep-size" }), this.#button("", "button", () => this.#act(part))];
      this.#rows.set(part.id, { size, act });
      return create("li", {}, create("span", { className: "keep-name" }, part.name), size, act);
    });
    return create("section", {}, create("h3", {}, words), create("ul", { className: "keep-parts" }, ...rows));
  }

  /** Count anew, and say what is here. */
  async #draw() {
    this.#kept = await this.#store.keys();
    const isBusy = this.#work !== null;
    for (const part of this.#list.parts) {
      const row = this.#rows.get(part.id);
      if (!row) continue;
      const { size, here, state } = partState(this.#list, part.id, this.#kept);
      row.size.textContent = state === "kept" ? `${megabytes(size)}, kept` : here ? `${megabytes(here)} of ${megabytes(size)} here` : megabytes(size);
      const words = state === "kept" ? "Remove" : "Keep";
      row.act.textContent = words;
      row.act.setAttribute("aria-label", `${words} ${part.name}, ${megabytes(size)}`);
      row.act.setAttribute("aria-disabled", String(isBusy));
      row.act.closest("li")?.classList.toggle("is-kept", state === "kept");
    }
    const whole = (/** @type {string[]} */ parts) => sizeOf(filesOf(this.#list, parts));
    const [most, every] = [courseParts(this.#list, { films: false }), courseParts(this.#list, { films: true })];
    const isHere = (/** @type {string[]} */ parts) => filesOf(this.#list, parts).every((file) => this.#kept.has(keyOf(file)));
    this.#most.textContent = `Keep the course without films, ${megabytes(whole(most))}`;
    this.#most.hidden = isBusy || isHere(most);
    this.#all.textContent = `Keep it with all films, ${megabytes(whole(every))}`;
    this.#all.hidden = isBusy || isHere(every) || every.length === most.length;
    this.#none.hidden = isBusy || !this.#wishes.size;
    this.#sum.replaceChildren(...(await this.#summary()));
    this.#progress();
  }

  async #summary() {
    const here = sizeOf([...this.#list.files.values()].filter((file) => this.#kept.has(keyOf(file))));
    const pages = keptPages(this.#list, this.#kept).length;
    const isSafe = await (navigator.storage?.persisted?.() ?? Promise.resolve(false)).catch(() => false);
    const promise = isSafe ? " This browser has promised not to clear it by itself." : " This browser may clear it when space runs short, or after weeks without a visit.";
    const what = `Kept on this device: ${pages} of ${counted(this.#list.pages.size, "page")}, ${megabytes(here)} in all.`;
    return [create("strong", {}, what), here ? promise : ""];
  }

  /** How far the fetching is. */
  #progress() {
    const files = filesOf(this.#list, this.#wishes);
    const [size, missing] = [sizeOf(files), sizeOf(files.filter((file) => !this.#kept.has(keyOf(file))))];
    const box = this.#bar.parentElement;
    if (box) box.hidden = !missing && !this.#work;
    this.#bar.value = size ? (size - missing) / size : 0;
    this.#fetched.textContent = `${megabytes(size - missing)} of ${megabytes(size)}`;
    this.#pause.hidden = !this.#work;
    this.#go.hidden = Boolean(this.#work) || !missing;
  }

  /** @param {Part} part */
  #act(part) {
    const { state } = partState(this.#list, part.id, this.#kept);
    return state === "kept" ? this.#remove(part) : this.#keep([part.id]);
  }

  /** @param {string[]} parts */
  async #keep(parts) {
    if (this.#work) return;
    const work = (this.#work = new AbortController());
    for (const part of parts) if (part !== SHARED) this.#wishes.add(part);
    const had = this.contains(document.activeElement);
    try {
      await this.#store.change({ wishes: [...this.#wishes] });
      void navigator.storage?.persist?.().then(() => this.#draw(), () => {}); // Firefox asks the reader, who may let it wait
      this.#say(`Fetching. You can read on in another tab; keep this page open.`);
      await this.#draw();
      if (had) this.#pause.focus();
      const told = (/** @type {import("./keep-list.js").CourseFile} */ file) => {
        this.#kept.add(keyOf(file));
        this.#progress();
      };
      await (await import("./course-offline.js")).workerThatCame();
      await navigator.locks.request(LOCK, { signal: work.signal }, () => keepParts(this.#store, this.#list, [...this.#wishes], { signal: work.signal, told }));
      await this.#ended("");
    } catch (error) {
      const reason = error instanceof KeepError ? error.reason : /** @type {any} */ (error)?.name === "QuotaExceededError" ? "full" : navigator.onLine ? "refused" : "offline";
      await this.#ended(work.signal.aborted ? "Paused. What is here stays; go on whenever you like." : WHY[reason]);
    }
  }

  /** Stop, and say what is here by count. @param {string} why it is not whole */
  async #ended(why) {
    const had = this.#pause === document.activeElement;
    this.#work = null;
    await this.#draw();
    const isWhole = filesOf(this.#list, this.#wishes).every((file) => this.#kept.has(keyOf(file)));
    this.#say(isWhole ? "All that you asked for is kept." : why || "Not all of it could be kept. Go on to try again.", !isWhole && !why.startsWith("Paused"));
    if (had) (this.#go.hidden ? focusOn(this.#told) : this.#go.focus());
  }

  /** @param {Part} part */
  async #remove(part) {
    if (this.#work) return;
    this.#wishes.delete(part.id);
    await this.#store.drop(removable(this.#list, [part.id], this.#wishes));
    await this.#store.change({ wishes: [...this.#wishes] });
    await this.#draw();
    this.#say(`Removed: ${part.name}.`);
  }

  /** What the reader asked for goes; your answers, and pages that are read from now on, stay. */
  async #removeAll() {
    if (this.#work) return;
    const parts = this.#list.parts.map(({ id }) => id).filter((id) => id !== SHARED);
    this.#wishes.clear();
    await this.#store.drop(removable(this.#list, parts, []));
    await this.#store.change({ wishes: [] });
    await this.#draw();
    this.#say("Removed. Your answers are untouched.");
    focusOn(this.#told);
  }

  /** @param {string} words @param {boolean} [isError] */
  #say(words, isError = false) {
    this.#told.textContent = words;
    this.#told.classList.toggle("is-error", isError);
  }

  /** @param {string} words @param {string} className @param {() => any} act */
  #button(words, className, act) {
    const button = create("button", { type: "button", className }, words);
    button.addEventListener("click", () => void act());
    return button;
  }
}

if (!customElements.get("course-keep")) customElements.define("course-keep", CourseKeep);
