"""Lessons as SCORM packages: what is in one, where its links lead, and what can't become one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html
from small_course import edit, lesson_with_film

from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import ExportError
from backmice.export.scorm.chapter import choose_lesson
from backmice.export.target import TARGETS
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank

BUILT = "_build/html/book/lesson.html"
#: A figure as the book writes one: the small course has no bones to draw.
FIGURE = """<backmice-anatomy data-figure="../_static/figures/lump-1.json" data-evidence="evidence/index.html"
 data-layers='{"skin": "../_static/figures/skin-1.json"}'><img alt="A lump" src="../_static/figures/a-720.webp"
 srcset="../_static/figures/a-720.webp 720w, ../_static/figures/a-1280.webp 1280w"></backmice-anatomy>
<backmice-dose data-dose='{"chips":{"lump-size":{"words":"Low certainty","href":"evidence/index.html#claim-lump-size"}}}'>
</backmice-dose>"""
SHOWN = ("lump-1.json", "skin-1.json", "a-720.webp", "a-1280.webp")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose lesson is built, with a film, a link and a figure that is put in by hand."""
    root = lesson_with_film(tmp_path_factory.mktemp("lesson") / "course")
    folder = root / "_build/html/_static/figures"
    folder.mkdir()
    for name in SHOWN:
        (folder / name).write_text(name)
    edit(root, BUILT, "<course-video ", f"{FIGURE}<course-video ")
    return root


@pytest.fixture
def changed(built: Path):
    """Change a file of the course for one test."""
    before: dict[Path, str] = {}

    def change(file: str, old: str, new: str) -> None:
        before.setdefault(built / file, (built / file).read_text())
        edit(built, file, old, new)

    yield change
    for path, text in before.items():
        path.write_text(text)


def lesson(root: Path, name: str = "book/lesson", seed: int | None = None):
    ledger = load_ledger(root)
    return choose_lesson(root, load_bank(root, ledger), load_blueprints(root), name, seed, ledger)


def package(root: Path, target: str = "scorm12") -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(TARGETS[target].content(lesson(root))))


def page(root: Path) -> html.HtmlElement:
    return html.document_fromstring(package(root).read("index.html").decode())


def links(root: Path) -> dict[str, list[str]]:
    """By where they lead, the words of all links but those of the film's lines."""
    found: dict[str, list[str]] = {}
    for link in page(root).xpath("//main//a[not(@data-at)]"):
        found.setdefault(link.get("href"), []).append(" ".join(link.text_content().split()))
    return found


def test_a_package_holds_what_the_page_shows_and_nothing_of_the_site(built):
    archive = package(built)
    assert sorted(Path(name).suffix for name in archive.namelist() if name.startswith("media/videos/")) == [
        ".avif", ".mp4", ".vtt", ".vtt", ".webp",
    ]  # fmt: skip
    assert {f"media/figures/{name}" for name in SHOWN} <= set(archive.namelist())
    text = archive.read("index.html").decode()
    assert ("_static" in text, ".html" in text) == (False, False)
    read = html.document_fromstring(text)
    named = [name for name in read.xpath("//@src | //@poster | //@data-figure") if not name.startswith("data:")]
    named += [size.split()[0] for sizes in read.xpath("//@srcset") for size in sizes.split(",")]
    named += json.loads(read.xpath("//@data-layers")[0]).values()
    named += [address.split("#")[0] for address in read.xpath("//a[@data-at]/@href")]
    assert set(named) <= set(archive.namelist())
    assert read.xpath("//nav | //header | //*[@class='more'] | //*[@data-evidence]") == []
    assert [quiz.get("data-again") for quiz in read.iter("backmice-quiz")] == ["no", "no"]


def test_a_film_lies_in_it_as_it_is(built):
    archive = package(built)
    (film,) = [entry for entry in archive.infolist() if entry.filename.endswith(".mp4")]
    assert film.compress_type == zipfile.ZIP_STORED
    assert archive.read(film) == (built / "media/videos/a-lump-moves/film.mp4").read_bytes()


def test_only_what_a_lesson_uses_is_in_it(built):
    scripts = {Path(name).name for name in package(built).namelist() if name.startswith("static/")}
    assert {"cards.js", "backmice-quiz.js", "course-video.js"} <= scripts
    assert scripts & {"theme.js", "lesson-read.js", "backmice-exam.js", "backmice-search.js"} == set()


@pytest.mark.parametrize("target", ["scorm12", "scorm2004"])
def test_the_same_page_gives_the_same_bytes(built, target):
    assert TARGETS[target].content(lesson(built)) == TARGETS[target].content(lesson(built))


def test_each_question_is_asked_under_a_name_of_its_own_and_only_the_quiz_counts(built):
    course = json.loads(page(built).xpath("//script[@id='course']")[0].text)
    assert [(one["id"], one["quiz"], one["item"], one["counts"]) for one in course["items"]] == [
        ("film-a-lump-moves-lumps-001", "film-a-lump-moves", "lumps-001", False),
        ("lumps-001", "lumps", "lumps-001", True),
        ("lumps-002", "lumps", "lumps-002", True),
    ]
    assert (course["films"], course["version"]) == (["a-lump-moves"], "1.2")


def test_links_lead_within_the_page_or_out_in_a_window_of_their_own(built):
    found = links(built)
    ids = set(page(built).xpath("//@id"))
    assert {href for href in found if href.startswith("#")} <= {f"#{id_}" for id_ in ids}
    outside = page(built).xpath("//main//a[not(starts-with(@href, '#'))]")
    assert {(link.get("target"), link.get("rel")) for link in outside} == {("_blank", "noopener")}
    assert {href.split(":")[0].split("/")[0] for href in found if not href.startswith("#")} <= {"https", "media"}
    text = " ".join(page(built).xpath("//main")[0].text_content().split())
    assert "It is told on the first page." in text
    assert "Open in the evidence table" not in text
    assert page(built).xpath("//span[@class='chip']") != []
    assert page(built).xpath("//a[contains(@class, 'how')]/@href")[0].startswith("#card-")
    dose = json.loads(page(built).xpath("//@data-dose")[0])
    assert dose == {"chips": {"lump-size": {"words": "Low certainty"}}}


def test_a_course_that_is_published_is_linked(built, changed):
    changed("_config.yml", "html:\n", "html:\n  baseurl: https://course.example/mice/\n")
    found = links(built)
    assert found["https://course.example/mice/book/index.html"] == ["the first page"]
    at = "https://course.example/mice/book/evidence/index.html"
    assert "Open in the evidence table" in found[f"{at}#claim-lump-painless"]
    assert page(built).xpath("//@data-evidence") == []  # scripts would make links of it that leave the frame
    assert page(built).xpath("//a[contains(@class, 'how')]/@href")[0].startswith("#card-")


@pytest.mark.parametrize("name", ["lesson", "book/lesson"])
def test_a_lesson_is_named_by_its_path(built, tmp_path, name):
    out = tmp_path / "lesson.zip"
    ran = CliRunner().invoke(main, ["export", "scorm2004", name, "-o", str(out), "--root", str(built)])
    assert ran.exit_code == 0, ran.output
    told = [line.split(None, 2)[1] for line in ran.output.splitlines()]
    assert told[:-1] == ["single", "film", "figure", "links"]
    assert "(3 items, " in ran.output
    assert zipfile.ZipFile(out).namelist()[0] == "imsmanifest.xml"


def test_what_is_allowed_is_said(built):
    with pytest.raises(ExportError) as caught:
        lesson(built, "nothing")
    assert str(caught.value) == "'nothing' is no quiz, blueprint, topic or lesson; one of: bank, lumps, lesson"
    with pytest.raises(ExportError) as caught:
        lesson(built, "book/evidence/index")  # a page, but no lesson
    assert str(caught.value).endswith("one of: bank, lumps, lesson")
    with pytest.raises(ExportError) as caught:
        lesson(built, "lesson", 1)
    assert str(caught.value) == "'lesson' is a lesson, so --seed decides nothing; leave it out"
    assert lesson(built, "lumps").id == "lumps"


def test_other_targets_take_no_lesson(built, tmp_path):
    out = tmp_path / "lesson.xml"
    ran = CliRunner().invoke(main, ["export", "moodle", "book/lesson", "-o", str(out), "--root", str(built)])
    assert (ran.exit_code, out.exists()) == (1, False)
    assert ran.output == "'book/lesson' is no quiz, blueprint or topic; one of: bank, lumps\n"


def test_a_lesson_that_is_not_built_is_said(built):
    (built / BUILT).rename(built / "away.html")
    try:
        with pytest.raises(ExportError, match="^The built book has no page book/lesson; build it: make book$"):
            lesson(built)
    finally:
        (built / "away.html").rename(built / BUILT)


def test_an_item_that_changed_since_is_said(built, changed):
    changed("exercises/items/lumps/lumps-002.yml", "revision: 1", "revision: 2")
    with pytest.raises(ExportError) as caught:
        lesson(built)
    assert str(caught.value) == (
        "'book/lesson' was built with revision 1 of item lumps-002, which is revision 2 by now; "
        "build it again: make book"
    )


def test_a_file_that_is_missing_is_said(built, changed):
    changed(BUILT, "figures/lump-1.json", "figures/lump-2.json")
    with pytest.raises(ExportError) as caught:
        lesson(built)
    assert str(caught.value) == (
        "The built book has no figures/lump-2.json, which 'book/lesson' shows; build it again: make book"
    )


def test_a_page_that_asks_nothing_is_said(built, changed):
    changed(BUILT, '<backmice-quiz data-quiz="lumps">', '<backmice-case data-quiz="lumps">')
    with pytest.raises(ExportError, match="^'book/lesson' asks nothing that counts; set a quiz on it$"):
        lesson(built)
