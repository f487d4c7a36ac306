// A quiz on paper: its items as they are asked, without what the reader has answered, and their keys on sheets after
// them, or not at all.

import { create, textOf } from "./dom.js";
import { rulesForPaper } from "./paper.js";

const CHOICES = { without: "Print without answers", with: "Print with answers" };

/**
 * @param {(HTMLElement | null | undefined)[]} keys disclosures of items in their order; none where it is told elsewhere
 * @returns {HTMLElement | ""} nothing if there is no key
 */
export function keysOnPaper(keys) {
  const section = create("section", { className: "keys" }, create("h2", {}, "Key and rationales"));
  for (const [i, key] of keys.entries()) {
    const content = key ? [...key.cloneNode(true).children].slice(1) : []; // without the summary
    if (content.length) section.append(create("section", { className: "key" }, create("h3", {}, `Item ${i + 1}`), ...content));
  }
  return section.childElementCount > 1 ? section : "";
}

export class QuizPaper {
  /** @type {HTMLFormElement[]} */ #forms;
  /** What the reader presses. */
  row = create("div", { className: "row print-quiz" });

  /** @param {string} title @param {HTMLFormElement[]} forms before a script takes them over */
  constructor(title, forms) {
    this.title = title;
    const aside = document.implementation.createHTMLDocument(""); // where no picture is fetched
    this.#forms = forms.map((form) => aside.importNode(form, true));
    for (const [how, words] of Object.entries(CHOICES)) {
      const button = create("button", { type: "button", className: "button" }, words);
      button.addEventListener("click", () => this.#print(how === "with"));
      this.row.append(button);
    }
  }

  /** Print the quiz and nothing else of the page. @param {boolean} withKeys */
  async #print(withKeys) {
    const root = document.documentElement;
    const sheets = create("section", { className: "quiz-paper" }, ...this.#headings(), ...this.#forms);
    if (withKeys) sheets.append(keysOnPaper(this.#forms.map((form) => form.querySelector("details.key"))));
    const tidy = () => {
      sheets.remove();
      delete root.dataset.paper;
    };
    document.querySelector("main.text")?.append(sheets);
    root.dataset.paper = "quiz";
    addEventListener("afterprint", tidy, { once: true });
    const pictures = [...sheets.querySelectorAll("img")].map((img) => ((img.loading = "eager"), img.decode()));
    await Promise.allSettled([rulesForPaper(), ...pictures]);
    print();
  }

  #headings() {
    const page = textOf(document.querySelector("h1"));
    return [create("h1", {}, page), ...(this.title === page ? [] : [create("p", { className: "lead" }, this.title)])];
  }
}
