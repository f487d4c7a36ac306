// What to say when answers can't be kept.

import { create } from "./dom.js";

const STORAGE = {
  full: "This browser’s storage is full.",
  refused: "This browser’s storage can’t be used.",
  platform: "The learning platform did not take your answer.",
};

/** @param {"" | "full" | "refused" | "platform"} reason */
export function storageNotice(reason) {
  const what = create("p", {}, create("strong", {}, STORAGE[reason || "refused"]));
  return create("div", { className: "empty is-error" }, what, create("p", {}, "Your answers are kept until you close the page."));
}
