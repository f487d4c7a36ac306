// Notes in the log that a lesson was read: its key points, which stand at its end, came into view, and the page
// had been open long enough that they were not merely scrolled to.

import { sharedLog } from "./attempt-log.js";

const LEAST_MS = 20_000;

/**
 * The name of a page in the book.
 * @param {string} address
 * @param {string} root
 */
export function pageName(address, root) {
  const path = decodeURI(new URL(address).pathname.slice(new URL(root).pathname.length));
  return path.replace(/\.html$/, "");
}

/** Note that this page was read; the log has one such event a page. */
function note() {
  const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI);
  const page = pageName(location.href, root.href);
  sharedLog().append({ id: `read:${page}`, type: "read", quiz: "", page });
}

function watch() {
  const box = document.querySelector(".box.is-key");
  const last = box && ([...box.querySelectorAll("li, p")].at(-1) ?? box);
  if (!last) return;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    setTimeout(note, LEAST_MS - performance.now()); // at once where that has gone by
  });
  observer.observe(last);
}

if (globalThis.document) watch();
