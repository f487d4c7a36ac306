// How fast films play and how their captions look: chosen once for all films of this browser.

import { create, labelled } from "./dom.js";

const KEY = "films";
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
/** @type {Record<string, {words: string, options: [value: string, shown: string][], first: string}>} */
const CHOICES = {
  speed: { words: "Speed", options: SPEEDS.map((speed) => [String(speed), `${speed} ×`]), first: "1" },
  captions: { words: "Captions", options: [["off", "Off"], ["small", "Small"], ["medium", "Medium"], ["large", "Large"], ["huge", "Very large"]], first: "medium" },
  ground: { words: "Behind captions", options: [["black", "Black"], ["half", "Half"], ["none", "Nothing"]], first: "black" },
}; // prettier-ignore

export class Settings {
  /** @type {Map<string, HTMLSelectElement>} */ selects = new Map();

  /** @param {any} film the element */
  constructor(film) {
    this.film = film;
    const kept = read();
    for (const [name, { words, options, first }] of Object.entries(CHOICES)) {
      const select = create("select", { className: "field" }, ...options.map(([value, shown]) => new Option(shown, value)));
      select.value = options.some(([value]) => value === kept[name]) ? kept[name] : first;
      select.addEventListener("change", () => (this.#apply(), this.#keep()));
      this.selects.set(name, select);
      film.bar.append(labelled(words, select));
    }
    this.described = create("button", { type: "button", className: "button" }, "Descriptions");
    this.described.addEventListener("click", () => this.describe(this.described.getAttribute("aria-pressed") !== "true"));
    film.bar.append(this.described);
    this.describe(false);
    this.#apply();
    this.track("descriptions")?.addEventListener("cuechange", (event) => {
      const cue = /** @type {VTTCue | undefined} */ (/** @type {TextTrack} */ (event.target).activeCues?.[0]);
      if (cue) film.say(cue.text);
    });
  }

  /** @param {string} kind @returns {TextTrack | undefined} */
  track(kind) {
    return [...this.film.video.textTracks].find((track) => track.kind === kind);
  }

  /** @param {string} name */
  value(name) {
    return this.selects.get(name)?.value ?? "";
  }

  /** @param {string} name @param {string} value */
  choose(name, value) {
    const select = /** @type {HTMLSelectElement} */ (this.selects.get(name));
    select.value = value;
    this.#apply();
    this.#keep();
    this.film.say(`${CHOICES[name].words}: ${select.selectedOptions[0].text.toLowerCase()}.`);
  }

  /** Faster or slower by a step. @param {1 | -1} step */
  pace(step) {
    const at = SPEEDS.indexOf(Number(this.value("speed"))) + step;
    if (SPEEDS[at]) this.choose("speed", String(SPEEDS[at]));
  }

  toggleCaptions() {
    this.choose("captions", this.value("captions") === "off" ? "medium" : "off");
  }

  /** Tell in words what is seen, in a place that screen readers read out. @param {boolean} wanted */
  describe(wanted) {
    this.described.setAttribute("aria-pressed", String(wanted));
    const track = this.track("descriptions");
    if (track) track.mode = wanted ? "hidden" : "disabled";
    if (!wanted) this.film.say("");
  }

  #apply() {
    const { video, dataset } = this.film;
    video.defaultPlaybackRate = video.playbackRate = Number(this.value("speed"));
    const captions = this.track("captions");
    if (captions) captions.mode = this.value("captions") === "off" ? "disabled" : "showing";
    dataset.captions = this.value("captions");
    dataset.ground = this.value("ground");
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...this.selects].map(([name, { value }]) => [name, value]))));
    } catch {
      // It then holds for this page alone.
    }
  }
}

/** @returns {Record<string, string>} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
