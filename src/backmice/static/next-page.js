// Fetches the next page ahead: when the reader has gone on almost to the end of this one, or reaches for the link,
// and the browser has nothing else to do. Not where bytes are counted or come slowly.

import { atRest } from "./rest.js";

const AHEAD = "200%"; // of the window, below it

/** @param {{saveData?: boolean, effectiveType?: string}} [line] as `navigator.connection` tells of it, where it does */
export const isSpared = ({ saveData = false, effectiveType = "" } = {}) => saveData || effectiveType.endsWith("2g");

/** @param {HTMLAnchorElement} link */
function fetchAhead(link) {
  if (isSpared(/** @type {any} */ (navigator).connection)) return;
  // No <link rel=prefetch>: Firefox holds it against default-src, and Safari has none. By its mode the worker knows it.
  fetch(link.href, { mode: "no-cors", priority: "low" }).then((response) => response.arrayBuffer()).catch(() => {});
}

/** @param {HTMLAnchorElement} link */
function watch(link) {
  const done = new AbortController();
  const begin = () => {
    observer.disconnect();
    done.abort();
    atRest(() => fetchAhead(link));
  };
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && begin(), {
    rootMargin: `0px 0px ${AHEAD} 0px`,
  });
  const reach = { once: true, signal: done.signal };
  // A page that is opened and left again fetches nothing, however short it is.
  addEventListener("scroll", () => observer.observe(link), { ...reach, passive: true });
  for (const event of ["pointerenter", "focus"]) link.addEventListener(event, begin, reach);
}

const link = globalThis.document?.querySelector("a[rel=next]");
if (link instanceof HTMLAnchorElement && location.protocol !== "file:") watch(link);
