// Keys that work while something of the film has the focus. Space, Enter and arrows stay the browser's own.

import { create } from "./dom.js";

const STEP_S = 5;

/** @type {{keys: string[], words: string, act: (film: any) => void}[]} */
export const KEYS = [
  { keys: ["k"], words: "play or pause", act: (film) => (film.video.paused ? film.play() : film.video.pause()) },
  { keys: ["j"], words: `back ${STEP_S} seconds`, act: (film) => skip(film, -STEP_S) },
  { keys: ["l"], words: `forward ${STEP_S} seconds`, act: (film) => skip(film, STEP_S) },
  { keys: ["p"], words: "the chapter before", act: (film) => chapter(film, -1) },
  { keys: ["n"], words: "the next chapter", act: (film) => chapter(film, 1) },
  { keys: ["<"], words: "slower", act: (film) => film.settings.pace(-1) },
  { keys: [">"], words: "faster", act: (film) => film.settings.pace(1) },
  { keys: ["c"], words: "captions on or off", act: (film) => film.settings.toggleCaptions() },
  { keys: ["d"], words: "descriptions on or off", act: (film) => film.settings.described.click() },
  { keys: ["m"], words: "sound on or off", act: (film) => (film.video.muted = !film.video.muted) },
  { keys: ["f"], words: "the whole screen, and back", act: (film) => wholeScreen(film.video) },
  { keys: ["?"], words: "this list", act: (film) => film.querySelector("dialog.film-keys").showModal() },
];

/** @param {any} film the element */
export function keyboard(film) {
  const button = create("button", { type: "button", className: "button" }, "Keys");
  const dialog = list();
  button.setAttribute("aria-keyshortcuts", "?");
  button.addEventListener("click", () => dialog.showModal());
  film.bar.append(button);
  film.append(dialog);
  film.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const { key, ctrlKey, altKey, metaKey, target } = event;
    if (ctrlKey || altKey || metaKey || /** @type {Element} */ (target).closest("input, select, textarea, form, dialog")) return;
    const found = KEYS.find(({ keys }) => keys.includes(key.toLowerCase()));
    if (!found) return;
    event.preventDefault();
    found.act(film);
  });
}

function list() {
  const rows = KEYS.flatMap(({ keys, words }) => [create("dt", {}, create("kbd", {}, keys[0])), create("dd", {}, words)]);
  const close = create("button", { type: "button", className: "button is-main", autofocus: true }, "Close");
  const title = create("h2", {}, "Keys of the film");
  const told = create("p", {}, "They work while the film or something below it has the focus. On the film itself, space plays and pauses.");
  const dialog = create("dialog", { className: "film-keys" }, title, told, create("dl", {}, ...rows), close);
  dialog.setAttribute("aria-label", "Keys of the film");
  close.addEventListener("click", () => dialog.close());
  return dialog;
}

/** @param {any} film @param {number} by seconds */
function skip(film, by) {
  film.video.currentTime = Math.min(film.duration, Math.max(0, film.video.currentTime + by));
}

/** @param {any} film @param {1 | -1} by */
function chapter(film, by) {
  const { starts, current } = film.chapters;
  const to = Math.max(0, Math.max(0, current) + by);
  if (to in starts) film.go(starts[to]);
}

/** @param {HTMLVideoElement} video */
function wholeScreen(video) {
  if (document.fullscreenElement) document.exitFullscreen();
  else video.requestFullscreen?.().catch(() => {});
}
