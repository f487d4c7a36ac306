// A quiz of the book in a learning platform. Without one the quiz works all the same, and says so.

import { useLog } from "../../static/attempt-log.js";
import { create } from "../../static/dom.js";
import { Lms, findApi } from "./lms.js";
import { ScormLog } from "./scorm-log.js";

/** @type {import("./report.js").Course} */
const course = JSON.parse(document.getElementById("course")?.textContent ?? "");
const api = findApi(window, course.version);
const lms = api && new Lms(api, course.version);

const log = lms?.begin() ? new ScormLog(lms, course) : null;
if (log) {
  useLog(log);
  addEventListener("pagehide", () => log.end());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload()); // the session is over
} else {
  const words = "No learning platform was found: your answers stay in this browser, and nobody else gets them.";
  document.querySelector("h1")?.after(create("p", { className: "label", role: "status" }, words));
}
await import("../../static/backmice-quiz.js"); // the quiz reads its log as soon as it is there
await /** @type {any} */ (document.querySelector("backmice-quiz")).ready;
[...document.forms].find(({ dataset }) => dataset.item === log?.location)?.scrollIntoView();
