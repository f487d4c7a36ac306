// A quiz or a lesson of the book in a learning platform. Without one it works all the same, and says so.

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
  addEventListener("pagehide", () => {
    for (const film of document.querySelectorAll("course-video")) /** @type {any} */ (film).place?.keep();
    log.end();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload()); // the session is over
}
for (const name of course.scripts) await import(`../../static/${name}`); // elements read their log as soon as they are there
await Promise.all([...document.querySelectorAll("backmice-quiz")].map((quiz) => /** @type {any} */ (quiz).ready));
if (log) {
  const place = document.getElementById(`item-${log.location}`) ?? document.getElementById(log.location);
  (place?.closest("course-video") ?? place)?.scrollIntoView(); // a question of a film is folded away
} else {
  const words = "No learning platform was found: your answers stay in this browser, and nobody else gets them.";
  document.querySelector("h1")?.after(create("p", { className: "label", role: "status" }, words));
}
