// <backmice-assignment>: a sitting whose items are in the page, without a key, and whose answers are sealed for
// the instructor. Nothing is sent unless the page has an address to send it to.

import { AssignmentStore } from "./assignment-store.js";
import { create, focusOn } from "./dom.js";
import { orderOf } from "./draw.js";
import { seal } from "./envelope.js";
import { recordOf } from "./exam-record.js";
import { ExamSheet } from "./exam-sheet.js";
import { fileName, handedIn } from "./handed-in.js";
import { storageNotice } from "./storage-notice.js";

/** @typedef {import("./attempt-log.js").LogEvent} LogEvent */

const LONGEST_WAIT_MS = 3_600_000; // look at the clock again at least so often

/** @param {string | Date} at */
const time = (at) => new Date(at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });

export default class BackmiceAssignment extends HTMLElement {
  /** @type {AssignmentStore} */ #store;
  /** @type {ExamSheet | null} */ #sheet = null;
  #stage = create("div", { className: "exam-stage" });
  #notice = create("div", { className: "notice" });

  get assignment() {
    return this.dataset.assignment ?? "";
  }

  connectedCallback() {
    if (this.#stage.isConnected) return;
    this.querySelector(".needs-script")?.remove();
    for (const moment of this.parentElement?.querySelectorAll("time") ?? []) moment.textContent = time(moment.dateTime);
    this.#notice.setAttribute("role", "status");
    this.append(this.#notice, this.#stage);
    this.#store = new AssignmentStore(this.assignment);
    this.#start();
  }

  /** @returns {LogEvent[]} */
  get #attempts() {
    return this.#store.events.filter(({ type }) => type === "attempt");
  }

  /** @param {LogEvent} attempt @returns {LogEvent[]} */
  #of = (attempt) => this.#store.events.filter((event) => event.attempt === attempt.id);

  #start() {
    this.#sheet?.end();
    this.#sheet = null;
    this.classList.remove("is-sitting");
    const wait = Date.parse(this.dataset.opens ?? "") - Date.now();
    if (wait > 0) {
      setTimeout(() => this.#start(), Math.min(wait, LONGEST_WAIT_MS));
      this.#stage.replaceChildren(box("Not open yet", `This assignment opens on ${time(this.dataset.opens ?? "")}.`));
      return;
    }
    const most = Number(this.dataset.attempts);
    const open = this.#attempts.find((attempt) => !this.#of(attempt).some(({ type }) => type === "end"));
    const ended = this.#attempts.filter((attempt) => attempt !== open);
    const next = open ? [this.#offerToGoOn(open)] : ended.length < most ? [this.#form(ended.length + 1, most)] : [];
    this.#stage.replaceChildren(...next, ...(ended.length ? [this.#earlier(ended)] : []));
  }

  /** @param {number} number @param {number} most */
  #form(number, most) {
    const form = create("form", { className: "exam-start" });
    const closed = Date.parse(this.dataset.closes ?? "") < Date.now();
    const begin = create("button", { type: "submit", className: "button is-main" }, "Begin");
    form.append(
      create("h2", {}, number > 1 ? `Attempt ${number} of ${most}` : "Begin"),
      ...(closed ? [create("p", {}, create("strong", {}, "This assignment is closed."), " What you hand in now is marked as late.")] : []),
      field("Your name", "name", 120, "name"),
      field("Your student number", "id", 60, "off"),
      ...("codes" in this.dataset ? [field("Your code", "code", 20, "off")] : []),
      create("div", { className: "row" }, begin),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin.disabled = true;
      this.#begin(new FormData(form), number).catch((error) => this.#fail(error));
    });
    return form;
  }

  /** @param {FormData} given @param {number} number */
  async #begin(given, number) {
    const [name, id, code] = ["name", "id", "code"].map((field) => String(given.get(field) ?? "").trim());
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    const sheet = await this.#fill();
    await sheet.shuffle((item, options) => orderOf(seed, item, options));
    const minutes = Number(this.dataset.minutes);
    const attempt = {
      type: "attempt", mode: "exam", number, seed, student: code ? { id, name, code } : { id, name },
      items: sheet.views.map(({ id, revision, options }) => ({ id, revision, options })),
      ...(minutes ? { minutes } : {}), ...("certainty" in this.dataset ? { marking: "certainty" } : {}),
    }; // prettier-ignore
    const { events, kept, reason } = this.#store.append(attempt);
    this.#tell(kept, reason);
    this.#sit(sheet, events[0]);
  }

  async #fill() {
    const content = /** @type {HTMLTemplateElement} */ (this.querySelector("template")).content;
    const copy = /** @type {DocumentFragment} */ (document.importNode(content, true));
    const forms = new Map([...copy.querySelectorAll("form")].map((form) => [form.dataset.item ?? "", form]));
    const sheet = new ExamSheet(this.#stage, { isMarked: "certainty" in this.dataset });
    sheet.element.ariaLabel = "Items";
    // They keep the order in which they were assigned.
    await sheet.fill([...forms.keys()], forms);
    return sheet;
  }

  /** @param {ExamSheet} sheet @param {LogEvent} attempt */
  #sit(sheet, attempt) {
    this.#sheet = sheet;
    this.classList.add("is-sitting");
    sheet.sit(recordOf(attempt, this.#store.events), {
      answer: async (facts) => {
        const { kept, reason } = this.#store.append(/** @type {any} */ (facts));
        this.#tell(kept, reason);
        return kept;
      },
      end: async (why) => {
        const { kept, reason } = this.#store.append({ type: "end", attempt: attempt.id, why });
        this.#tell(kept, reason);
        await this.#finish(attempt);
      },
    });
  }

  /** Seal what was given, once, and show what to do with it. @param {LogEvent} attempt */
  async #finish(attempt) {
    try {
      const sealed = this.#of(attempt).find(({ type }) => type === "sealed") ?? (await this.#seal(attempt));
      this.#start();
      const done = this.#handOver(attempt, sealed);
      this.#stage.prepend(done);
      focusOn(done.querySelector("h2"));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {LogEvent} attempt @returns {Promise<LogEvent>} */
  async #seal(attempt) {
    const events = this.#of(attempt);
    const content = handedIn(this.assignment, attempt, recordOf(attempt, this.#store.events), events);
    const { sealed, bytes, receipt } = await seal(content, this.dataset.publicKey ?? "");
    const file = JSON.stringify({ format: "backmice-handed-in", version: 1, assignment: this.assignment, bytes, receipt, sealed });
    return this.#store.append({ attempt: attempt.id, type: "sealed", file, receipt }).events[0];
  }

  /** @param {LogEvent} attempt @param {LogEvent} sealed */
  #handOver(attempt, { file, receipt }) {
    const save = this.#download(attempt, file, "button is-main");
    const row = create("div", { className: "row" }, save);
    const told = create("p", {}, "Save the file, and hand it in where your instructor told you to.");
    const done = create("div", { className: "empty" }, create("h2", {}, "Your answers are sealed"), told);
    done.append(create("p", {}, "Receipt: ", create("code", { className: "receipt" }, receipt)), row);
    if (this.dataset.upload) {
      const send = create("button", { type: "button", className: "button is-main" }, "Send it");
      send.addEventListener("click", () => this.#send(file, send, told));
      save.className = "button";
      row.prepend(send);
      this.#send(file, send, told);
    }
    return done;
  }

  /** @param {string} file @param {HTMLButtonElement} button @param {HTMLElement} told */
  async #send(file, button, told) {
    const address = new URL(this.dataset.upload ?? "", document.baseURI);
    button.disabled = true;
    told.setAttribute("role", "status");
    told.textContent = "Sending…";
    try {
      const answer = await fetch(address, { method: "POST", body: file }); // as plain text, which needs no leave
      if (!answer.ok) throw new Error(`it answers ${answer.status}`);
      told.textContent = `Sent to ${address.host}. Save the file as well: with the receipt it proves what you handed in.`;
      button.hidden = true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      told.textContent = `It could not be sent (${why}). Try again, or save the file and hand it in yourself.`;
      button.disabled = false;
    }
  }

  /** @param {LogEvent} attempt @param {string} file @param {string} className */
  #download(attempt, file, className) {
    const href = URL.createObjectURL(new Blob([file], { type: "application/json" }));
    const download = fileName(this.assignment, attempt.student.id, attempt.number);
    return create("a", { className, href, download }, "Save the file");
  }

  /** @param {LogEvent} attempt */
  #offerToGoOn(attempt) {
    const { responses, items } = recordOf(attempt, this.#store.events);
    const told = `Begun on ${time(attempt.at)} by ${attempt.student.name}: ${responses.size} of ${items.length} answered.`;
    const button = create("button", { type: "button", className: "button is-main" }, "Go on");
    button.addEventListener("click", () => {
      button.disabled = true;
      this.#fill().then((sheet) => this.#sit(sheet, attempt), (error) => this.#fail(error)); // prettier-ignore
    });
    const found = box("You have begun", told);
    found.append(create("div", { className: "row" }, button));
    return found;
  }

  /** @param {LogEvent[]} attempts that ended */
  #earlier(attempts) {
    const rows = attempts.map((attempt) => {
      const sealed = this.#of(attempt).find(({ type }) => type === "sealed");
      const words = create("span", {}, `Attempt ${attempt.number}, ${time(attempt.at)}`);
      if (!sealed) {
        const button = create("button", { type: "button", className: "button" }, "Seal it");
        button.addEventListener("click", () => this.#finish(attempt));
        return create("li", {}, words, button);
      }
      words.append(", receipt ", create("code", { className: "receipt" }, sealed.receipt));
      return create("li", {}, words, this.#download(attempt, sealed.file, "button"));
    });
    return create("div", { className: "earlier" }, create("h2", {}, "What you handed in"), create("ul", { className: "due" }, ...rows));
  }

  /** @param {boolean} kept @param {"" | "full" | "refused"} reason */
  #tell(kept, reason) {
    this.#notice.replaceChildren(...(kept ? [] : [storageNotice(reason)]));
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    const found = create("div", { className: "empty is-error" }, create("p", {}, create("strong", {}, "Something failed.")));
    found.append(create("p", {}, `${why}. What you answered is kept; load the page again to go on.`));
    this.#notice.replaceChildren(found);
  }
}

/** @param {string} title @param {string} words */
const box = (title, words) => create("div", { className: "empty" }, create("h2", {}, title), create("p", {}, words));

/** @param {string} label @param {string} name @param {number} most letters @param {AutoFill} autocomplete */
function field(label, name, most, autocomplete) {
  const input = create("input", { className: "field", name, required: true, maxLength: most, autocomplete });
  return create("p", { className: "exam-field" }, create("label", {}, label, input));
}

if (!customElements.get("backmice-assignment")) customElements.define("backmice-assignment", BackmiceAssignment);
