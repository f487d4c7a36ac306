"""`{quiz}` in a small Sphinx project: what the page gets, what other builders print, what is built again."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

from backmice.sphinx_ext import claim, quiz

HERE = Path(__file__).parent
GOOD = sorted((HERE / "items/good").glob("*.yml"))
MULTIPLE = HERE / "items/good/example-multiple-001.yml"
CLAIMS = """
- {id: lump-over-5-cm, topic: red-flags, statement: A lump over 5 cm needs imaging first., sources: [guide2020],
   design: guideline, about: record, certainty: high, known: verified}
- {id: most-nodules-are-painless, topic: symptoms, statement: Most nodules are painless., sources: [guide2020],
   design: guideline, about: record, certainty: high, known: verified}
"""
REFERENCES = """@misc{guide2020,
  author = {Writer, A.},
  title = {Lumps},
  year = {2020},
  note = {verified},
}
"""
QUIZ = "id: check\ntitle: Check yourself\nitems: [example-single-001, example-multiple-001]\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with a page that holds the quiz and one that doesn't."""
    write(tmp_path / "book/evidence/claims.yml", CLAIMS)
    write(tmp_path / "book/references.bib", REFERENCES)
    write(tmp_path / "exercises/quizzes/check.yml", QUIZ)
    for path in GOOD:
        write(tmp_path / "exercises/items/good" / path.name, path.read_text())
    write(tmp_path / "media/back.svg", (HERE / "items/media/back.svg").read_text())
    write(tmp_path / "index.md", "# Home\n\n```{toctree}\npart/lesson\n```\n")
    write(tmp_path / "part/lesson.md", "# Lesson\n\n```{quiz} check\n```\n")
    return tmp_path


def build(book: Path, builder: str = "html", **options: Any) -> Sphinx:
    """Build the book and return the application, with the pages it read in `app.was_read`."""
    with warnings.catch_warnings(), docutils_namespace():
        warnings.simplefilter("ignore")  # Sphinx's own
        settings = {"extensions": ["myst_parser"], "html_theme": "basic", "exclude_patterns": ["_build", "book"]}
        app = Sphinx(
            book, None, book / "_build" / builder, book / "_build/trees", builder, settings, status=None, **options
        )
        claim.register(app)
        quiz.register(app)
        app.was_read = []
        app.connect("source-read", lambda app, docname, source: app.was_read.append(docname))
        app.build()
    return app


def lesson(book: Path) -> BeautifulSoup:
    return BeautifulSoup((book / "_build/html/part/lesson.html").read_text(), "html.parser")


def forms(page: BeautifulSoup) -> list[Tag]:
    return page.select("backmice-quiz form.item")


def test_page_holds_a_form_for_each_item(book):
    build(book, warningiserror=True)
    page = lesson(book)
    assert page.select_one("backmice-quiz")["data-quiz"] == "check"
    names = ("id", "data-item", "data-revision", "data-kind")
    assert [tuple(form[name] for name in names) for form in forms(page)] == [
        ("item-example-single-001", "example-single-001", "1", "single"),
        ("item-example-multiple-001", "example-multiple-001", "2", "multiple"),
    ]


def test_form_says_what_the_item_is_about(book):
    build(book)
    single = forms(lesson(book))[0]
    names = ("data-topic", "data-objective", "data-level")
    assert [single[name] for name in names] == ["good", "refuse-a-needle-before-a-picture", "application"]
    assert json.loads(single.select_one("details.key")["data-key"]) == ["image"]


def leave_out_the_landmark(book: Path) -> None:
    """Its figure rests on claims of the course itself; the browser's tests show it."""
    (book / "exercises/items/good/example-landmark-001.yml").unlink()


def test_a_quiz_of_a_topic_holds_each_kind(book):
    leave_out_the_landmark(book)
    write(book / "exercises/quizzes/check.yml", "id: check\ntitle: Check yourself\ntopic: good\n")
    build(book, warningiserror=True)
    page = lesson(book)
    assert [form["data-kind"] for form in forms(page)] == [
        "hotspot", "matching", "multiple", "numeric", "ordering", "single",
    ]  # fmt: skip
    picture = page.select_one(".hotspot img")
    assert (picture["width"], picture["height"]) == ("300", "400")
    assert (book / "_build/html/part" / picture["src"]).read_text() == (HERE / "items/media/back.svg").read_text()
    keys = {form["data-kind"]: json.loads(form.select_one("details.key")["data-key"]) for form in forms(page)}
    assert keys["numeric"] == {"value": 40, "tolerance": 0.5, "unit": "mg", "units": {"mg": 1, "g": 1000}}
    assert keys["matching"] == ["painter=lipoma", "nurse=cyst", "driver=mouse"]
    assert keys["ordering"] == ["look", "feel", "measure", "press"]


def test_text_builder_prints_each_kind_without_key(book):
    leave_out_the_landmark(book)
    write(book / "exercises/quizzes/check.yml", "id: check\ntitle: Check yourself\ntopic: good\n")
    build(book, "text")
    printed = (book / "_build/text/part/lesson.txt").read_text()
    for words in (
        "* Epidermoid cyst", "1. A painter of 44", "* Press on it and ask", "Answer in mg or g.",
        "Outline of a back from behind", "* In the middle of the waist",
    ):  # fmt: skip
        assert words in printed
    for words in ("would point to it", "so 4 ml hold 40 mg", "Reads 1 %"):
        assert words not in printed


def test_rationale_leads_to_its_claim(book):
    build(book)
    (chip,) = lesson(book).select("li[data-option=image] p.why a")
    assert chip["href"] == "../book/evidence/index.html#claim-lump-over-5-cm"
    assert chip.text == "High certainty: Writer, 2020"


def test_page_says_which_items_and_claims_it_uses(book):
    env = build(book).env
    assert env.backmice_items == {"part/lesson": ["example-single-001", "example-multiple-001"]}
    assert env.backmice_uses["part/lesson"] == [
        ("item", "example-single-001", ("lump-over-5-cm",)),
        ("item", "example-multiple-001", ("most-nodules-are-painless",)),
    ]
    assert env.backmice_claims["part/lesson"].keys() == {"lump-over-5-cm", "most-nodules-are-painless"}


def test_text_builder_prints_stems_and_options_without_key(book):
    build(book, "text")
    printed = (book / "_build/text/part/lesson.txt").read_text()
    assert "What do you do next?" in printed
    assert "* Refer and image before anything else" in printed
    assert "Over 5 cm, deep or growing" not in printed


def test_latex_builder_prints_stems_and_options(book):
    build(book, "latex")
    (printed,) = (book / "_build/latex").glob("*.tex")
    assert "Refer and image before anything else" in printed.read_text()


def test_only_pages_of_an_edited_item_are_read_again(book):
    build(book)
    assert build(book).was_read == []
    path = book / "exercises/items/good/example-single-001.yml"
    path.write_text(path.read_text().replace("What do you do next?", "What do you do now?"))
    assert build(book).was_read == ["part/lesson"]
    assert "What do you do now?" in lesson(book).text


def test_a_changed_claim_has_its_pages_read_again(book):
    build(book)
    write(book / "book/evidence/claims.yml", CLAIMS.replace("Most nodules are painless.", "Nearly all are painless."))
    assert build(book).was_read == ["part/lesson"]


def test_a_new_item_that_would_be_drawn_has_the_page_read_again(book):
    write(book / "exercises/quizzes/check.yml", "id: check\ntitle: Check\ndraw: {topic: good, count: 2, seed: 1}\n")
    write(book / "index.md", "# Home\n\n```{quiz} check\n```\n\n```{toctree}\npart/lesson\n```\n")
    write(book / "part/lesson.md", "# Lesson\n")
    before = build(book).env.backmice_items["index"]
    assert build(book).was_read == []
    for i in range(8):
        text = MULTIPLE.read_text().replace("id: example-multiple-001", f"id: more-{i}")
        write(book / f"exercises/items/good/more-{i}.yml", text)
    app = build(book)
    assert app.was_read == ["index"]
    assert app.env.backmice_items["index"] != before


def test_parallel_reading_remembers_the_same(book):
    for i in range(12):
        write(book / f"part/more-{i}.md", f"# More {i}\n\n```{{quiz}} check\n```\n")
    write(book / "index.md", "# Home\n\n```{toctree}\n:glob:\npart/*\n```\n")
    items = build(book, parallel=2).env.backmice_items
    assert len(items) == 13
    assert set(map(tuple, items.values())) == {("example-single-001", "example-multiple-001")}


def test_a_page_that_loses_its_quiz_is_forgotten(book):
    build(book)
    write(book / "part/lesson.md", "# Lesson\n\nNothing to try.\n")
    env = build(book).env
    assert env.backmice_items == env.backmice_quizzes == {}


def test_an_item_shown_twice_has_two_anchors(book):
    write(book / "exercises/quizzes/again.yml", "id: again\ntitle: Again\nitems: [example-single-001]\n")
    write(book / "part/lesson.md", "# Lesson\n\n```{quiz} check\n```\n\n```{quiz} again\n```\n")
    build(book, warningiserror=True)
    assert [form["id"] for form in forms(lesson(book))] == [
        "item-example-single-001", "item-example-multiple-001", "item-again-example-single-001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```{quiz} nothing\n```", "quiz 'nothing' is not in exercises/quizzes; it has: check"),
        ("```{quiz} check\n```\n\n```{quiz} check\n```", "quiz 'check' stands twice on this page; keep one of them"),
    ],
)
def test_a_wrong_directive_is_told_with_its_line(page, message, book):
    class Told(list):
        write = list.append

        def flush(self):
            """Nothing is held back."""

    told = Told()
    write(book / "part/lesson.md", f"# Lesson\n\n{page}\n")
    build(book, warning=told)
    line = 3 if "nothing" in page else 6
    assert f"part/lesson.md:{line}: " in "".join(told)
    assert message in "".join(told)


def test_a_faulty_bank_stops_the_build_with_its_sentences(book):
    path = book / "exercises/items/good/example-single-001.yml"
    path.write_text(path.read_text().replace("key: [image]", "key: [picture]"))
    with pytest.raises(ExtensionError) as caught:
        build(book)
    assert str(caught.value) == (
        "The item bank has faults:\n"
        "exercises/items/good/example-single-001.yml:23: key: 'picture' is not an option; allowed: inject, image, reassure"
    )


def test_bank_is_read_once_and_only_when_asked_for(book, monkeypatch):
    read = []
    load = quiz.load_bank
    monkeypatch.setattr(quiz, "load_bank", lambda *given: read.append(1) or load(*given))
    build(book)
    assert read == [1]
    shutil.rmtree(book / "_build")
    write(book / "part/lesson.md", "# Lesson\n")
    build(book)
    assert read == [1]
