// The list of the course's files that the build writes: which there are, what each holds, and to which part of the
// course it belongs. Two lists with the same digest are the same edition. Everything here is plain reckoning.

/** The file's name; it lies at the course's root. */
export const LIST = "course-files.json";
/** What all pages share comes with any other part. */
export const SHARED = "shared";
export const PICTURE = /\.(avif|jpg|png|svg|webp)$/;

/**
 * @typedef {{path: string, digest: string, size: number, part: string}} CourseFile
 * @typedef {{id: string, name: string, kind: "shared" | "pages" | "film" | "figure" | "files" | "live", page: string}} Part page: a film's
 * @typedef {{edition: string, parts: Part[], files: Map<string, CourseFile>, pages: Map<string, Page>, offline: string[]}} CourseList
 * @typedef {{title: string, words: string, needs: string[]}} Page words: a digest of what a reader meets on it;
 *   needs: paths of what it fetches without being asked
 * @typedef {{added: string[], changed: string[], gone: string[], isElsewhere: boolean}} Changes
 */

/**
 * @param {string} text of the file
 * @returns {CourseList}
 * @throws {SyntaxError} if it is none
 */
export function readList(text) {
  const { edition, parts, files, pages, offline } = JSON.parse(text) ?? {};
  const isWhole = typeof edition === "string" && edition && [parts, offline].every(Array.isArray) && files && pages;
  if (!isWhole) throw new SyntaxError("no list of files");
  const rows = Object.entries(files).map(([path, [digest, size, part]]) => {
    if (!/^[0-9a-f]{16}$/.test(digest) || !(size >= 0) || !parts[part]) throw new SyntaxError(`no such file: ${path}`);
    return /** @type {const} */ ([path, { path, digest, size, part: parts[part].id }]);
  });
  const named = Object.entries(pages).map(([path, [title, words, needs]]) => {
    const page = { title, words, needs: needs.map((/** @type {number} */ n) => rows[n][0]) };
    return /** @type {const} */ ([path, page]);
  });
  return { edition, parts, files: new Map(rows), pages: new Map(named), offline };
}

/**
 * The file that a server gives for an address.
 * @param {CourseList} list
 * @param {string} root the course's address, with a slash at its end
 * @param {string} address
 * @returns {CourseFile | undefined}
 */
export function fileAt(list, root, address) {
  const [here, home] = [new URL(address), new URL(root)];
  if (here.origin !== home.origin || !here.pathname.startsWith(home.pathname)) return undefined;
  let path = here.pathname.slice(home.pathname.length);
  try {
    path = decodeURIComponent(path);
  } catch {
    return undefined; // no path of ours has such a name
  }
  const folder = path === "" || path.endsWith("/");
  return list.files.get(folder ? `${path}index.html` : path) ?? (folder ? undefined : list.files.get(`${path}.html`));
}

/** @param {string} root @param {CourseFile} file */
export const addressOf = (root, file) => new URL(file.path.split("/").map(encodeURIComponent).join("/"), root).href;

/** Under this name its bytes are kept, whichever edition they belong to. @param {CourseFile} file */
export const keyOf = ({ digest, path }) => digest + (/\.\w+$/.exec(path)?.[0] ?? "");

/** The files of a part; a film's page is one of them. @param {CourseList} list @param {string} id */
function partFiles(list, id) {
  const page = list.parts.find((part) => part.id === id)?.page ?? "";
  const ofPage = [page, ...(list.pages.get(page)?.needs ?? [])];
  return [...list.files.values()].filter((file) => file.part === id || ofPage.includes(file.path));
}

/** The files of parts, with what all parts share. @param {CourseList} list @param {Iterable<string>} parts */
export function filesOf(list, parts) {
  const wanted = new Set(parts);
  if (wanted.size) wanted.add(SHARED);
  return [...new Set([...wanted].flatMap((id) => partFiles(list, id)))];
}

/** @param {Iterable<CourseFile>} files in bytes; what two paths hold alike counts once */
export function sizeOf(files) {
  const once = new Map([...files].map((file) => [keyOf(file), file.size]));
  return [...once.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * How much of a part is here.
 * @param {CourseList} list @param {string} part @param {ReadonlySet<string>} kept keys
 * @returns {{size: number, here: number, state: "none" | "partly" | "kept"}}
 */
export function partState(list, part, kept) {
  const files = partFiles(list, part);
  const missing = files.filter((file) => !kept.has(keyOf(file)));
  const size = sizeOf(files);
  const here = size - sizeOf(missing);
  return { size, here, state: !missing.length ? "kept" : here ? "partly" : "none" };
}

/** Of these parts, those that the list still has. @param {CourseList} list @param {Iterable<string>} parts */
export const known = (list, parts) => [...parts].filter((id) => list.parts.some((part) => part.id === id));

/** The parts that make up the course. @param {CourseList} list @param {{films: boolean}} which */
export const courseParts = (list, { films }) =>
  list.parts.filter(({ kind }) => ["pages", "figure", ...(films ? ["film"] : [])].includes(kind)).map(({ id }) => id);

/** Pages that are kept, in the list's order. @param {CourseList} list @param {ReadonlySet<string>} kept */
export function keptPages(list, kept) {
  const isKept = (/** @type {string} */ path) => kept.has(keyOf(/** @type {CourseFile} */ (list.files.get(path))));
  return [...list.pages].filter(([path]) => isKept(path)).map(([path, { title }]) => ({ path, title }));
}

/**
 * What can go when parts are no longer wanted.
 * @param {CourseList} list
 * @param {Iterable<string>} parts
 * @param {Iterable<string>} wishes parts that stay
 * @returns {string[]} keys
 */
export function removable(list, parts, wishes) {
  const going = new Set(parts);
  const stay = new Set(filesOf(list, [...wishes].filter((id) => !going.has(id))).map(keyOf));
  return [...new Set([...list.files.values()].filter(({ part }) => going.has(part)).map(keyOf))].filter((key) => !stay.has(key));
}

/**
 * What a new edition needs of the files: those that were kept, what pages that were kept need by now, and the whole
 * of the parts that were kept whole.
 * @param {CourseList | null} old @param {CourseList} next @param {ReadonlySet<string>} kept keys
 * @param {Iterable<string>} wishes parts
 */
export function needed(old, next, kept, wishes) {
  const paths = new Set(next.offline);
  for (const file of old?.files.values() ?? []) {
    if (!kept.has(keyOf(file))) continue;
    paths.add(file.path);
    for (const path of next.pages.get(file.path)?.needs ?? []) paths.add(path);
  }
  const whole = [...wishes].filter((id) => old && partState(old, id, kept).state === "kept");
  for (const file of filesOf(next, known(next, whole))) paths.add(file.path);
  return [...next.files.values()].filter(({ path }) => paths.has(path));
}

/**
 * What a reader would notice: pages by their titles. Elsewhere means in scripts, looks or pictures alone.
 * @param {CourseList} old @param {CourseList} next
 * @returns {Changes}
 */
export function changes(old, next) {
  const titles = (/** @type {CourseList} */ list, /** @type {(path: string) => boolean} */ test) =>
    [...list.pages].filter(([path]) => test(path)).map(([, { title }]) => title);
  const added = titles(next, (path) => !old.pages.has(path));
  const gone = titles(old, (path) => !next.pages.has(path));
  const changed = titles(next, (path) => {
    const before = old.pages.get(path);
    const { title, words } = /** @type {Page} */ (next.pages.get(path));
    return Boolean(before && (before.words !== words || before.title !== title));
  });
  const isElsewhere = old.edition !== next.edition && !added.length && !gone.length && !changed.length;
  return { added, changed, gone, isElsewhere };
}

/** @param {number} bytes as people read it: 4.2 MB, 36 kB */
export const megabytes = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)}\u00a0MB` : `${Math.ceil(bytes / 1e3)}\u00a0kB`);
