// A widget's place: in a notebook a shadow root with the course's styles, and files that the kernel gives; in the
// book, which has both, the page itself.
//
// The shadow keeps the notebook's styles out and the course's in. Files come once a page, as binary
// messages, so that a saved notebook holds neither the drawing bundle nor the meshes.

import { fragmentOf } from "./trusted.js";

const LIGHT = "jpThemeLight"; // what JupyterLab writes on its body
/** @typedef {{blob: Blob, readonly url: string}} Came */
/** @type {Map<string, Came>} what came, by name, for all widgets of the page */
const files = new Map();

/**
 * Ask the kernel for a file of the package.
 * @param {any} model
 * @param {string} name which holds a digest of what it names
 * @returns {Promise<Came>}
 */
export async function file(model, name) {
  if (!files.has(name)) {
    const blob = await ask(model, name);
    // Another widget may have been quicker: all get the same address, so that a script is run once.
    if (!files.has(name)) files.set(name, came(blob));
  }
  return /** @type {Came} */ (files.get(name));
}

/** @param {Blob} blob @returns {Came} */
function came(blob) {
  let url = "";
  return { blob, get url() { return (url ||= URL.createObjectURL(blob)); } }; // prettier-ignore
}

/** @param {any} model @param {string} name @returns {Promise<Blob>} */
function ask(model, name) {
  return new Promise((resolve, reject) => {
    const heard = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) => {
      if (content.file !== name) return;
      model.off("msg:custom", heard);
      buffers.length ? resolve(new Blob(buffers, { type: content.type })) : reject(new Error(content.missing));
    };
    model.on("msg:custom", heard);
    model.send({ want: name });
  });
}

/** @param {any} model @param {string} name @returns {Promise<string>} */
export const text = async (model, name) => (await file(model, name)).blob.text();

/**
 * Make room for an element of the course.
 * @param {{model: any, el: HTMLElement}} host
 * @returns {Promise<{root: ShadowRoot | HTMLElement, shown: HTMLElement, end: () => void}>} where it goes, what goes
 *   there, and what to do when the output goes
 */
export async function place({ model, el }) {
  const names = model.get("_files");
  const shown = document.createElement("div");
  if (!names.styles) {
    const written = el.querySelector("template");
    if (written) shown.append(document.importNode(written.content, true));
    return { root: el, shown, end() {} };
  }
  // JupyterLab would take keys typed in the shadow for its own commands: "d d" deletes a cell.
  el.dataset.lmSuppressShortcuts = "true";
  el.classList.add("backmice-widget");
  const root = el.attachShadow({ mode: "open" });
  const wait = document.createElement("p");
  wait.textContent = "Waiting for Python. If this stays, run the cell again.";
  root.append(wait);
  const [styles, sprite, html] = await Promise.all([names.styles, names.sprite, names.html].map((name) => name && text(model, name)));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  const icons = document.createElement("div");
  icons.hidden = true;
  icons.append(fragmentOf(sprite)); // files of the package, not of an author
  shown.append(fragmentOf(html ?? ""));
  customElements.upgrade(shown);
  root.replaceChildren(icons);
  return { root, shown, end: followTheme(el) };
}

/** Be dark where JupyterLab is. @param {HTMLElement} el */
function followTheme(el) {
  const follow = () => {
    const light = document.body.dataset[LIGHT];
    if (light) el.dataset.theme = light === "true" ? "light" : "dark";
  };
  const observer = new MutationObserver(follow);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  follow();
  return () => observer.disconnect();
}

/**
 * Keep a trait and an element the same, whichever changes.
 * @param {any} model
 * @param {Record<string, (value: any) => void>} setters by trait: what a change in Python does
 * @returns {{tell: (state: Record<string, any>) => void, end: () => void}} tell Python what changed here
 */
export function inStep(model, setters) {
  const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);
  let own = false; // what this view says is no news to it
  const listeners = Object.entries(setters).map(
    ([name, set]) => /** @type {[string, () => void]} */ ([`change:${name}`, () => own || set(model.get(name))]),
  );
  for (const [event, listener] of listeners) model.on(event, listener);
  return {
    tell(state) {
      const changed = Object.entries(state).filter(([name, value]) => !same(model.get(name), value));
      own = true;
      for (const [name, value] of changed) model.set(name, value);
      own = false;
      if (changed.length) model.save_changes();
    },
    end() {
      for (const [event, listener] of listeners) model.off(event, listener);
    },
  };
}
