// On every page, and small: when the page has all it asked for and rests, what keeps the course is fetched and begins.

import { atRest } from "./rest.js";
import "./trusted.js"; // what comes later shares it, and is then one file

const WAIT_MS = 2000;

function whenIdle() {
  const begin = async () => (await import("./course-offline.js")).begin();
  setTimeout(() => atRest(() => void begin().catch(() => {})), WAIT_MS); // refused, as in some private windows: a plain site
}

if (navigator.serviceWorker && location.protocol !== "file:") {
  if (document.readyState === "complete") whenIdle();
  else addEventListener("load", whenIdle, { once: true });
}
