"""The whole small course as one file: what is read of the built pages, and the EPUB made of it."""

from __future__ import annotations

import shutil
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner
from lxml import etree
from small_course import build, edit, new_course

from backmice.cli import main
from backmice.volume.epub import epub_bytes
from backmice.volume.items import KEYS
from backmice.volume.pages import ONLY_IN_A_BROWSER, Volume, VolumeError, read_volume

REPOSITORY = Path(__file__).parents[1]
COVER = "media/cover/cover.png"
DOT = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def silent(words: str) -> None:
    """Take what is told of the progress."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built once and only looked at."""
    root = new_course(tmp_path_factory.mktemp("volume") / "course")
    (root / COVER).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / COVER, root / COVER)
    shown = f'<img alt="A dot, as a notebook shows it" src="data:image/gif;base64,{DOT}">'
    (root / "book/review.md").write_text(
        f"---\nlead: What comes back.\n---\n# Review\n\n```{{review}}\n```\n\n```{{raw}} html\n{shown}\n```\n"
    )
    edit(root, "_toc.yml", "      - file: book/lesson\n", "      - file: book/lesson\n      - file: book/review\n")
    assert build(root)[1] == ""
    return root


@pytest.fixture(scope="module")
def volume(course: Path) -> Volume:
    return read_volume(course, course / "_build/html")


@pytest.fixture(scope="module")
def epub(course: Path, volume: Volume) -> bytes:
    return epub_bytes(volume, course, silent)


def lesson(volume: Volume):
    """Return the content of the lesson."""
    return next(page.body for page in volume.pages() if page.name == "book/lesson")


def text(element) -> str:
    """Return the words of an element, with its no-break spaces as `_`."""
    return " ".join(element.text_content().replace("\xa0", "_").split(" ")).strip()


def test_parts_and_pages_stand_in_the_order_of_the_contents(volume):
    assert [(part.caption, [(page.number, page.title) for page in part.pages]) for part in volume.parts] == [
        ("", [(None, "Lumps")]),
        ("Part 1. Lumps", [(1, "A lump"), (None, "Review")]),
        ("The ground it stands on", [(None, "Evidence"), (None, "Bibliography")]),
        ("More practice items", [(None, "Practice: A lump")]),
    ]


def test_a_volume_knows_no_clock_but_the_last_review(volume):
    assert (volume.title, volume.version, volume.reviewed.isoformat()) == ("Back mice", "0.1.0", "2026-02-01")


def test_every_id_is_there_once_and_every_link_within_leads_to_one(volume):
    ids = [id_ for page in volume.pages() for id_ in page.body.xpath("descendant-or-self::*/@id")]
    assert len(ids) == len(set(ids))
    links = [href for page in volume.pages() for href in page.body.xpath(".//a/@href")]
    within = [href[1:] for href in links if not href.startswith("http")]
    assert len(within) > 10
    assert set(within) <= set(ids)


def test_nothing_is_left_that_only_a_screen_can_use(volume):
    left = "descendant::*[self::form or self::input or self::button or self::script or self::details or self::aside]"
    assert [page.name for page in volume.pages() if page.body.xpath(left)] == []
    review = next(page.body for page in volume.pages() if page.name == "book/review")
    assert text(review.find(".//p[@class='only-in-a-browser']")) == ONLY_IN_A_BROWSER


def test_certainty_is_a_word_that_leads_to_the_claim(volume):
    marks = lesson(volume).xpath(".//a[@class='how']")
    assert [(mark.text, mark.get("href")) for mark in marks][:3] == [
        ("low", "#evidence-index.claim-lump-size"),
        ("low", "#evidence-index.claim-lump-size"),
        ("low", "#evidence-index.claim-lump-size"),
    ]


def test_items_are_asked_first_and_their_keys_end_the_page(volume):
    body = lesson(volume)
    items = body.xpath(".//section[@class='item']")
    assert [text(item.find("p[@class='label']")) for item in items] == ["Item 1, one answer"]
    assert [item.xpath("p[@class='to-key']/a/@href") for item in items] == [[f"#{i.get('id')}-key"] for i in items]
    assert body[-1].get("class") == "keys"
    assert body[-1].find("h2").text == KEYS
    assert [text(key.find("h3")) for key in body[-1].findall("section")] == ["Item 1"]
    assert not any("Right:" in text(item) for item in items)
    assert all("Right:" in text(key) for key in body[-1].findall("section"))


def test_a_book_without_one_of_its_pages_is_refused(course, tmp_path):
    built = shutil.copytree(course / "_build/html", tmp_path / "html")
    (built / "book/review.html").unlink()
    with pytest.raises(VolumeError, match=r"^The built book has no page book/review; build it: make book$"):
        read_volume(course, built)


def test_a_link_that_leads_nowhere_is_refused(course, tmp_path):
    built = shutil.copytree(course / "_build/html", tmp_path / "html")
    page = built / "book/review.html"
    page.write_text(page.read_text().replace("<h1>Review", '<h1><a href="lesson.html#gone">Review</a>'))
    with pytest.raises(VolumeError, match=r"^book/review leads to lesson.html#gone, which is not there"):
        read_volume(course, built)


# The EPUB.


def xml(epub: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(epub)) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


def found(element: etree._Element, path: str) -> list[str]:
    spaces = {"h": "http://www.w3.org/1999/xhtml", "o": "http://www.idpf.org/2007/opf"}
    spaces |= {"d": "http://purl.org/dc/elements/1.1/", "e": "http://www.idpf.org/2007/ops"}
    return element.xpath(path, namespaces=spaces)


def test_the_same_course_gives_the_same_bytes(course, epub):
    assert epub_bytes(read_volume(course, course / "_build/html"), course, silent) == epub


def test_its_first_bytes_say_what_it_is_and_its_files_have_no_time(epub):
    with ZipFile(BytesIO(epub)) as archive:
        first, *rest = archive.infolist()
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert epub[30:58] == b"mimetypeapplication/epub+zip"
    assert {entry.date_time for entry in (first, *rest)} == {(1980, 1, 1, 0, 0, 0)}


def test_a_picture_that_stands_in_its_page_becomes_a_file(epub):
    with ZipFile(BytesIO(epub)) as files:
        (dot,) = [name for name in files.namelist() if name.endswith(".gif")]
        assert files.read(dot) == b64decode(DOT)


def test_the_contents_name_parts_pages_and_topics_of_the_evidence(epub):
    contents = found(xml(epub, "nav.xhtml"), "//h:nav[@e:type='toc']//h:a/@href")
    topics = [href for href in contents if href.startswith("evidence-index.topic-")]
    assert topics
    assert [href for href in contents if href not in topics] == [
        "title.xhtml", "index.xhtml", "lesson.xhtml", "review.xhtml", "evidence-index.xhtml", "bibliography.xhtml",
        "practice-lumps.xhtml",
    ]  # fmt: skip
    assert found(xml(epub, "nav.xhtml"), "//h:nav[@e:type='toc']//h:span/text()") == [
        "Part 1. Lumps", "The ground it stands on", "More practice items",
    ]  # fmt: skip


def test_words_say_how_sure_it_is_where_no_style_is_shown(epub):
    assert found(xml(epub, "lesson.xhtml"), "//h:a[@class='how']/text()")[:2] == ["[low]", "[low]"]


def test_it_says_how_it_can_be_read_and_what_may_be_done_with_it(epub):
    package = xml(epub, "package.opf")
    assert found(package, "//o:meta[@property='dcterms:modified']/text()") == ["2026-02-01T12:00:00Z"]
    assert found(package, "//o:meta[@property='schema:accessModeSufficient']/text()") == ["textual"]
    assert found(package, "//o:meta[@property='schema:accessibilityHazard']/text()") == ["none"]
    assert "CC BY 4.0" in found(package, "//d:rights/text()")[0]


# The commands.


def run(*given: str | Path) -> tuple[int, list[str]]:
    """Return the exit code and the lines printed, the last of which is the outcome."""
    result = CliRunner().invoke(main, list(map(str, given)))
    return result.exit_code, result.output.splitlines()


def test_epub_writes_the_file_and_tells_its_size(course, epub, tmp_path):
    out = tmp_path / "course.epub"
    assert run("epub", "-o", out, "--root", course) == (
        0,
        ["Reading the built book …", "Setting the pages …", "Packing 14 files …", f"{out} ({len(epub) / 1e6:.1f} MB)"],
    )
    assert out.read_bytes() == epub
    assert [path.name for path in tmp_path.iterdir()] == ["course.epub"]


@pytest.mark.parametrize("kind", ["epub", "pdf"])
def test_without_a_built_book_nothing_is_written(kind, tmp_path):
    root = new_course(tmp_path / "course")
    code, told = run(kind, "-o", tmp_path / "out", "--root", root)
    assert (code, told[-1]) == (1, "The built book has no page book/index; build it: make book")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_told_before_the_work(course, tmp_path):
    told = f"There is no folder {tmp_path}/none to write into; make it, or name another file."
    assert run("epub", "-o", tmp_path / "none/course.epub", "--root", course) == (1, [told])


def test_a_course_without_a_cover_is_told(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    (root / COVER).unlink()
    code, told = run("epub", "-o", tmp_path / "out.epub", "--root", root)
    assert (code, told[-1]) == (1, f"{root}/{COVER} is not there; the EPUB needs it")
    assert not (tmp_path / "out.epub").exists()


def test_without_a_browser_the_pdf_says_so(course, tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, told = run("pdf", "-o", tmp_path / "out.pdf", "--root", course)
    assert (code, told[-1]) == (
        1, "The PDF is printed by Chrome or Chromium, and none was found; install one, or set CHROMIUM.",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_fails_leaves_no_file(course, tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(broken))
    code, told = run("pdf", "-o", tmp_path / "out.pdf", "--root", course)
    assert (code, told[-1]) == (1, f"{broken} printed nothing: no display")
    assert list(tmp_path.iterdir()) == [broken]
