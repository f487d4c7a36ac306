// Where everything is in the book, and the forms of items that stand on other pages.

import { fetchJson, fetchText } from "./fetched.js";
import { pageOf } from "./trusted.js";

/**
 * @typedef {{revision: number, kind: string, topic: string, objective: string, level: string, page: string, anchor: string}} IndexedItem
 * @typedef {{words: string, page: string, anchor: string, lesson: string}} IndexedObjective
 * @typedef {{area: string, level: string, count: number}} Count
 * @typedef {object} CourseIndex
 * @property {Record<string, IndexedItem>} items
 * @property {Record<string, IndexedObjective>} objectives
 * @property {{name: string, title: string, page: string}[]} lessons
 * @property {{slug: string, title: string, page: string}[]} [films]
 * @property {{name: string, title: string, page: string}[]} [labs]
 * @property {Record<string, string>} topics
 * @property {{id: string, title: string, topics: string[]}[]} areas
 * @property {Record<string, {title: string, minutes: number, counts: Count[]}>} blueprints
 * @property {URL} root the address of the book
 */

const ADDRESSES = ["href", "src", "srcset", "poster", "data-figure", "data-bundle"];

/**
 * @param {HTMLElement} element with `data-index`
 * @returns {Promise<CourseIndex>}
 * @throws {Error} if it can't be fetched
 */
export async function loadIndex(element) {
  const address = new URL(element.dataset.index ?? "", document.baseURI);
  const index = await fetchJson(address);
  return { ...index, root: new URL("..", address) };
}

/**
 * Take the forms of items out of their practice pages, each page fetched once.
 * @param {CourseIndex} index
 * @param {string[]} ids those that the bank no longer has are left out
 * @returns {Promise<Map<string, HTMLFormElement>>}
 * @throws {Error} if a page can't be fetched
 */
export async function fetchForms(index, ids) {
  const there = ids.filter((id) => Object.hasOwn(index.items, id));
  const pages = new Map([...new Set(there.map((id) => index.items[id].page))].map((page) => [page, fetchedPage(index, page)]));
  const forms = new Map();
  for (const id of there) {
    const { page, anchor } = index.items[id];
    const form = (await /** @type {Promise<Document>} */ (pages.get(page))).getElementById(anchor);
    if (form instanceof HTMLFormElement) forms.set(id, rebased(document.importNode(form, true), new URL(page, index.root)));
  }
  return forms;
}

/** @param {CourseIndex} index @param {string} page @returns {Promise<Document>} */
async function fetchedPage(index, page) {
  return pageOf(await fetchText(new URL(page, index.root)));
}

/** @param {HTMLFormElement} form @param {URL} from the page that it stood on */
function rebased(form, from) {
  for (const element of form.querySelectorAll(ADDRESSES.map((name) => `[${name}]`).join())) {
    for (const name of ADDRESSES) {
      const given = element.getAttribute(name);
      if (!given || given.startsWith("#")) continue;
      const parts = name === "srcset" ? given.split(",") : [given];
      const moved = parts.map((part) => part.trim().replace(/^\S+/, (address) => new URL(address, from).href));
      element.setAttribute(name, moved.join(", "));
    }
  }
  return form;
}
