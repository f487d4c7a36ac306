// <course-kept>: on the page for a missing network, the page that was asked for and the pages that are here.

import { create } from "./dom.js";
import { keptPages } from "./keep-list.js";
import { Store } from "./keep-store.js";

class CourseKept extends HTMLElement {
  async connectedCallback() {
    const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI).href;
    const store = new Store(root);
    const list = await store.current().catch(() => null);
    const pages = list ? keptPages(list, await store.keys().catch(() => new Set())) : [];
    this.replaceChildren(...this.#asked(root, list), ...this.#here(root, pages));
    this.dataset.state = "drawn";
  }

  /** @param {string} root @param {import("./keep-list.js").CourseList | null} list */
  #asked(root, list) {
    const path = new URLSearchParams(location.search).get("page");
    const address = path === null ? null : new URL(path, root);
    if (!address?.href.startsWith(root)) return [];
    const title = list?.pages.get(address.pathname.slice(new URL(root).pathname.length))?.title;
    const told = create("p", {}, title ? create("strong", {}, title) : "The page that you asked for", " is not kept on this device.");
    return [told, create("p", {}, create("a", { className: "button is-main", href: address.href }, "Try again"))];
  }

  /** @param {string} root @param {{path: string, title: string}[]} pages */
  #here(root, pages) {
    if (!pages.length) return [create("p", {}, "No page is kept yet: pages are kept as you read them.")];
    const links = pages.map(({ path, title }) => create("li", {}, create("a", { href: new URL(path, root).href }, title)));
    return [create("h2", {}, `Kept on this device: ${pages.length} ${pages.length === 1 ? "page" : "pages"}`), create("ul", {}, ...links)];
  }
}

if (!customElements.get("course-kept")) customElements.define("course-kept", CourseKept);
