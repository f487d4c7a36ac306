"""What the instructor reads, and what each student gets: HTML that stands alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from backmice.analysis.analysis import Analysis, analyse
from backmice.analysis.items import SEPARATES
from backmice.analysis.learned import LEARNED
from backmice.assign import grade
from backmice.assign.assignment import Assignment, Question
from backmice.assign.drawing import CORRELATION, HISTOGRAM_EM, SHARE, bars, intervals, told
from backmice.assign.grade import Graded
from backmice.assign.handed import Pile
from backmice.assign.page import PACKAGE, sheet_styles, styles
from backmice.html.policy import alone_policy, meta
from backmice.html.template import render

#: How a class says how sure it was; static/item-view.js has the same words.
CERTAINTIES = {"low": "Guessing", "mid": "Fairly sure", "high": "Certain"}
Say = Callable[[str], None]


def write(
    assignment: Assignment, pile: Pile, out: Path, *, book: str | None = None, feedback: bool = True, label: str = ""
) -> list[Graded]:
    """Grade what came back and write the report into a folder: gradebooks, analysis and feedback sheets.

    Parameters
    ----------
    book
        Address of the book, for links to the passages that teach an objective.
    label
        Said on every page, as when a class is simulated.
    """
    graded = grade.grade(assignment, pile)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in {
        "gradebook.csv": grade.gradebook(assignment, graded),
        "moodle.csv": grade.moodle(assignment, graded),
        "canvas.csv": grade.canvas(assignment, graded),
    }.items():
        (out / name).write_bytes(content)
    found = analyse(grade.responses(assignment, graded)) if graded else None
    if found:
        (out / "analysis.json").write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    page = report_html(assignment, pile, graded, found, book=book, label=label)
    (out / "index.html").write_text(page, encoding="utf-8")
    if feedback:
        write_feedback(assignment, graded, out / "feedback", book=book, label=label)
    return graded


def report_html(
    assignment: Assignment,
    pile: Pile,
    graded: Sequence[Graded],
    found: Analysis | None,
    *,
    book: str | None = None,
    label: str = "",
) -> str:
    """Return the report: what came in, the test, its items, what was learned, and how sure the class was."""
    page_styles = styles()
    values: dict[str, Any] = {
        "policy": meta(alone_policy(styles=[page_styles])), "assignment": assignment, "pile": pile, "graded": graded, "found": found, "label": label,
        "styles": page_styles, "sprite": _sprite(), "told": told, "certainties": CERTAINTIES,
    }  # fmt: skip
    if found:
        values |= _drawn(assignment, found, book)
    return render("assignment_report", **values) + "\n"


def _drawn(assignment: Assignment, found: Analysis, book: str | None) -> dict[str, Any]:
    questions = {question.id: question for question in assignment.questions}
    by_objective = {question.objective: question for question in assignment.questions}
    names = [f"{item.id}  {short(item.stem)}" for item in found.items]
    learned = [(_objective(by_objective, o.id), o.share) for o in found.objectives]
    sure = [(f"{CERTAINTIES[c.certainty]}, {c.answers} answers", c.right) for c in found.calibration]
    return {
        "questions": questions,
        "rows": list(zip(found.items, names, strict=True)),
        "bars": bars(found.whole.counts),
        "bars_em": HISTOGRAM_EM,
        "facility": intervals([(n, i.facility) for i, n in zip(found.items, names, strict=True)], SHARE, 100),
        "discrimination": intervals(
            [(n, i.discrimination) for i, n in zip(found.items, names, strict=True)], CORRELATION,
            mark=(SEPARATES, f"{SEPARATES:g}"),
        ),
        "learned": intervals([(short(w), f) for w, f in learned], SHARE, 100, mark=(100 * LEARNED, f"{100 * LEARNED:g}")),
        "objectives": [
            (o, _objective(by_objective, o.id), passage(by_objective[o.id], book)) for o in found.objectives
        ],
        "sure": intervals(sure, SHARE.model_copy(update={"words": "Answers that were right"}), 100),
    }  # fmt: skip


def _objective(by_objective: dict[str, Question], id_: str) -> str:
    found = by_objective[id_].passage
    words = found.words.rstrip(".;") if found else id_.replace("-", " ")
    return words[0].upper() + words[1:]


def short(words: str, most: int = 38) -> str:
    """Return words that fit one line of a phone."""
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"


def passage(question: Question, book: str | None) -> Markup:
    """Return where an objective is taught: a link where the book's address is known."""
    if question.passage is None:
        return Markup("")
    if not book:
        return Markup("{} ({})").format(question.passage.lesson, question.passage.address)
    address = f"{book.rstrip('/')}/{question.passage.address}"
    return Markup('<a href="{}">{}</a>').format(address, question.passage.lesson)


def write_feedback(
    assignment: Assignment, graded: Sequence[Graded], folder: Path, *, book: str | None = None, label: str = ""
) -> None:
    """Write a sheet for each student.

    What is said of one answer to one item is made once, however many gave it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[tuple[str, tuple[str, ...]], str] = {}
    worn = sheet_styles()
    policy = meta(alone_policy(styles=[worn]))
    frame = str(render("assignment_feedback", assignment=assignment, styles=worn, policy=policy, label=label))
    before, after = frame.split("<!-- items -->")
    for each in graded:
        parts = [before.replace("<!-- student -->", _opening(assignment, each))]
        for number, question in enumerate(assignment.questions, 1):
            given, answer = each.answers.get(question.id, (None, None))
            response = given.response if given else ()
            if (question.id, response) not in known:
                points = answer.points if answer else 0.0
                known[question.id, response] = told_item(question, number, response, points, book)
            parts.append(known[question.id, response])
        (folder / f"{_file_name(each.student_id)}.html").write_text("".join([*parts, after, "\n"]), encoding="utf-8")


def _opening(assignment: Assignment, each: Graded) -> str:
    points = f"{each.points:.2f}".rstrip("0").rstrip(".")
    facts = [f"{points} of {len(assignment.questions)} points"]
    if each.opened.receipt:
        facts.append(f"receipt {each.opened.receipt}")
    odd = "".join(f"<li>{escape(kind)}</li>" for kind in dict.fromkeys(oddity.kind for oddity in each.odd))
    noted = f"<p>Your instructor was told:</p><ul>{odd}</ul>" if odd else ""
    return f"<h2>{escape(each.name)}, {escape(each.student_id)}</h2><p>{escape(', '.join(facts))}</p>{noted}"


def told_item(question: Question, number: int, response: tuple[str, ...], points: float, book: str | None) -> str:
    """Return what a student is told of one item: what was given, what is right, and why."""
    parts = {part.id: part for part in (*question.options, *question.cases, *question.slips)}
    made = grade.chosen(question, response)
    named = {id_ for choice in (*made, *_key(question)) for id_ in choice.split("=")}
    whys = [(part.text, part.rationale) for id_, part in parts.items() if id_ in named]
    return render(
        "assignment_feedback_item",
        number=number, question=question, points=points, given=question.words_of(response), response=response,
        right=_right(question), whys=whys, passage=passage(question, book),
    )  # fmt: skip


def _key(question: Question) -> tuple[str, ...]:
    return () if isinstance(question.key, dict) else question.key


def _right(question: Question) -> list[str]:
    if isinstance(question.key, dict):
        return [f"{question.key['value']:g} {question.key['unit']}"]
    return question.words_of(question.key)


def _sprite() -> Markup:
    return Markup((PACKAGE / "theme/sprite.html").read_text(encoding="utf-8"))


def _file_name(student_id: str) -> str:
    """Return a name that no system refuses and no two ids share."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f"~{ord(c):x}~" for c in student_id)
