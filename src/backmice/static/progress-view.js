// The parts of the progress page: what the sums over the log look like. Each function gives an element, or null
// where there is nothing to show.

import { dataTable } from "./data-table.js";
import { counted, create, day, number, percent } from "./dom.js";
import { clock } from "./film-lines.js";
import { ENOUGH, byLesson, total } from "./learning.js";
import { dueNow } from "./review-queue.js";

/**
 * @typedef {import("./course-index.js").CourseIndex} CourseIndex
 * @typedef {import("./learning.js").Mastered} Mastered
 * @typedef {import("./learning.js").Sum} Sum
 */

const STORAGE = {
  full: ["This browser’s storage is full.", "What was kept before is safe. New answers last until you close their page: export a copy, then make room on this device."],
  refused: ["This browser’s storage can’t be used.", "What you answer lasts until you close its page. A private window, or site data blocked in the browser’s settings, may be why."],
}; // prettier-ignore

/** @param {import("./learning.js").Interval} range */
export const interval = ({ low, high }) => `likely ${Math.round(low * 100)} to ${percent(high)}`;

/**
 * Whether answers are kept, as an outcome of the log says.
 * @param {{kept: boolean, reason: "" | "full" | "refused"}} outcome
 * @param {boolean} isSafe whether the browser has promised not to clear them by itself
 */
export function storageNote({ kept, reason }, isSafe) {
  if (!kept) {
    const [what, then] = STORAGE[reason || "refused"];
    const told = create("p", {}, create("strong", {}, `Can’t be kept: ${what[0].toLowerCase()}${what.slice(1)}`));
    return create("div", { className: "empty is-error" }, told, create("p", {}, then));
  }
  const clears = "It may clear your answers when space runs short, or after weeks without a visit: export a copy now and then.";
  return create("p", { className: "kept" }, create("strong", {}, "Kept in this browser."), isSafe ? "" : ` ${clears}`);
}

/**
 * @param {CourseIndex | null} index
 * @param {boolean} isKept whether anything would be
 * @returns {HTMLElement} what stands where there is nothing yet
 */
export function invitation(index, isKept) {
  const [title, told] = isKept
    ? ["No answers yet", "What you answer and read will show here. It stays on this device and needs no account."]
    : ["No answers kept", "The lessons and their items work all the same."];
  const first = index?.lessons[0];
  const begin = first ? [link(`Begin: ${first.title}`, index, first.page)] : [];
  for (const a of begin) a.className = "button is-main";
  return create("div", { className: "empty" }, create("h2", {}, title), create("p", {}, told), ...begin);
}

/** @param {{answers: number, items: number, exams: number, vignettes: number, films: number, lessons: number, tasks?: number}} counts */
export function counts({ answers, items, exams, vignettes, films, lessons, tasks = 0 }) {
  const parts = [
    answers ? `${counted(answers, "answer")} to ${counted(items, "item")}` : "",
    exams ? counted(exams, "exam") : "",
    vignettes ? `your figures on ${counted(vignettes, "vignette")}` : "",
    films ? `your place in ${counted(films, "film")}` : "",
    lessons ? `${counted(lessons, "lesson")} read` : "",
    tasks ? `answers to ${counted(tasks, "task")} of labs` : "",
  ].filter(Boolean);
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "nothing");
}

/** @param {Mastered[]} rows @param {CourseIndex | null} index */
export function masterySection(rows, index) {
  const groups = byLesson(rows, index).filter((group) => group.rows.some(({ count }) => count));
  if (!groups.length) return null;
  const told = create(
    "p",
    {},
    "Counted is your latest answer to each item that you gave without having seen its key in the twelve hours before. " +
      "A bar shows where your true share of points likely lies (19 times out of 20), its mark the share itself. " +
      `With fewer than ${ENOUGH} items it is too early to say.`,
  );
  return section("mastery", "What you know", told, ...groups.map((group) => lessonGroup(group, index)));
}

/** @param {ReturnType<typeof byLesson>[number]} group @param {CourseIndex | null} index */
function lessonGroup({ title, page, rows }, index) {
  const name = title ? link(title, index, page) : index ? "Objectives that have moved on" : "By objective";
  const whole = title && rows.length > 1 ? [row("The whole lesson", total(rows), "is-whole")] : [];
  const each = rows.map((one) => {
    const objective = index && Object.hasOwn(index.objectives, one.id) ? index.objectives[one.id] : null;
    const words = objective ? link(objective.words, index, `${objective.page}#${objective.anchor}`) : one.id.replaceAll("-", " ");
    return row(words, one, "");
  });
  const scale = create("div", { className: "scale" }, ...[0, 0.5, 1].map((share) => create("span", {}, percent(share))));
  scale.setAttribute("aria-hidden", "true");
  const list = (/** @type {HTMLElement[]} */ ...rows) => create("ul", { className: "known" }, ...rows);
  const heading = create("h3", {}, name);
  if (!whole.length) return create("div", {}, heading, list(...each), scale);
  // All objectives of the course at once are more than anybody reads.
  const parts = create("details", {}, create("summary", {}, counted(each.length, "objective")), list(...each));
  parts.dataset.of = title;
  return create("div", {}, heading, list(...whole), scale, parts);
}

/** @param {Node | string} name @param {Sum} sum @param {string} className */
function row(name, sum, className) {
  const bar = create("span", { className: "share" });
  bar.setAttribute("aria-hidden", "true");
  if (sum.interval) {
    const at = { low: sum.interval.low, high: sum.interval.high, at: sum.points / sum.count };
    for (const [end, share] of Object.entries(at)) bar.style.setProperty(`--${end}`, share.toFixed(4));
    bar.classList.add("is-known");
  }
  return create("li", { className }, create("span", { className: "name" }, name), bar, create("span", { className: "told" }, told(sum)));
}

/** @param {Sum} sum */
function told({ points, count, interval: range }) {
  if (!count) return "no answers yet";
  const of = `${number(points)} of ${counted(count, "point")}`;
  return range ? `${of}, ${interval(range)}` : `${of}, too few to say`;
}

/**
 * @param {import("./review-queue.js").Waiting[]} queue the one due first in front
 * @param {Date} now
 * @param {string | undefined} page where they are reviewed
 */
export function reviewsSection(queue, now, page) {
  if (!queue.length) return null;
  const due = dueNow(queue, now.getTime()).length;
  const next = queue[due] && day(new Date(queue[due].due).toISOString());
  const when = next === day(now.toISOString()) ? "later today" : `on ${next}`;
  const today = due ? `${counted(due, "item is", "items are")} due now.` : "Nothing is due now.";
  const told = next ? `${today} The next comes back ${when}.` : today;
  const button = due && page ? [create("a", { className: "button is-main", href: page }, "Review now")] : [];
  return section("reviews", "Due for review", create("p", {}, told), ...button);
}

/** @param {ReturnType<typeof import("./learning.js").exams>} rows @param {CourseIndex | null} index */
export function examsSection(rows, index) {
  if (!rows.length) return null;
  const cells = rows.map((exam) => [examName(exam, index), day(exam.at), examPoints(exam)]);
  return section("exams", "Exams", dataTable("Exams you sat, the latest first", ["Exam", "Day", "Points"], cells));
}

/** @param {ReturnType<typeof import("./learning.js").exams>[number]} exam @param {CourseIndex | null} index */
function examName({ blueprint, quiz }, index) {
  const id = String(blueprint ?? quiz);
  const known = index?.blueprints && Object.hasOwn(index.blueprints, id);
  return known ? index.blueprints[id].title : id.replaceAll("-", " ");
}

/** @param {ReturnType<typeof import("./learning.js").exams>[number]} exam */
function examPoints({ points, of, answered, interval: range, unmarked, why }) {
  if (points === null) return "not handed in";
  const left = of - answered ? `, ${of - answered} left blank` : "";
  const lost = unmarked ? `, ${unmarked} can’t be marked any more` : "";
  const time = why === "time" ? ", time ran out" : "";
  return `${number(points)} of ${of}${range ? ` (${interval(range)})` : ""}${left}${lost}${time}`;
}

/** @param {Map<string, string>} read @param {CourseIndex | null} index */
export function lessonsSection(read, index) {
  if (!index?.lessons.length) return null;
  const rows = index.lessons.map(({ name, title, page }) => {
    const at = read.get(name);
    return create("li", {}, link(title, index, page), create("span", {}, at ? `read on ${day(at)}` : "not read yet"));
  });
  const done = index.lessons.filter(({ name }) => read.has(name)).length;
  const told = create("p", {}, `${done} of ${counted(rows.length, "lesson")} read to the end.`);
  return section("lessons", "Lessons", told, create("ul", { className: "due" }, ...rows));
}

/** @param {ReturnType<typeof import("./learning.js").filmsWatched>} watched @param {CourseIndex | null} index */
export function filmsSection(watched, index) {
  if (!index?.films?.length) return null;
  const rows = index.films.map(({ slug, title, page }) => {
    const film = watched.get(slug);
    const told = film?.finished ? `watched to the end on ${day(film.finished)}` : film ? `watched to ${clock(film.furthest_s)} of ${clock(film.duration_s)}` : "not watched yet";
    return create("li", {}, link(title, index, page), create("span", {}, told));
  });
  const done = index.films.filter(({ slug }) => watched.get(slug)?.finished).length;
  const told = create("p", {}, `${done} of ${counted(rows.length, "film")} watched to the end.`);
  return section("films", "Films", told, create("ul", { className: "due" }, ...rows));
}

/** @param {ReturnType<typeof import("./learning.js").labs>} done @param {CourseIndex | null} index */
export function labsSection(done, index) {
  if (!done.size) return null;
  const rows = [...done].map(([name, { points, of, at }]) => {
    const known = index?.labs?.find((lab) => lab.name === name);
    const title = known ? link(known.title, index, known.page) : create("span", {}, name.replaceAll("-", " "));
    return create("li", {}, title, create("span", {}, `${number(points)} of ${of} points, last on ${day(at)}`));
  });
  return section("labs", "Labs", create("ul", { className: "due" }, ...rows));
}

/** @param {string} id @param {string} title @param {...Node} children */
function section(id, title, ...children) {
  const element = create("section", { className: "report" }, create("h2", { id }, title), ...children);
  element.setAttribute("aria-labelledby", id);
  return element;
}

/** @param {string} text @param {CourseIndex | null} index @param {string | null} page from the root of the book */
function link(text, index, page) {
  return create("a", { href: new URL(page ?? "", index?.root ?? document.baseURI).href }, text);
}
