// <course-video>: makes a film a lesson. Without it there is a plain player with captions, what is said and what is
// seen in words, and the questions behind a disclosure. Nothing of the film is fetched before it is asked for.

import { sharedLog } from "./attempt-log.js";
import { create } from "./dom.js";
import { followFigure } from "./film-figure.js";
import { keyboard } from "./film-keys.js";
import { Lines, clock } from "./film-lines.js";
import { Pauses } from "./film-pauses.js";
import { Place } from "./film-place.js";
import { Settings } from "./film-settings.js";

const FAILED = "The film did not load. Its transcript, below, says the same.";

export class CourseVideo extends HTMLElement {
  /** @type {HTMLVideoElement} */ video;
  log = sharedLog();
  started = false;
  /** The controls below the picture. */
  bar = create("div", { className: "row film-bar" });
  #status = create("p", { className: "film-told" });
  #start = create("div", { className: "row film-start" });
  #ends = new AbortController();

  /** The film's name. */
  get film() {
    return this.dataset.film ?? "";
  }

  /** By this name it stands in the log. */
  get quiz() {
    return `film-${this.film}`;
  }

  /** In seconds, known before anything is fetched. */
  get duration() {
    return Number(this.dataset.duration);
  }

  connectedCallback() {
    this.#ends = new AbortController();
    if (!this.video) this.#upgrade();
    this.place.listen(this.#ends.signal);
  }

  disconnectedCallback() {
    this.place.keep();
    this.#ends.abort();
  }

  #upgrade() {
    const stage = /** @type {HTMLElement} */ (this.querySelector(".stage"));
    this.video = /** @type {HTMLVideoElement} */ (this.querySelector("video"));
    this.#status.setAttribute("role", "status");
    this.chapters = new Lines(this, this.querySelector(".film-chapters"));
    this.transcript = new Lines(this, this.querySelector(".film-transcript"), { search: true });
    this.described = new Lines(this, this.querySelector(".film-described"));
    this.pauses = new Pauses(this, this.querySelector(".film-questions"));
    this.settings = new Settings(this);
    this.place = new Place(this);
    followFigure(this);
    keyboard(this);
    stage.after(this.bar, this.#status);
    stage.append(this.#start);
    this.video.controls = false; // the picture first
    this.offer();
    this.video.addEventListener("click", () => this.#start.isConnected && this.#start.querySelector("button")?.click());
    this.video.addEventListener("play", () => this.#begun());
    this.video.addEventListener("error", () => this.#fail());
    for (const link of this.querySelectorAll(".film-question > .asked a[data-at]")) this.lead(link);
    this.dataset.state = "ready";
  }

  /** Offer to begin, and to go on where the learner left. @param {number} [from] in seconds */
  offer(from = 0) {
    if (this.started) return;
    const play = (/** @type {string} */ words, /** @type {number} */ at, /** @type {string} */ look) => {
      const button = create("button", { type: "button", className: `button ${look}` }, words);
      button.addEventListener("click", () => this.go(at));
      return button;
    };
    const whole = from ? "From the beginning" : `Play, ${this.#lasts()}`;
    this.#start.replaceChildren(...(from ? [play(`Play from ${clock(from)}`, from, "is-main")] : []), play(whole, 0, from ? "" : "is-main"));
  }

  #lasts() {
    const [minutes, seconds] = [Math.floor(Math.round(this.duration) / 60), Math.round(this.duration) % 60];
    return [minutes ? `${minutes} min` : "", seconds || !minutes ? `${seconds} s` : ""].filter(Boolean).join(" ");
  }

  /** Have a link of the page lead to a time of the film. @param {Element} link with `data-at` */
  lead(link) {
    link.addEventListener("click", (event) => {
      const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
      if (ctrlKey || metaKey || shiftKey) return;
      event.preventDefault();
      this.go(Number(/** @type {HTMLElement} */ (link).dataset.at));
    });
  }

  /** Play from a time on. @param {number} at seconds */
  go(at) {
    this.video.currentTime = at;
    this.pauses.from(at); // before the film is there, a browser tells of no seeking
    this.play();
  }

  play() {
    const fromStart = this.#start.contains(document.activeElement);
    this.video.play().catch(() => {}); // a browser may refuse: the controls are there
    this.#begun();
    if (fromStart) this.video.focus();
  }

  #begun() {
    this.started = true;
    this.video.controls = true;
    this.#start.remove();
    this.say("");
    for (const other of document.querySelectorAll("course-video")) {
      if (other !== this) /** @type {CourseVideo} */ (other).video?.pause();
    }
  }

  #fail() {
    const again = create("button", { type: "button", className: "button" }, "Try again");
    again.addEventListener("click", () => {
      this.video.load();
      this.play();
    });
    this.#status.replaceChildren(`${FAILED} `, again);
  }

  /** @param {string} words */
  say(words) {
    if (this.#status.textContent !== words) this.#status.textContent = words;
  }
}

if (!customElements.get("course-video")) customElements.define("course-video", CourseVideo);
