"""Packages in a learning platform that is not ours: scorm-again, which refuses what the standard does."""

from __future__ import annotations

import io
import json
import re
import shutil
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from random import Random

import pytest
from book_reader import sideways_px, violations
from lxml import etree
from machine import ask_until
from playwright.sync_api import Frame, Page, expect
from small_course import lesson_with_film

from backmice.assign import reported
from backmice.assign.exported import exported
from backmice.assign.grade import grade
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import ExportError, choose
from backmice.export.scorm.chapter import choose_lesson
from backmice.export.scorm.package import LIMITS, longest_state
from backmice.export.target import TARGETS
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank
from backmice.items.model import ChoiceItem, Matching, Numeric, Ordering
from backmice.items.score import score
from backmice.serve import make_server

ROOT = Path(__file__).parents[2]
AGAIN = ROOT / "node_modules/scorm-again/dist"
VERSIONS = {"1.2": ("scorm12", "Scorm12API", "API"), "2004": ("scorm2004", "Scorm2004API", "API_1484_11")}
LOADING_MS = 180_000  # 366 items in a page, on a machine that may be busy
PLAYING_MS = 15_000
#: Says that what was answered earlier is shown; a film has one of its own.
READY = ".tally[role=status]:not(course-video *)"
#: The platform: its API on the page, the package in a frame two windows below it.
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform</title>
<link rel="icon" href="data:,">
<script src="{script}.min.js"></script>
<script>
const kept = sessionStorage.getItem("kept");
const refused = [];
// To ask for what nobody has set yet is no fault, though this platform has a number for it.
const settings = {{ autocommit: false, logLevel: 3, uninitializedGetLogLevel: 1, onLogMessage: (_, words) => refused.push(words) }};
const api = window.{name} = new {maker}(settings);
if (kept) api.loadFromJSON(JSON.parse(kept));
window.asked = () => JSON.parse(JSON.stringify(api.cmi));
</script>
"""
FRAMED = '<iframe title="Course" src="frame.html" width="380" height="800"></iframe>'
FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Frame</title>
<iframe title="Package" src="package/index.html" width="360" height="780"></iframe></html>"""


@cache
def bank():
    return load_bank(ROOT, load_ledger(ROOT)), load_blueprints(ROOT)


@cache
def paper():
    return choose(ROOT, *bank(), "bank")


@cache
def few():
    """Three items of each kind: a page that is there at once."""
    kinds = groupby(sorted(paper().items, key=lambda item: item.kind), lambda item: item.kind)
    return replace(paper(), items=tuple(item for _, alike in kinds for item in islice(alike, 3)))


@cache
def package(version, paper=few):
    return TARGETS[VERSIONS[version][0]].content(paper())


def right(item):
    match item:
        case Numeric():
            return [f"{item.key.value:.12f}".rstrip("0").rstrip("."), item.key.unit]
        case _:
            return list(item.scored_key())


def wrong(item):
    match item:
        case Numeric():
            return [f"{item.slips[0].value:.12f}".rstrip("0").rstrip("."), item.key.unit]
        case Matching():
            ids = [option.id for option in item.options]
            return [f"{case}={next(id_ for id_ in ids if id_ != item.key[case])}" for case in item.key]
        case Ordering():
            return list(reversed(item.key))
        case ChoiceItem():
            return [next(option.id for option in item.options if option.id not in item.key)]


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


def set_up(folder: Path, version: str, content: bytes) -> Path:
    """Put a platform with one package into a folder."""
    script, maker, name = VERSIONS[version]
    host = HOST.format(script=script, maker=maker, name=name)
    (folder / "host.html").write_text(host + FRAMED)
    (folder / "opener.html").write_text(host)
    (folder / "frame.html").write_text(FRAME)
    shutil.copy(AGAIN / f"{script}.min.js", folder)
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder / "package")
    return folder


@pytest.fixture
def platform(tmp_path: Path, serve, version: str) -> str:
    return serve(set_up(tmp_path, version, package(version)))


def course(page: Page, url: str):
    """Open the platform and return the package's frame."""
    page.goto(f"{url}/host.html", wait_until="commit")  # the whole bank takes a while to load
    frame = page.frame_locator("iframe").frame_locator("iframe")
    expect(frame.locator(READY)).to_be_visible(timeout=LOADING_MS)
    return next(frame for frame in page.frames if frame.url.endswith("package/index.html"))


def answer(frame, responses: dict[str, list[str]]) -> None:
    frame.evaluate(
        """async (responses) => {
          const quiz = document.querySelector("backmice-quiz");
          for (const [item, response] of Object.entries(responses)) await quiz.answer(item, response);
        }""",
        responses,
    )


def told(page: Page) -> dict:
    """Return all that the platform was told; it refused nothing."""
    assert page.evaluate("[...new Set(refused)]") == []
    return page.evaluate("asked()")


def standing(cmi: dict, version: str) -> tuple:
    if version == "1.2":
        core = cmi["core"]
        return core["lesson_status"], float(core["score"]["raw"]), core["score"]["min"], core["score"]["max"]
    status = cmi["completion_status"], cmi["success_status"]
    return *status, float(cmi["score"]["raw"]), float(cmi["score"]["scaled"]), cmi["score"]["max"]


def expected(version: str, points: float, of: int, passed: str) -> tuple:
    if version == "1.2":
        return passed, round(100 * points / of, 2), "0", "100"
    return "completed", passed, points, pytest.approx(points / of, abs=1e-6), str(of)


def written(version: str, item, response: list[str]) -> str:
    """What the standard says a response is written as."""
    ids = list(item.option_ids())
    named = {id_: "abcdefghij"[i] if version == "1.2" else id_ for i, id_ in enumerate(ids)}
    between = "," if version == "1.2" else "[,]"
    match item:
        case Numeric():
            return response[0]
        case Matching():
            cases = [case.id for case in item.cases]
            pairs = [pair.split("=") for pair in response]
            if version == "1.2":
                return between.join(f"{cases.index(case) + 1}.{named[option]}" for case, option in pairs)
            return between.join(f"{case}[.]{option}" for case, option in pairs)
        case _:
            return between.join(named[id_] for id_ in response)


LATENCY = {"1.2": r"\d+:\d\d:\d\d(\.\d{1,2})?", "2004": r"PT\d+H\d+M\d+(\.\d\d?)?S"}
TYPES = {"matching": "matching", "ordering": "sequencing", "numeric": "numeric"}


@pytest.mark.parametrize(("share", "passed"), [(1, "passed"), (0.5, "failed"), (0, "failed")])
def test_every_item_is_reported_and_the_learner_resumes(page, watch, serve, tmp_path, version, share, passed):
    platform = serve(set_up(tmp_path, version, package(version, paper)))
    items = paper().items
    good = round(share * len(items))
    responses = {item.id: right(item) if n < good else wrong(item) for n, item in enumerate(items)}
    worth = [score(i.kind, i.scored_key(), i.option_ids(), tuple(responses[i.id])).points for i in items]
    assert worth == [1] * good + [0] * (len(items) - good)

    frame = course(page, platform)
    assert standing(told(page), version)[0] == "incomplete"
    answer(frame, dict(list(responses.items())[:-1]))
    assert standing(told(page), version)[0] == "incomplete"
    answer(frame, dict(list(responses.items())[-1:]))

    cmi = told(page)
    assert standing(cmi, version) == expected(version, good, len(items), passed)
    assert len(cmi["suspend_data"]) <= {"1.2": 4096, "2004": 64000}[version]
    given = "student_response" if version == "1.2" else "learner_response"
    results = ["correct", "wrong" if version == "1.2" else "incorrect"]
    found = interactions(cmi)
    assert [row["id"] for row in found] == [item.id for item in items]
    for n, (row, item) in enumerate(zip(found, items, strict=True)):
        assert (row["type"], row["weighting"]) == (TYPES.get(item.kind, "choice"), "1")
        assert row[given] == written(version, item, responses[item.id])
        assert row["result"] == results[n >= good]
        assert re.fullmatch(LATENCY[version], row["latency"])

    (tmp_path / "cmi.json").write_text(json.dumps(cmi))
    quiz = exported(paper())
    pile = reported.read(quiz, [tmp_path / "cmi.json"])
    assert [oddity.kind for oddity in pile.odd] == ["unknown student"]  # this platform has nobody's name
    assert [graded.points for graded in grade(quiz.assignment, pile)] == [good]

    page.evaluate("cmi => sessionStorage.setItem('kept', JSON.stringify(cmi))", kept(cmi, version))
    frame = course(page, platform)
    assert frame.evaluate("document.querySelector('backmice-quiz').responses") == responses
    assert standing(told(page), version) == expected(version, good, len(items), passed)
    assert all(url.startswith(platform) for url in watch.requests if not url.startswith(("blob:", "data:")))


def interactions(cmi: dict) -> list[dict]:
    found = cmi["interactions"]["childArray"] if "childArray" in cmi["interactions"] else cmi["interactions"]
    return [found[key] for key in sorted(found, key=int)] if isinstance(found, dict) else found


def kept(cmi: dict, version: str) -> dict:
    """What a platform hands back at the next visit."""
    if version == "1.2":
        core = {"lesson_location": cmi["core"]["lesson_location"], "entry": "resume"}
        return {"core": core, "suspend_data": cmi["suspend_data"]}
    return {"location": cmi["location"], "entry": "resume", "suspend_data": cmi["suspend_data"]}


def test_a_session_ends_when_the_learner_leaves(page: Page, platform, version):
    frame = course(page, platform)
    item = next(item for item in few().items if item.kind == "single")
    form = frame.locator(f"form[data-item={item.id}]")
    form.locator(f"input[value={item.key[0]}]").check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result.right")).to_be_visible()
    expect(form.get_by_role("button", name="Try again")).to_have_count(0)
    assert told(page)["core" if version == "1.2" else "location"]
    page.evaluate("document.querySelector('iframe').remove()")
    ask_until(page, "api.isTerminated()")
    cmi = told(page)
    session = cmi["core"]["session_time"] if version == "1.2" else cmi["session_time"]
    assert session not in ("", "0000:00:00", "PT0S")
    assert (cmi["core"]["exit"] if version == "1.2" else cmi["exit"]) in ("suspend", "")


def test_a_platform_that_opened_the_package_is_found(page: Page, platform, version):
    page.goto(f"{platform}/opener.html")
    with page.expect_popup() as opened:
        page.evaluate("open('package/index.html')")
    expect(opened.value.locator(".tally[role=status]")).to_be_visible(timeout=LOADING_MS)
    expect(opened.value.get_by_text("No learning platform was found")).to_have_count(0)
    assert standing(told(page), version)[0] == "incomplete"


def test_a_platform_that_fails_is_told_of(page: Page, platform, version):
    frame = course(page, platform)
    page.evaluate("api.LMSCommit = api.Commit = () => 'false'")
    item = next(item for item in few().items if item.kind == "single")
    form = frame.locator(f"form[data-item={item.id}]")
    form.locator(f"input[value={item.key[0]}]").check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.get_by_text("The learning platform did not take your answer.")).to_be_visible()


def chance(item, random: Random) -> list[str]:
    """A response that could be given."""
    ids = list(item.option_ids())
    match item:
        case Numeric():
            return [random.choice(["0", "-12.5", "0.001", "-" + "1" * 15 + "." + "1" * 12]), random.choice(ids)]
        case Matching():
            cases = [case for case in item.key if random.random() < 0.8] or list(item.key)
            return [f"{case}={random.choice(ids)}" for case in cases]
        case Ordering():
            return random.sample(ids, len(ids))
        case _ if item.kind == "multiple":
            return [id_ for id_ in ids if random.random() < 0.5] or ids
        case _:
            return [random.choice(ids)]


def test_any_answers_come_back_and_are_worth_what_python_says(page: Page, serve, tmp_path, version):
    random, items = Random(7), paper().items
    given = [{i.id: chance(i, random) for i in items if random.random() < 0.9} for _ in range(20)]
    sure = [{id_: random.choice([None, "low", "mid", "high"]) for id_ in answers} for answers in given]
    page.goto(f"{serve(set_up(tmp_path, version, package(version, paper)))}/opener.html")
    packed, back, results = page.evaluate(
        """async ([given, sure]) => {
          const { interaction, pack, unpack } = await import("./package/export/scorm/report.js");
          const { score } = await import("./package/static/score.js");
          const html = await (await fetch("package/index.html")).text();
          const read = new DOMParser().parseFromString(html, "text/html");
          const course = JSON.parse(read.getElementById("course").textContent);
          const packed = given.map((answers, i) => pack(course, new Map(Object.entries(answers).map(
            ([id, response]) => [id, sure[i][id] ? { response, certainty: sure[i][id] } : { response }]))));
          const back = packed.map((text) => Object.fromEntries(unpack(course, text)));
          const results = given.map((answers) => Object.fromEntries(Object.entries(answers).map(([id, response]) => {
            const item = course.items.find((one) => one.id === id);
            const { points } = score(item.kind, item.key, item.options, response);
            const facts = interaction(course.version, item, 0, { response, points, at: new Date(0), latency: 0 });
            return [id, Object.fromEntries(facts)["cmi.interactions.0.result"]];
          })));
          return [packed, back, results];
        }""",
        [given, sure],
    )
    by_id = {item.id: item for item in items}
    told_as = {0: "wrong" if version == "1.2" else "incorrect", 1: "correct"}
    for text, answers, certainties, read, result in zip(packed, given, sure, back, results, strict=True):
        assert len(text) <= longest_state(paper()) <= 4096
        assert {id_: row["response"] for id_, row in read.items()} == answers
        assert {id_: row.get("certainty") for id_, row in read.items()} == certainties
        for id_, response in answers.items():
            item = by_id[id_]
            points = score(item.kind, item.scored_key(), item.option_ids(), tuple(response)).points
            assert result[id_] == told_as.get(points) or float(result[id_]) == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_context, serve, tmp_path, theme):
    quiz = choose(ROOT, *bank(), "cluneal-nerves", None, paper().ledger)
    zipfile.ZipFile(io.BytesIO(TARGETS["scorm12"].content(quiz))).extractall(tmp_path)
    page = new_context(color_scheme=theme).new_page()
    page.goto(f"{serve(tmp_path)}/index.html")
    expect(page.locator(".tally[role=status]")).to_be_visible(timeout=LOADING_MS)
    assert violations(page) == []
    assert sideways_px(page) == 0


def test_state_that_would_not_fit_is_refused(monkeypatch):
    monkeypatch.setitem(LIMITS, "1.2", 100)
    with pytest.raises(ExportError) as caught:
        TARGETS["scorm12"].content(paper())
    assert str(caught.value) == (
        f"'bank' may need {longest_state(paper())} signs of suspend data, and SCORM 1.2 keeps 100; "
        "export a quiz or a topic of it"
    )


def test_without_a_platform_the_quiz_says_so_and_works(page: Page, platform):
    page.goto(f"{platform}/package/index.html", wait_until="commit")
    expect(page.get_by_text("No learning platform was found")).to_be_visible(timeout=LOADING_MS)
    item = next(item for item in few().items if item.kind == "single")
    form = page.locator(f"form[data-item={item.id}]")
    form.locator(f"input[value={item.key[0]}]").check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result.right")).to_be_visible()


def test_the_manifest_names_every_file(version):
    archive = zipfile.ZipFile(io.BytesIO(package(version)))
    assert archive.namelist()[0] == "imsmanifest.xml"
    manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    named = [file.get("href") for file in manifest.iterfind(".//{*}file")]
    assert sorted(["imsmanifest.xml", *named]) == sorted(archive.namelist())
    assert manifest.find(".//{*}resource").get("href") == "index.html"
    assert manifest.findtext(".//{*}schemaversion") == {"1.2": "1.2", "2004": "2004 4th Edition"}[version]


@pytest.fixture(scope="module")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lesson_with_film(tmp_path_factory.mktemp("lesson") / "course")


@pytest.fixture
def lesson(tmp_path: Path, small_course: Path, version: str) -> Iterator[str]:
    """A platform with the lesson of the small course, served in parts as films are asked for."""
    ledger = load_ledger(small_course)
    found = choose_lesson(
        small_course, load_bank(small_course, ledger), load_blueprints(small_course), "lesson", None, ledger
    )
    folder = set_up(tmp_path, version, TARGETS[VERSIONS[version][0]].content(found))
    shutil.copy(folder / "host.html", folder / "index.html")
    with make_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def open_lesson(page: Page, url: str) -> Frame:
    """Open the platform and return the lesson's frame, once its film is there, too."""
    frame = course(page, url)
    expect(frame.locator("course-video[data-state=ready]")).to_be_visible()
    return frame


def check(frame: Frame, form: str, option: str) -> None:
    """Choose an option of a form and have it marked."""
    item = frame.locator(f"form#{form}")
    item.locator(f"input[value={option}]").check()
    item.get_by_role("button", name="Check my answer").click()
    expect(item.locator(".result.right")).to_be_visible()


def test_a_lesson_reports_its_items_and_goes_on_with_its_film(page: Page, watch, lesson, version):
    frame = open_lesson(page, lesson)
    films = lambda: [url for url in watch.requests if url.endswith(".mp4")]
    assert (violations(frame), sideways_px(frame), films()) == ([], 0, [])
    frame.locator("p button.how").first.click()
    expect(frame.locator("aside.claim-card:popover-open")).to_be_visible()
    page.keyboard.press("Escape")

    frame.locator(".film-transcript summary").click()
    frame.locator(".film-transcript a[data-at]").nth(1).click()
    expect(frame.get_by_role("button", name="Skip the question and go on")).to_be_visible(timeout=PLAYING_MS)
    assert len(films()) >= 1
    check(frame, "item-film-a-lump-moves-lumps-001", "painless")
    asked = told(page)
    (one,) = interactions(asked)
    assert (one["id"], one["weighting"], one["result"]) == ("film-a-lump-moves-lumps-001", "0", "correct")
    assert standing(asked, version)[0] == "incomplete"

    check(frame, "item-lumps-001", "painless")
    assert standing(told(page), version)[0] == "incomplete"
    check(frame, "item-lumps-002", "as-found")
    done = told(page)
    passed = ("passed", 100, "0", "100") if version == "1.2" else ("completed", "passed", 2, 1, "2")
    assert standing(done, version) == passed
    assert [row["id"] for row in interactions(done)][1:] == ["lumps-001", "lumps-002"]
    assert [row["weighting"] for row in interactions(done)] == ["0", "1", "1"]
    assert re.fullmatch(r"[0-9a-f]{8};0;0;0\|5(\.\d)?", done["suspend_data"])

    page.evaluate("cmi => sessionStorage.setItem('kept', JSON.stringify(cmi))", kept(done, version))
    frame = open_lesson(page, lesson)
    expect(frame.get_by_role("button", name="Play from 0:05")).to_be_visible()
    expect(frame.locator("form#item-lumps-002 .result.right")).to_be_in_viewport()
    answers = "[...document.querySelectorAll('backmice-quiz')].map((quiz) => quiz.responses)"
    assert frame.evaluate(answers) == [
        {"lumps-001": ["painless"]},
        {"lumps-001": ["painless"], "lumps-002": ["as-found"]},
    ]
    assert standing(told(page), version) == passed
    assert all(url.startswith(lesson) for url in watch.requests if not url.startswith(("blob:", "data:")))


def test_a_film_that_is_left_while_it_plays_is_found_again(page: Page, lesson, version):
    frame = open_lesson(page, lesson)
    frame.locator(".film-chapters a[data-at]").nth(1).click()
    ask_until(frame, "document.querySelector('video').currentTime > 3.4", timeout=PLAYING_MS)
    page.evaluate("document.querySelector('iframe').remove()")
    ask_until(page, "api.isTerminated()")
    cmi = told(page)
    assert re.fullmatch(r"[0-9a-f]{8}\|[345](\.\d)?", cmi["suspend_data"])
    assert (cmi["core"]["lesson_location"] if version == "1.2" else cmi["location"]) == "film-a-lump-moves"
