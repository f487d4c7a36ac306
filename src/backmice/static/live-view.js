// A lab as a notebook over the page: what comes is said first, then the application runs in a frame of the same origin.
//
// What tasks are worth goes into the attempt log. What the reader writes is kept by the application, in this browser.

import { sharedLog } from "./attempt-log.js";
import { create, day, focusOn } from "./dom.js";
import { copiesOf, download, remove, setAside } from "./live-copies.js";

const VERDICT = "application/vnd.backmice.verdict+json"; // as backmice.labs.lab writes it
const SAVE_MS = 800; // after the last key
const LOOK_MS = 100;
const REST_MS = 1500; // idle for so long, Python has nothing left to do, whatever it left unanswered
const KEPT = "backmice-live"; // whether the files were fetched by this browser before
/** Hidden in the frame: names of the application, and what the course's own frame does. */
const LOOKS = `
  #top-panel-wrapper, #top-panel, .jp-NotebookTrustedStatus, .jp-NotebookCheckpoint, #top-panel-wrapper .jp-KernelLogo, .jp-NotebookKernelLogo { display: none !important; }
  .jp-Cell-outputWrapper[inert] { opacity: .55; }
  @media (max-width: 600px) { .jp-InputPrompt, .jp-OutputPrompt { min-width: 0 !important; width: 2.2rem !important; font-size: 10px !important; padding: 2px !important; } .jp-Notebook { padding: 4px !important; } }
`;

export class LiveView {
  #home;
  #notebook;
  #dialog = create("dialog", { className: "live-view" });
  #status = create("p", { className: "live-status" });
  #start = create("div", { className: "live-start" });
  #run = button("Run all cells", "button", () => this.#runAll());
  /** @type {HTMLIFrameElement | null} */ #frame = null;
  /** @type {any} the application's panel */ #panel = null;
  /** @type {Set<string>} cells that were sent and are not done */ #pending = new Set();
  #isCommand = false;
  #failed = false;
  #log = sharedLog();

  /** @param {URL} home @param {string} notebook */
  constructor(home, notebook) {
    this.#home = home;
    this.#notebook = notebook;
    const title = create("h2", { id: `live-${notebook}` }, document.querySelector("h1")?.textContent ?? notebook);
    const close = button("Close", "button", () => this.close());
    this.#status.setAttribute("role", "status");
    this.#run.hidden = true;
    this.#dialog.setAttribute("aria-labelledby", title.id);
    const row = create("div", { className: "row" }, this.#run, close);
    this.#dialog.append(create("header", {}, title, this.#status, row), this.#start);
    this.#dialog.addEventListener("close", () => this.#save());
    document.body.append(this.#dialog);
  }

  async open() {
    this.#dialog.showModal();
    if (!this.#frame) await this.#offer();
  }

  close() {
    this.#dialog.close(); // the browser gives the focus back to the button
  }

  /** Say what comes, and what is kept here. */
  async #offer() {
    const about = await fetch(new URL("sizes.json", this.#home)).then((answer) => answer.json());
    const course = await fetch(new URL(`files/${this.#notebook}`, this.#home)).then((answer) => answer.json());
    const copies = await copiesOf(this.#notebook).catch(() => []);
    const megabytes = Math.ceil(about.bytes / 1e6);
    const isKept = localStorage.getItem(KEPT) === about.edition;
    const told = isKept
      ? "Python starts in this browser in about 10 to 30 seconds. Little or nothing has to be fetched: this browser has had it before."
      : `${megabytes} MB are fetched from this site, and from nowhere else. Then Python starts in this browser, in about 10 to 30 seconds.`;
    const first = copies[0]?.path === this.#notebook ? copies[0] : null;
    const isOlder = first && first.content?.metadata?.backmice?.edition !== course.metadata.backmice.edition;
    const news = isOlder ? [create("p", {}, "The course’s notebook has changed since you began your copy. Both are here.")] : [];
    const begin = button(first ? "Start afresh" : "Start", first && !isOlder ? "button" : "button is-main", async () => {
      if (first) await setAside(first);
      await this.#launch(this.#notebook, about.edition);
    });
    const fresh = create("li", {}, create("span", {}, first ? "The course’s notebook; your copy stays beside it" : "The course’s notebook"), begin);
    const rows = copies.map((copy) => this.#row(copy, copy === first && !isOlder, about.edition));
    this.#start.replaceChildren(
      create("p", {}, told),
      create("p", {}, "What you write stays in this browser. On a phone with little memory the page may close; the lab’s own page says the same without Python."),
      ...news,
      create("ul", { className: "live-list" }, ...(first && !isOlder ? [...rows, fresh] : [fresh, ...rows])),
    );
    focusOn(this.#start.querySelector(".is-main"));
  }

  /** @param {import("./live-copies.js").Copy} copy @param {boolean} isMain @param {string} edition */
  #row(copy, isMain, edition) {
    const name = `Your copy of ${day(copy.last_modified)}, ${copy.last_modified.slice(11, 16)}`;
    const go = button("Go on", isMain ? "button is-main" : "button", () => this.#launch(copy.path, edition));
    const save = button("Download", "button", () => download(copy));
    const drop = button("Remove", "button", async () => {
      await remove(copy);
      await this.#offer();
    });
    for (const one of [go, save, drop]) one.setAttribute("aria-label", `${one.textContent}: ${name}`);
    return create("li", {}, create("span", {}, name), go, save, drop);
  }

  /** @param {string} path @param {string} edition */
  async #launch(path, edition) {
    const address = new URL("notebooks/index.html", this.#home);
    address.searchParams.set("path", path);
    const frame = create("iframe", { src: address.href, title: "Notebook" });
    this.#frame = frame;
    this.#start.replaceWith(frame);
    this.#tell("Fetching the notebook …");
    try {
      const panel = await this.#opened(frame);
      this.#tell("Starting Python …");
      await panel.sessionContext.ready;
      await this.#follow(panel);
      localStorage.setItem(KEPT, edition);
      this.#run.hidden = false;
      this.#runAll();
    } catch (error) {
      this.#tell("The notebook could not be started here: close this page’s other tabs and reload, or read the lab as it ran.");
      throw error;
    }
  }

  /** Wait for the application and its notebook. @param {HTMLIFrameElement} frame @returns {Promise<any>} its panel */
  async #opened(frame) {
    let panel;
    while (!panel?.context) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      panel = /** @type {any} */ (frame.contentWindow)?.jupyterapp?.shell?.currentWidget;
    }
    await panel.context.ready;
    await panel.revealed;
    const style = /** @type {Document} */ (frame.contentDocument).createElement("style");
    style.textContent = LOOKS;
    frame.contentDocument?.head.append(style);
    this.#listenForEscape(/** @type {Window} */ (frame.contentWindow), panel);
    this.#panel = panel;
    return panel;
  }

  /** Escape leaves a cell first, then the notebook. @param {Window} inside @param {any} panel */
  #listenForEscape(inside, panel) {
    const taken = ".lm-Menu, .jp-Dialog, .jp-mod-completer-active, .jp-DocumentSearch-overlay";
    inside.addEventListener("keydown", () => (this.#isCommand = panel.content.mode === "command" && !inside.document.querySelector(taken)), true);
    inside.addEventListener("keydown", ({ key, target }) => {
      const isOwn = target instanceof /** @type {any} */ (inside).Element && /** @type {Element} */ (target).closest(".backmice-widget, input, textarea, select");
      if (key === "Escape" && this.#isCommand && !isOwn) this.close();
    });
  }

  /** Hear what is sent to Python and what comes back. @param {any} panel */
  async #follow(panel) {
    const { kernel } = panel.sessionContext.session;
    await kernel.requestExecute({ code: "", silent: true, store_history: false }).done; // answered once Python has started
    kernel.anyMessage.connect((/** @type {any} */ _, /** @type {any} */ { msg, direction }) => {
      if (direction === "send" && msg.header.msg_type === "execute_request") this.#pending.add(msg.header.msg_id);
      else if (msg.header.msg_type === "execute_reply") this.#answered(msg);
      else return;
      this.#hold();
    });
    const rest = () => (this.#pending.clear(), this.#hold());
    /** @type {ReturnType<typeof setTimeout>} */ let resting;
    kernel.statusChanged.connect((/** @type {any} */ _, /** @type {string} */ status) => {
      clearTimeout(resting);
      if (status === "idle") resting = setTimeout(rest, REST_MS);
      if (/restarting|dead|terminating/.test(status)) rest();
    });
    kernel.iopubMessage.connect((/** @type {any} */ _, /** @type {any} */ { content }) => {
      if (content?.data?.[VERDICT]) this.#record(content.data[VERDICT]);
    });
    const written = sources(panel);
    /** @type {ReturnType<typeof setTimeout>} */ let waiting;
    panel.context.model.contentChanged.connect(() => {
      clearTimeout(waiting);
      // Outputs alone are no work of the reader's: they come again.
      waiting = setTimeout(() => (sources(panel) === written && !this.#isCopy() ? (panel.context.model.dirty = false) : this.#save()), SAVE_MS);
    });
  }

  /** @param {any} reply */
  #answered({ parent_header, content }) {
    this.#pending.delete(parent_header.msg_id);
    this.#failed ||= content.status === "error";
  }

  #isCopy() {
    return this.#panel.context.contentsModel?.created?.startsWith("1980") === false;
  }

  /** Controls wait while cells run: what is moved then may not be heard. */
  #hold() {
    const busy = this.#pending.size > 0;
    for (const output of this.#frame?.contentDocument?.querySelectorAll(".jp-Cell-outputWrapper") ?? []) {
      output.toggleAttribute("inert", busy);
    }
    this.#dialog.dataset.state = busy ? "busy" : "ready";
    const ready = this.#failed ? "A cell ended with an error: look for it, and run it again." : "Ready. Change a cell and run it with Shift and Enter.";
    this.#tell(busy ? "Python is busy: controls wait until it has run the cells." : ready);
  }

  async #runAll() {
    const app = /** @type {any} */ (this.#frame?.contentWindow)?.jupyterapp;
    this.#failed = false;
    await app?.commands.execute("notebook:run-all-cells");
    // It goes to the last cell; a reader begins with the first.
    this.#panel.content.activeCellIndex = 0;
    this.#panel.content.node.querySelector(".jp-Cell")?.scrollIntoView();
  }

  async #save() {
    if (this.#panel?.context.model.dirty) await this.#panel.context.save();
  }

  /** @param {{lab: string, task: string, points: number, of: number, tasks: number, given: string}} verdict */
  #record({ lab, task, points, of, tasks, given }) {
    const id = `lab:${lab}:${task}:${given}`; // the same answer, run again, is no new one
    this.#log.append({ id, type: "lab", quiz: `lab:${lab}`, lab, task, points, of, tasks });
  }

  /** @param {string} words */
  #tell(words) {
    if (this.#status.textContent !== words) this.#status.textContent = words;
  }
}

/** @param {any} panel @returns {string} what stands in the cells */
const sources = (panel) => JSON.stringify([...panel.context.model.cells].map(({ type, sharedModel }) => [type, sharedModel.getSource()]));

/** @param {string} text @param {string} className @param {() => unknown} act */
function button(text, className, act) {
  const element = create("button", { type: "button", className }, text);
  element.addEventListener("click", act);
  return element;
}
