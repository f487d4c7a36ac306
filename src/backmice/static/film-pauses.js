// Where a film stops to ask. The questions are a quiz like any other, so answers go to the same log and come back.

import { SUBMISSION } from "./backmice-quiz.js";
import { create, focusOn } from "./dom.js";
import { clock } from "./film-lines.js";

const STRIDE_S = 1.5; // a longer step between two times is a jump, which passes questions by
const LAST_S = 0.3; // a film may be so much shorter than its manifest says

/** @typedef {{at: number, section: HTMLElement, form: HTMLFormElement, button: HTMLButtonElement}} Pause */

/**
 * The question that playing has come upon, if there is one.
 * @template {{at: number}} P
 * @param {P[]} pauses @param {number} from @param {number} to seconds @param {number} rate
 * @returns {P | undefined}
 */
export const comeUpon = (pauses, from, to, rate) =>
  to < from || to - from > STRIDE_S * rate ? undefined : pauses.find(({ at }) => from <= at && at <= to);

export class Pauses {
  #last = 0;
  /** @type {Set<Pause>} not to be asked again on this visit */ #passed = new Set();
  /** @type {Pause | null} */ #asking = null;

  /** @param {any} film the element @param {HTMLDetailsElement | null} part */
  constructor(film, part) {
    this.film = film;
    this.part = part;
    this.pauses = /** @type {Pause[]} */ ([...(part?.querySelectorAll("[data-pause]") ?? [])].map((section) => this.#read(section)));
    if (!part) return;
    film.video.addEventListener("timeupdate", () => this.#look());
    film.video.addEventListener("ended", () => this.#end());
    film.video.addEventListener("seeked", () => this.from(film.video.currentTime));
    film.video.addEventListener("play", () => this.#asking && this.#leave(this.#asking));
    part.addEventListener(SUBMISSION, () => this.#name());
  }

  /** @param {any} section @returns {Pause} */
  #read(section) {
    const button = create("button", { type: "button", className: "button" });
    const pause = { at: Number(section.dataset.pause), section, form: section.querySelector("form"), button };
    button.addEventListener("click", () => {
      this.#leave(pause);
      if (!this.#isLast(pause)) this.film.play();
      this.film.video.focus();
    });
    section.append(create("div", { className: "row film-go-on", hidden: true }, button));
    return pause;
  }

  /** Look on from a time that was jumped to. @param {number} at seconds */
  from(at) {
    this.#last = at;
  }

  /** @param {Pause} pause */
  #isAnswered({ form }) {
    return !(/** @type {any} */ (this.part?.querySelector("backmice-quiz")).unanswered.includes(form));
  }

  #look() {
    const { video } = this.film;
    if (video.seeking) return;
    const from = this.#last;
    this.#last = video.currentTime;
    const open = this.#open.filter((pause) => !this.#isLast(pause));
    const pause = video.paused ? undefined : comeUpon(open, from, video.currentTime, video.playbackRate);
    if (pause) this.#ask(pause);
  }

  /** Ask what stands at the very end, so that the film has been seen to it. */
  #end() {
    const last = this.#open.find((pause) => this.#isLast(pause));
    if (last) this.#ask(last);
  }

  /** @param {Pause} pause */
  #isLast({ at }) {
    return at >= this.film.duration - LAST_S;
  }

  /** Those that may still be asked. */
  get #open() {
    return this.pauses.filter((pause) => !this.#passed.has(pause) && !this.#isAnswered(pause));
  }

  /** @param {Pause} pause */
  async #ask(pause) {
    this.film.video.pause();
    if (!this.#isLast(pause)) this.film.video.currentTime = pause.at; // where it goes on, today or another day
    this.#asking = pause;
    this.#passed.add(pause);
    if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
    /** @type {HTMLDetailsElement} */ (this.part).open = true;
    for (const { section } of this.pauses) section.hidden = section !== pause.section;
    pause.section.querySelector(".film-go-on")?.removeAttribute("hidden");
    this.#name();
    this.film.say(`The film waits at ${clock(pause.at)}: a question.`);
    focusOn(pause.form.querySelector("fieldset"));
  }

  /** Let the button say what it does now: to leave a question behind is allowed, but said. */
  #name() {
    if (!this.#asking) return;
    const isAnswered = this.#isAnswered(this.#asking);
    const [done, skip] = this.#isLast(this.#asking) ? ["Close the question", "Skip the question"] : ["Go on with the film", "Skip the question and go on"];
    this.#asking.button.textContent = isAnswered ? done : skip;
    this.#asking.button.classList.toggle("is-main", isAnswered);
  }

  /** @param {Pause} pause */
  #leave(pause) {
    this.#asking = null;
    for (const { section } of this.pauses) section.hidden = false;
    pause.section.querySelector(".film-go-on")?.setAttribute("hidden", "");
    /** @type {HTMLDetailsElement} */ (this.part).open = false;
  }
}
