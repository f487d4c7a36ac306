// How far a film was watched, as events of the log: where the learner left, how far they came, whether to the end.

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

const STEP_S = 0.5; // a shorter way is not worth an event
const EDGE_S = 3; // so near to the beginning or the end, one begins anew

/**
 * Where to go on: the last place, unless it is next to an end of the film.
 * @param {LogEvent[]} events in order @param {number} duration seconds
 * @returns {number} seconds; 0 for the beginning
 */
export function leftAt(events, duration) {
  const at = events.findLast(({ type }) => type === "watched")?.at_s;
  const edge = Math.min(EDGE_S, duration / 4);
  return Number.isFinite(at) && at >= edge && at <= duration - edge ? at : 0;
}

export class Place {
  #furthest = 0;
  #kept = 0;
  #finished = false;

  /** @param {any} film the element */
  constructor(film) {
    this.film = film;
    const { video } = film;
    let chapter = -1;
    video.addEventListener("timeupdate", () => {
      if (video.seeking || !film.started) return;
      this.#furthest = Math.max(this.#furthest, video.currentTime);
      const now = film.chapters.current;
      if (now > chapter && chapter >= 0) this.keep();
      chapter = now;
    });
    video.addEventListener("pause", () => this.keep());
    video.addEventListener("ended", () => {
      this.#finished = true;
      this.keep();
    });
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    document.addEventListener("visibilitychange", () => document.hidden && this.keep(), { signal });
    this.film.log.addEventListener("merged", () => this.restore(), { signal });
    this.film.log.addEventListener("erased", () => this.film.offer(), { signal });
    this.restore();
  }

  /** Offer to go on where the address says, or where the learner left. */
  async restore() {
    const { film } = this;
    const asked = location.hash === `#${film.quiz}` ? Number(new URLSearchParams(location.search).get("t")) : 0;
    if (asked > 0 && asked < film.duration) return film.offer(asked);
    const { events } = await film.log.read(film.quiz);
    film.offer(leftAt(events, film.duration));
  }

  /** Write where the film stands, if it has moved. */
  keep() {
    const { film } = this;
    const at_s = tenth(film.video.currentTime);
    if (!film.started || (Math.abs(at_s - this.#kept) < STEP_S && !this.#finished)) return;
    this.#kept = at_s;
    const far = { at_s, furthest_s: tenth(Math.max(this.#furthest, at_s)), duration_s: film.duration, finished: this.#finished };
    this.#finished = false;
    film.log.append({ type: "watched", quiz: film.quiz, film: film.film, ...far });
  }
}

/** @param {number} seconds never later than it was, so that no question is passed by */
const tenth = (seconds) => Math.floor(seconds * 10) / 10;
