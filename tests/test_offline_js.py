"""What a browser keeps of the course: lists compared, parts chosen, and editions that never mix."""

from __future__ import annotations

from hashlib import sha256

from javascript import run

#: A network and a cache of a browser, as far as they are used.
BROWSER = """
const asked = [];
let [site, isOnline, room] = [{}, true, Infinity];
globalThis.fetch = async (address) => {
  const path = new URL(address).pathname.replace("/course/", "");
  asked.push(path);
  if (!isOnline) throw new TypeError("Failed to fetch");
  return site[path] === undefined ? new Response("", { status: 404 }) : new Response(site[path]);
};
class FakeCache {
  held = new Map();
  async match(key) { return this.held.get(key.url ?? key)?.clone(); }
  async put(key, response) {
    if (this.held.size >= room) throw new DOMException("full", "QuotaExceededError");
    this.held.set(key, response);
  }
  async delete(key) { return this.held.delete(key.url ?? key); }
  async keys() { return [...this.held.keys()].map((url) => ({ url })); }
}
const caches_ = new Map();
const storage = { open: async (name) => caches_.get(name) ?? caches_.set(name, new FakeCache()).get(name) };
"""
ROOT = "https://a.example/course/"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def course(**pages: str) -> dict[str, str]:
    """The files of a small course: a style that all pages share, and a film."""
    return {"style.css": "p {}", "film.mp4": "moving", **{f"{name}.html": text for name, text in pages.items()}}


def course_list(files: dict[str, str]) -> dict:
    parts = [
        {"id": "shared", "name": "What all pages share", "kind": "shared"},
        {"id": "one", "name": "Part 1", "kind": "pages"},
        {"id": "film", "name": "A film", "kind": "film", "page": "fat.html"},
    ]
    part = {"style.css": 0, "film.mp4": 2}
    pages = [path for path in files if path.endswith(".html")]
    rows = {path: [digest(text), len(text), part.get(path, 1)] for path, text in files.items()}
    told = {
        path: [path.removesuffix(".html").title(), digest(files[path]), [list(files).index("style.css")]]
        for path in pages
    }
    return {"edition": digest(str(rows)), "parts": parts, "files": rows, "pages": told, "offline": ["style.css"]}


OLD = course(fat="About fat.", nerves="About nerves.", ghosts="About ghosts.")
NEW = course(fat="About fat.", nerves="More about nerves.", skin="About skin.")
LISTS = {"root": ROOT, "old": course_list(OLD), "next": course_list(NEW), "OLD": OLD, "NEW": NEW}
READ = """import { %s } from "./keep-list.js";
const [old, next] = [data.old, data.next].map((list) => readList(JSON.stringify(list)));
"""


def test_a_new_edition_is_told_by_its_pages():
    told = run(READ % "changes, readList" + "done([changes(old, next), changes(old, old)]);", LISTS)
    nothing = {"added": [], "changed": [], "gone": [], "isElsewhere": False}
    assert told == [{"added": ["Skin"], "changed": ["Nerves"], "gone": ["Ghosts"], "isElsewhere": False}, nothing]


def test_a_change_of_looks_alone_is_no_change_of_pages():
    restyled = {**OLD, "style.css": "p { margin: 0 }"}
    told = run(READ % "changes, readList" + "done(changes(old, next));", {**LISTS, "next": course_list(restyled)})
    assert told == {"added": [], "changed": [], "gone": [], "isElsewhere": True}


def test_an_address_leads_to_its_file_as_on_a_server():
    addresses = ["fat.html", "fat.html?q=1#here", "fat", "f%61t.html", "no.html", "%E0", "../fat.html", "style.css"]
    found = run(
        READ % "fileAt, readList"
        + "done(data.addresses.map((a) => fileAt(old, data.root, data.root + a)?.path ?? null));",
        {**LISTS, "addresses": addresses},
    )
    assert found == ["fat.html", "fat.html", "fat.html", "fat.html", None, None, None, "style.css"]


def test_a_part_comes_with_what_all_share_and_says_how_much_of_it_is_here():
    told = run(
        READ % "courseParts, filesOf, keyOf, keptPages, partState, readList, removable, sizeOf"
        + """const kept = new Set([keyOf(old.files.get("fat.html")), keyOf(old.files.get("film.mp4"))]);
        done([
          sizeOf(filesOf(old, ["film"])), filesOf(old, []).length,
          old.parts.map(({ id }) => partState(old, id, kept)),
          keptPages(old, kept), courseParts(old, { films: false }), courseParts(old, { films: true }),
          removable(old, ["one"], ["one", "film"]).length, removable(old, ["shared", "film"], ["one"]).length,
        ]);""",
        LISTS,
    )
    shared, one, film = (
        {"size": 4, "here": 0, "state": "none"},
        {"size": 36, "here": 10, "state": "partly"},
        {"size": 20, "here": 16, "state": "partly"},
    )
    kept = [{"path": "fat.html", "title": "Fat"}]
    assert told == [20, 0, [shared, one, film], kept, ["one"], ["one", "film"], 2, 1]


def test_what_is_no_list_is_refused():
    broken = [
        "",
        "null",
        "[]",
        "{}",
        '{"edition": "a", "parts": [], "files": {"a": ["x", 1, 0]}, "pages": {}, "offline": []}',
    ]
    refused = run(
        """import { readList } from "./keep-list.js";
        done(data.map((text) => { try { readList(text); } catch (error) { return error.name; } }));""",
        broken,
    )
    assert refused == ["SyntaxError"] * 5


KEEP = """import { keepParts, update } from "./keep-fetch.js";
import { keyOf, readList } from "./keep-list.js";
import { Store } from "./keep-store.js";
const store = new Store(data.root, storage);
const serve = (files, list) => { site = { ...files, "course-files.json": JSON.stringify(list) }; asked.length = 0; };
const reason = (promise) => promise.then(() => "", (error) => error.reason ?? error.name);
const has = async (list, path) => Boolean(await store.get(list.files.get(path)));
serve(data.OLD, data.old);
const first = await update(store);
"""


def test_a_new_edition_fetches_what_changed_of_what_is_kept_and_nothing_else():
    told = run(
        BROWSER
        + KEEP
        + """
        await keepParts(store, first, ["one"]);
        await store.change({ wishes: ["one"] });
        serve(data.NEW, data.next);
        const second = await update(store);
        const fetched = [...asked];
        const whole = await Promise.all(["fat.html", "nerves.html", "skin.html"].map((path) => has(second, path)));
        const stillOld = await (await store.get(first.files.get("nerves.html"))).text();
        await store.tidy([second.edition]);
        done({ fetched, whole, stillOld, gone: await has(first, "ghosts.html"), film: await has(second, "film.mp4"),
               current: (await store.state()).current === second.edition, lists: [!!(await store.list(first.edition))] });""",
        LISTS,
    )
    assert told == {
        "fetched": ["course-files.json", "nerves.html", "skin.html"],
        "whole": [True, True, True],
        "stillOld": "About nerves.",
        "gone": False,
        "film": False,
        "current": True,
        "lists": [False],
    }


def test_a_page_read_by_the_way_gets_what_its_new_edition_needs():
    moved = {**{k: v for k, v in OLD.items() if k != "style.css"}, "looks.css": "p { margin: 0 }"}
    next_ = course_list({"style.css": "", **moved})
    del next_["files"]["style.css"]
    rows = list(next_["files"])
    for page in next_["pages"].values():
        page[2] = [rows.index("looks.css")]
    next_["offline"] = []
    told = run(
        BROWSER
        + KEEP
        + """
        const fat = first.files.get("fat.html");
        await store.put(fat, data.OLD["fat.html"], new Headers());
        serve(data.NEW, data.next);
        const second = await update(store);
        done([asked, await has(second, "looks.css")]);""",
        {**LISTS, "NEW": moved, "next": next_},
    )
    assert told == [["course-files.json", "looks.css"], True]


def test_an_edition_that_is_not_all_here_is_not_opened():
    half = {**NEW, "nerves.html": "Of yet another edition."}
    told = run(
        BROWSER
        + KEEP
        + """
        await keepParts(store, first, ["one"]);
        await store.change({ wishes: ["one"] });
        serve(data.half, data.next);
        const mixed = await reason(update(store));
        isOnline = false;
        const offline = await reason(update(store));
        isOnline = true;
        const [{ current }] = [await store.state()];
        serve(data.NEW, data.next);
        await update(store);
        done([mixed, offline, current === first.edition, (await store.state()).current !== first.edition]);""",
        {**LISTS, "half": half},
    )
    assert told == ["changed", "offline", True, True]


def test_a_full_device_keeps_what_fitted_and_says_so():
    told = run(
        BROWSER
        + KEEP
        + """
        room = 3;
        const why = await reason(keepParts(store, first, ["one"]));
        const here = (await store.keys()).size;
        room = Infinity;
        asked.length = 0;
        await keepParts(store, first, ["one"]);
        done([why, here, asked.length, (await store.keys()).size]);""",
        LISTS,
    )
    assert told == ["full", 3, 1, 4]


def test_what_was_paused_goes_on_where_it_was():
    told = run(
        BROWSER
        + KEEP
        + """
        const stop = new AbortController();
        const seen = [];
        const why = await reason(keepParts(store, first, ["one", "film"], { signal: stop.signal, told: (file) => { seen.push(file.path); stop.abort(); } }));
        const before = (await store.keys()).size;
        asked.length = 0;
        await keepParts(store, first, ["one", "film"]);
        done([why, seen.length, asked.length === 5 - before, (await store.keys()).size]);""",
        LISTS,
    )
    assert told == ["AbortError", 1, True, 5]
