// <backmice-search>: finds pages while one types. The index is fetched with this page alone.
// The words are kept in the address, so that Back from a result leads to the results again.

import { readdress } from "./address.js";
import { counted, create } from "./dom.js";
import { fetchJson } from "./fetched.js";
import { SearchIndex, excerpt, unpacked } from "./search-index.js";

const FIRST = 10; // pages shown before "Show all"
const SAID_MS = 500; // a count is said when typing rests

class BackmiceSearch extends HTMLElement {
  async connectedCallback() {
    if (this.results) return;
    this.field = this.querySelector("input");
    this.count = create("p", { className: "count", role: "status" });
    this.results = create("ol", { className: "results" });
    this.append(this.count, this.results);
    this.field.value ||= new URLSearchParams(location.search).get("q") ?? "";
    this.field.addEventListener("input", () => this.search());
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    if (!this.field.value) this.field.focus();
    await this.load();
    this.search();
  }

  async load() {
    try {
      this.index = await SearchIndex.of(unpacked(await fetchJson(this.dataset.index)));
    } catch {
      this.count.textContent = "The index of the search can’t be reached. The contents and the glossary lead to every page.";
    }
  }

  search() {
    const query = this.field.value;
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    readdress(address);
    if (!this.index) return;
    const found = this.index.find(query);
    this.show(found.slice(0, FIRST), found.slice(FIRST));
    this.say(query.trim() && (found.length ? `${counted(found.length, "page")} found` : this.nothing(query)));
  }

  nothing(query) {
    return `No page says anything like “${query.trim()}”. Try fewer or other words.`;
  }

  say(words) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.count.textContent = words), SAID_MS);
  }

  show(found, rest) {
    this.results.replaceChildren(...found.map(toItem));
    if (!rest.length) return;
    const more = create("button", { type: "button", className: "button", textContent: `Show ${counted(rest.length, "more page")}` });
    more.addEventListener("click", () => {
      const items = rest.map(toItem);
      more.parentElement.replaceWith(...items);
      items[0].querySelector("a").focus();
    });
    this.results.append(create("li", { className: "more" }, more));
  }
}

/** @param {import("./search-index.js").Result} result */
function toItem({ page, passages, terms }) {
  const title = create("h2", {}, create("a", { href: page.address }, page.title));
  const part = page.part ? [create("p", { className: "label" }, page.part)] : [];
  return create("li", {}, ...part, title, create("ul", {}, ...passages.map((passage) => toPassage(passage, terms))));
}

/** @param {import("./search-index.js").Passage} passage @param {Set<string>} terms */
function toPassage({ heading, address, text }, terms) {
  const runs = excerpt(text, terms).map(({ words, isHit }) => (isHit ? create("mark", {}, words) : words));
  const link = heading ? [create("a", { href: address }, heading)] : [];
  return create("li", {}, ...link, create("p", { className: "context" }, ...runs));
}

customElements.define("backmice-search", BackmiceSearch);
