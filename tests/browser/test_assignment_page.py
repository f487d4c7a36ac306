"""An assignment from end to end: the instructor's commands, three students in three browsers, the gradebook."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from assignment_page import answer, answer_all, begin, hand_in, save
from book_reader import sideways_px, violations
from click.testing import CliRunner
from playwright.sync_api import expect

from backmice.assign.assignment import Assignment, load
from backmice.assign.handed import read
from backmice.cli import main

ROOT = Path(__file__).parents[2]
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()


def assign(folder: Path, *how: str) -> tuple[Path, Assignment]:
    """Write an assignment of the items on palpation; return its folder, and the instructor's file read."""
    out = folder / "spring"
    ran = CliRunner().invoke(main, ["assign", "palpation", "-o", str(out), "--root", str(ROOT), *how])
    assert ran.exit_code == 0, ran.output
    return out, load(folder / "spring.instructor.json")


@pytest.fixture(scope="module")
def assigned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assignment]:
    """Five items, one attempt, closing in a month."""
    return assign(tmp_path_factory.mktemp("assigned"), "--draw", "5", "--closes", SOON, "--certainty", "--time", "30")


def test_three_students_answer_and_are_graded(new_context, serve, assigned, tmp_path, watch):
    folder, assignment = assigned
    address, handed = serve(folder), tmp_path / "handed"
    students = {"s-1": ("Ana Lee", True), "s-2": ("Bo Ek", False), "s-3": ("Cy Dee", None)}
    receipts = {}
    for id_, (name, right) in students.items():
        page = new_context(accept_downloads=True).new_page()
        page.goto(address)
        begin(page, name, id_)
        if right is not None:
            answer_all(page, assignment, right=right)
        hand_in(page)
        receipts[id_] = page.locator(".receipt").first.inner_text()
        assert save(page, handed).name == f"{assignment.id}-{id_}-1.json"
        assert violations(page) == []
    private = folder.with_name("spring.instructor.json")
    ran = CliRunner().invoke(main, ["grade", str(private), str(handed), "-o", str(tmp_path / "report")])
    assert ran.output == f"{tmp_path}/report/index.html (3 students, 0 to look at)\n"
    with (tmp_path / "report/gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {id_: row["receipt"] for id_, row in rows.items()} == receipts
    assert {id_: row["name"] for id_, row in rows.items()} == {id_: name for id_, (name, _) in students.items()}
    assert rows["s-3"]["answered"] == "0"
    assert float(rows["s-3"]["points"]) == 0 < float(rows["s-1"]["points"])
    assert float(rows["s-2"]["points"]) < float(rows["s-1"]["points"])
    asked_for = [url for url in watch.requests if not url.startswith((address, "blob:"))]
    assert asked_for == []


def test_what_is_sealed_is_what_was_given(page, serve, assigned, tmp_path, watch):
    folder, assignment = assigned
    address = serve(folder)
    page.goto(address)
    begin(page, "Ana Lee", "s-1")
    answer_all(page, assignment, right=True)
    hand_in(page)
    pile = read(assignment, [save(page, tmp_path)])
    (opened,) = pile.opened
    assert opened.receipt == page.locator(".receipt").first.inner_text()
    given = {each.item: each for each in opened.content.given}
    for question in assignment.questions:
        assert given[question.id].certainty == "mid"
        assert given[question.id].seconds is not None
        if question.kind in ("single", "multiple", "hotspot", "matching"):
            assert sorted(given[question.id].response) == sorted(question.key)
    assert pile.odd == []
    assert (opened.content.minutes, opened.content.added, opened.content.why) == (30, 0, "handed-in")
    assert [url for url in watch.requests if not url.startswith((address, "blob:"))] == []


def test_a_sitting_goes_on_after_a_reload_and_one_attempt_is_one(page, serve, assigned):
    folder, assignment = assigned
    page.goto(serve(folder))
    begin(page, "Ana Lee", "s-1")
    answer(page, assignment, right=True)
    page.reload()
    expect(page.get_by_text("Ana Lee: 1 of 5 answered")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".count")).to_have_text("1 of 5 answered")
    hand_in(page)
    receipt = page.locator(".receipt").first.inner_text()
    page.reload()
    expect(page.get_by_text(receipt)).to_be_visible()
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)


def test_it_opens_from_a_disk_as_well(page, assigned, tmp_path, watch):
    folder, assignment = assigned
    page.goto((folder / "index.html").as_uri())
    begin(page, "Ana Lee", "s-1")
    hand_in(page)
    assert len(read(assignment, [save(page, tmp_path)]).opened) == 1


def test_before_it_opens_no_item_is_shown(page, serve, tmp_path):
    folder, _ = assign(tmp_path, "--opens", SOON)
    page.goto(serve(folder))
    expect(page.get_by_role("heading", name="Not open yet")).to_be_visible()
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)
    assert page.locator("form:visible").count() == 0


def test_after_it_closes_the_student_is_told(page, serve, tmp_path):
    folder, assignment = assign(tmp_path, "--closes", "2026-01-01T00:00:00+00:00")
    page.goto(serve(folder))
    expect(page.get_by_text("What you hand in now is marked as late")).to_be_visible()
    begin(page, "Ana Lee", "s-1")
    hand_in(page)
    (odd,) = read(assignment, [save(page, tmp_path / "handed")]).odd
    assert odd.kind == "late"


class Inbox(BaseHTTPRequestHandler):
    """Takes what is sent, or refuses it."""

    got: ClassVar[list[bytes]] = []
    answer = 200

    def do_POST(self) -> None:
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answer)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Leave the test's output alone."""


def test_it_is_sent_where_the_instructor_said_and_a_failure_is_told(page, serve, tmp_path, watch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Inbox)
    Thread(target=server.serve_forever, daemon=True).start()
    folder, assignment = assign(tmp_path, "--upload", f"http://127.0.0.1:{server.server_port}/in")
    Inbox.answer = 503
    page.goto(serve(folder))
    begin(page, "Ana Lee", "s-1")
    hand_in(page)
    expect(page.get_by_text("It could not be sent (it answers 503).")).to_be_visible()
    Inbox.answer = 200
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text(re.compile("^Sent to 127.0.0.1"))).to_be_visible()
    server.shutdown()
    server.server_close()
    (tmp_path / "sent.json").write_bytes(Inbox.got[-1])
    assert json.loads(Inbox.got[0]) == json.loads(Inbox.got[1])
    assert len(read(assignment, [tmp_path / "sent.json"]).opened) == 1
    watch.errors.clear()  # the refusal that was provoked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_sound_in_each_theme_and_width(new_context, serve, assigned, width, scheme):
    folder, assignment = assigned
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(serve(folder))
    assert (violations(page), sideways_px(page)) == ([], 0)
    begin(page, "Ana Lee", "s-1")
    answer_all(page, assignment, right=True)
    assert (violations(page), sideways_px(page)) == ([], 0)
    hand_in(page)
    assert (violations(page), sideways_px(page)) == ([], 0)


def test_without_scripts_it_says_what_to_do(new_context, serve, assigned):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(serve(assigned[0]))
    expect(page.get_by_text("ask your instructor for the paper form")).to_be_visible()
    assert page.locator("form:visible").count() == 0


def test_by_keyboard_alone(page, serve, assigned):
    page.goto(serve(assigned[0]))
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ana Lee")
    page.keyboard.press("Tab")
    page.keyboard.type("s-1")
    page.keyboard.press("Enter")
    expect(page.locator(".exam-sheet form:visible")).to_have_count(1)
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the dialog's first button
    expect(page.get_by_role("heading", name="Your answers are sealed")).to_be_focused()


@pytest.fixture(scope="module")
def report(assigned: tuple[Path, Assignment]) -> Path:
    """The report of a made-up class."""
    private, out = assigned[0].with_name("spring.instructor.json"), assigned[0].with_name("report")
    ran = CliRunner().invoke(main, ["grade", str(private), "--simulate", "40", "-o", str(out)])
    assert ran.exit_code == 0, ran.output
    return out


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_and_a_sheet_are_sound(new_context, report, width, scheme):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    for file in ("index.html", "feedback/simulated-00001.html"):
        page.goto((report / file).as_uri())
        assert (violations(page), sideways_px(page)) == ([], 0)
        expect(page.get_by_text("Simulated class: no student sat this")).to_be_visible()
