"""The command line: a thin shell over functions."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from backmice import __version__, weight
from backmice.anatomy.distances import table as distance_table
from backmice.anatomy.structure import REGIONS, load_region
from backmice.assets import write_whole
from backmice.bench import LIGHTHOUSE, PARTS, RUNS, BenchError
from backmice.bench import bench as measure
from backmice.check import check as find_faults
from backmice.check import read_course
from backmice.evidence.ledger import load_ledger
from backmice.evidence.review import due, dump_reviewed, load_reviewed, mark
from backmice.export.paper import WHOLE, ExportError, choose, load_paper
from backmice.export.scorm.chapter import BuiltLesson, choose_lesson
from backmice.export.target import TARGETS, loss_table, write
from backmice.film import make as films
from backmice.folder import FolderError, write_folder
from backmice.items import blind as stem_blind
from backmice.items.blueprint import load_blueprints
from backmice.items.lint import measure as lint_measure
from backmice.items.lint.rules import table as lint_rules
from backmice.items.lint.run import Report, read_items
from backmice.items.lint.run import lint as lint_items
from backmice.items.load import load_bank
from backmice.items.model import item_schema
from backmice.lab_server import LabServerError, start
from backmice.located import LocatedError
from backmice.serve import ServeError
from backmice.serve import serve as serve_folder
from backmice.volume.pages import VolumeError
from backmice.volume.write import write_volume

ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="The course's folder."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="backmice")
def main() -> None:
    """Check, review, serve and bind the course on back mice.

    Claims are in book/evidence/claims.yml, items and quizzes in exercises/, pages in book/,
    anatomy in media/. Run `backmice check` after editing any of them.
    """


@main.command()
@click.option("--counts", is_flag=True, help="Print how many claims each page cites instead.")
@ROOT
def check(counts: bool, root: Path) -> None:
    """Validate everything an author writes.

    Each fault is printed as `file:line: field: what is wrong; what is allowed`.
    """
    if counts:
        course = read_course(root.resolve())
        for page, count in course.counts().items():
            click.echo(f"{count:5} {page}")
        cited = {id_ for chapter in course.chapters for id_ in chapter.claims()}
        click.echo(f"{len(cited):5} different claims in all")
        return
    faults, prose = find_faults(root.resolve(), lambda words: click.echo(f"{words} …", err=True))
    for line in prose.lines():
        click.echo(line)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        raise SystemExit(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
    click.echo("No faults.")


@main.command()
@click.argument("items", nargs=-1)
@click.option("--rules", is_flag=True, help="Print every rule with its reason, source and an example.")
@click.option("--blind", is_flag=True, help="Let programs that never read a stem sit the bank.")
@click.option("--measure", "measured", is_flag=True, help="Print precision and recall on tests/lint/set.")
@ROOT
def lint(items: tuple[str, ...], rules: bool, blind: bool, measured: bool, root: Path) -> None:
    """Find flaws of item writing, in ITEMS or in the whole bank.

    ITEMS are ids, files or folders. Each finding is printed as `file:line: rule: what; how to mend it`.
    An item may keep one with a written reason: `waivers: {rule: reason}`.
    """
    root = root.resolve()
    try:
        if rules:
            click.echo(lint_rules())
        elif measured:
            parts, statements = lint_measure.read_set(root / "tests/lint/set")
            tables = [lint_measure.table(part, samples, statements) for part, samples in parts.items()]
            click.echo("\n\n".join(tables))
        elif blind:
            click.echo(stem_blind.table(stem_blind.blind(read_items(root).items.values())))
        else:
            _tell(lint_items(root, load_ledger(root).spelled_out(), items))
    except (LocatedError, ValueError) as error:
        raise SystemExit(str(error)) from None


def _tell(report: Report) -> None:
    for finding in report.findings:
        click.echo(str(finding))
    for line in report.figures:
        click.echo(line)
    if report.waived:
        click.echo(f"Waived: {report.waived}")
    if unread := {fault.file for fault in report.unread}:
        raise SystemExit(f"{len(unread)} of the files can't be read: backmice check says why")
    if count := len(report.findings):
        raise SystemExit(f"{count} {'finding' if count == 1 else 'findings'}")
    click.echo("No findings.")


@main.command()
@ROOT
def lab(root: Path) -> None:
    """Open the labs in JupyterLab, in copies that are yours: my-labs."""
    try:
        start(root.resolve())
    except (LabServerError, LocatedError) as error:
        raise SystemExit(str(error)) from None


@main.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Mark all that is due.")
@ROOT
def review(names: tuple[str, ...], everything: bool, root: Path) -> None:
    """List what rests on a changed claim, or mark NAMES as reviewed.

    A name is printed by the list, for example: backmice review 'item triangle-bounds'
    """
    root = root.resolve()
    course = read_course(root)
    if course.faults:
        raise SystemExit("\n".join(map(str, sorted(course.faults))))
    users, claims = course.users(), course.ledger.claims
    try:
        reviewed = load_reviewed(root)
    except LocatedError as error:
        raise SystemExit(str(error)) from None
    again = due(users, claims, reviewed)
    if unknown := [name for name in names if name not in users]:
        raise SystemExit(
            f"Not a page, item, structure, plot, vignette or film that rests on claims: {', '.join(unknown)}"
        )
    marked = dict.fromkeys(d.user for d in again) if everything else names
    if marked:
        dump_reviewed(root, mark(users, claims, reviewed, marked))
        click.echo(f"Marked {len(marked)} as reviewed.")
        return
    for d in again:
        click.echo(f"{d.user}: claim '{d.claim_id}': {d.why}")
    click.echo(f"{len(again)} to look at." if again else "Nothing to look at.")


@main.command()
@click.argument("region", default="sacroiliac-triangle")
@ROOT
def distances(region: str, root: Path) -> None:
    """Print each published distance of REGION beside the model's.

    "within" means inside the spread of all sources that give this same distance.
    """
    root = root.resolve()
    if region not in REGIONS:
        raise SystemExit(f"No region '{region}'; one of: {', '.join(REGIONS)}")
    try:
        click.echo(distance_table(load_region(root, region, load_ledger(root).claims)))
    except LocatedError as error:
        raise SystemExit(str(error)) from None


@main.command()
@ROOT
def schema(root: Path) -> None:
    """Write the schema that editors use for items."""
    path = root / "exercises/item.schema.json"
    path.write_text(json.dumps(item_schema(), indent=2) + "\n", encoding="utf-8")
    click.echo(f"Wrote {path}")


@main.command()
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@ROOT
def serve(port: int, root: Path) -> None:
    """Serve the built book on this machine."""
    try:
        serve_folder(root / "_build/html", port)
    except ServeError as error:
        raise SystemExit(str(error)) from None


@main.command()
@ROOT
def weigh(root: Path) -> None:
    """Print what each page of the built book weighs on a reader's line.

    Budgets are in budgets.toml. Exit code 1 means that a page is over.
    """
    weights, budgets = weight.weigh(root / "_build/html"), weight.load_budgets(root)
    if not weights:
        raise SystemExit("There is no book in _build/html; build it: make book")
    click.echo(weight.table(weights, budgets))
    if told := weight.over(weights, budgets):
        raise SystemExit("\n".join(told))


OUT = click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")


@main.command()
@OUT
@ROOT
def pdf(out: Path | None, root: Path) -> None:
    """Make one PDF of the whole built book, for paper.

    Chrome or Chromium prints it: $CHROMIUM, or one that the system has. Without --out it goes to _build.
    """
    _write("pdf", out, root)


@main.command()
@OUT
@ROOT
def epub(out: Path | None, root: Path) -> None:
    """Make one EPUB of the whole built book, for readers of e-books.

    Without --out it goes to _build.
    """
    _write("epub", out, root)


@main.command("zip")
@click.option("--films/--without-films", default=True, help="Whether the films are in it; they are most of its size.")
@OUT
@ROOT
def zip_folder(films: bool, out: Path | None, root: Path) -> None:
    """Make one ZIP of the whole built book that opens from a folder.

    Unpacked, it needs neither a server nor a network: open its index.html. Without --out it goes to _build.
    """
    out = out or root / "_build/back-mice.zip"
    try:
        size = write_folder(root.resolve(), out, lambda words: click.echo(words, err=True), with_films=films)
    except FolderError as error:
        raise SystemExit(str(error)) from None
    click.echo(f"{out} ({size / 1e6:.1f} MB)")


def _write(kind: str, out: Path | None, root: Path) -> None:
    out = out or root / f"_build/back-mice.{kind}"
    try:
        size = write_volume(kind, root, out, lambda words: click.echo(words, err=True))
    except VolumeError as error:
        raise SystemExit(str(error)) from None
    click.echo(f"{out} ({size / 1e6:.1f} MB)")


@main.command()
@click.argument("target", type=click.Choice(list(TARGETS)), required=False)
@click.argument("quiz", required=False)
@click.option("--all", "everything", is_flag=True, help="Write the whole bank for every target into a folder instead.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), help="What a blueprint is drawn with.")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@ROOT
def export(target: str | None, quiz: str | None, everything: bool, seed: int | None, out: Path, root: Path) -> None:
    """Write QUIZ for another program, and say what is lost.

    QUIZ is the id of a quiz, blueprint or topic, or "bank" for every item. For SCORM it may also be a lesson
    of the built book: anatomy/sacroiliac-triangle.
    """
    if everything == (quiz is not None) or (everything and seed is not None):
        raise click.UsageError("Name a TARGET and a QUIZ, or give --all alone.")
    root, began = root.resolve(), time.monotonic()
    files = {name: out / f"bank-{name}.{TARGETS[name].ending}" for name in TARGETS} if target is None else {target: out}
    try:
        pick = choose_lesson if target and TARGETS[target].lesson else choose
        paper = load_paper(root, quiz or WHOLE, seed, pick)
        parts = paper.parts if isinstance(paper, BuiltLesson) else ()
        click.echo(loss_table(files, dict.fromkeys([*(item.kind for item in paper.items), *parts])))
        for made in write(paper, files):
            click.echo(f"{made.file} ({len(paper.items)} items, {made.size / 1e6:.1f} MB, {made.seconds:.1f} s)")
    except (LocatedError, ExportError) as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(f"{out} could not be written: {error.strerror or error}") from None
    if everything:
        click.echo(f"{len(paper.items)} items for {len(files)} targets in {time.monotonic() - began:.1f} s")


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write into."
)
def take_in(file: Path, out: Path) -> None:
    """Make items of the questions in FILE.

    What each still needs from an author is printed with its place.
    FILE is Moodle XML, GIFT (.gift, .txt), QTI 2.1 (.zip or an item's .xml) or jupyterquiz (.json).
    """
    from backmice.intake.write import take  # here, since no other command reads these formats

    try:
        taken = take(file, out)
    except LocatedError as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(str(error)) from None
    for line in (*taken.lost, *map(str, taken.needs)):
        click.echo(line)
    needy = len({fault.file for fault in taken.needs})
    click.echo(f"{len(taken.files)} items in {out}; {needy} of them need an author's hand.")


FOLDER = click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to write.")


class Moment(click.ParamType):
    """A time in ISO 8601; without an offset it is this machine's."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time with its offset."""
        try:
            return datetime.fromisoformat(str(value)).astimezone()
        except ValueError:
            self.fail(f"'{value}' is no time; write it as 2027-01-15T09:00 or 2027-01-15T09:00+01:00", param, ctx)


@main.command()
@click.argument("quiz")
@click.option("--opens", type=Moment(), help="Before it the page shows no item: 2027-01-15T09:00.")
@click.option("--closes", type=Moment(), help="What is handed in after it is named late.")
@click.option("--draw", type=click.IntRange(1, 200), help="How many items are drawn; all without it.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), help="What is drawn with; without it one is made up.")
@click.option("--attempts", type=click.IntRange(1, 20), default=1, show_default=True, help="How many count.")
@click.option("--time", "minutes", type=click.IntRange(1, 600), default=None, help="Minutes; no limit without it.")
@click.option("--certainty", is_flag=True, help="Ask with each answer how sure the student is.")
@click.option("--upload", metavar="ADDRESS", help="Where the page sends what is handed in; it is saved all the same.")
@click.option("--roster", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV with id and name.")
@FOLDER
@ROOT
def assign(
    quiz: str,
    draw: int | None,
    seed: int | None,
    minutes: int | None,
    roster: Path | None,
    out: Path | None,
    root: Path,
    **how: object,
) -> None:
    """Write QUIZ as an assignment, and the file that grades it.

    QUIZ is the id of a quiz, blueprint or topic. The folder OUT, with a page that has no key, can stand on any web host or file share.
    Beside it, OUT.instructor.json holds the key of the items and the key that opens what is handed in:
    keep it, and give it to nobody. With --roster each student gets a code, in OUT.codes.csv.
    """
    _need_grading()
    from backmice.assign import assignment as assigning
    from backmice.assign.page import student_page

    root, out = root.resolve(), out or root / f"_build/assignments/{quiz}"
    seed = secrets.randbelow(2**53) if seed is None else seed  # who could guess it would have the book draw the key
    try:
        ledger = load_ledger(root)
        bank, blueprints = load_bank(root, ledger), load_blueprints(root)
        is_exam = quiz in blueprints.exams and quiz not in bank.quizzes
        paper = choose(root, bank, blueprints, quiz, seed if is_exam else None, ledger)
        enrolled = assigning.enrol(roster) if roster else None
        made = assigning.make(
            paper, seed=seed, count=draw, minutes=minutes or 0, roster=enrolled,
            passages=assigning.passages(root), **how,
        )  # fmt: skip
        page = student_page(made, root)
        out.mkdir(parents=True, exist_ok=True)
        private = out.with_name(f"{out.name}.instructor.json")
        assigning.write_private(private, assigning.dump(made))
        if enrolled:
            assigning.write_private(out.with_name(f"{out.name}.codes.csv"), assigning.codes(made))
        write_whole(out / "index.html", page)
    except (LocatedError, ExportError, assigning.AssignError) as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(f"{out} could not be written: {error.strerror or error}") from None
    if landmarks := [each.item for each in made.questions if bank.items[each.item].kind == "landmark"]:
        click.echo(f"Asked by name, without the figure: {', '.join(landmarks)}")
    click.echo(f"{out / 'index.html'} ({len(made.questions)} items): put the folder where students reach it.")
    click.echo(f"{private}: yours alone; without it nothing that is handed in can be opened.")


BOOK = click.option("--book", metavar="ADDRESS", help="The book's address, for links to what teaches an objective.")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[ASSIGNMENT] RESULTS...")
@click.option("--quiz", help="The quiz that was exported to a platform; RESULTS are its reports.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), help="What a blueprint was drawn with.")
@click.option("--simulate", type=click.IntRange(2, 100_000), help="Make so many students up, and two keys wrong.")
@click.option("--feedback/--no-feedback", default=True, help="Whether each student gets a sheet.")
@BOOK
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write."
)
@ROOT
def grade(
    paths: tuple[Path, ...],
    quiz: str | None,
    seed: int | None,
    simulate: int | None,
    feedback: bool,
    book: str | None,
    out: Path,
    root: Path,
) -> None:
    """Grade what students handed in, or a platform reported.

    RESULTS are files, folders or ZIP archives.
    ASSIGNMENT is the .instructor.json that `backmice assign` wrote. With --quiz, the id of a quiz, blueprint or
    topic that `backmice export` wrote for a platform, no ASSIGNMENT is named: RESULTS are Moodle's Responses report as
    CSV, the Interactions report of its SCORM activity, or SCORM interactions as CSV or JSON.
    The folder OUT gets the report as index.html, gradebooks as CSV (also for Moodle and Canvas), analysis.json
    and feedback sheets.
    """
    _need_grading()
    from backmice.assign.assignment import passages
    from backmice.assign.run import GradeError, run, run_reported

    how = {"feedback": feedback, "book": book}
    try:
        if quiz is None:
            if not paths or seed is not None:
                raise click.UsageError(
                    "Name an ASSIGNMENT and its RESULTS, or a quiz with --quiz; --seed needs a quiz."
                )
            lines = run(paths[0], paths[1:], out, simulate=simulate, **how)
        elif simulate:
            raise click.UsageError("--simulate makes up a class for an ASSIGNMENT; leave --quiz out.")
        else:
            root = root.resolve()
            ledger = load_ledger(root)
            paper = choose(root, load_bank(root, ledger), load_blueprints(root), quiz, seed, ledger)
            lines = run_reported(paper, passages(root), paths, out, **how)
        for line in lines:
            click.echo(line)
    except (LocatedError, ExportError, GradeError) as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(f"{error.filename or out} could not be written: {error.strerror or error}") from None


@main.command()
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@ROOT
def grader(out: Path, root: Path) -> None:
    """Write a page that grades in a browser, offline.

    It finds what `backmice grade` finds of an assignment. Choose or drop your .instructor.json and the results there.
    """
    _need_grading()
    from backmice.assign.assignment import AssignError
    from backmice.assign.page import grading_page

    try:
        write_whole(out, grading_page(root.resolve()))
    except AssignError as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(f"{out} could not be written: {error.strerror or error}") from None
    click.echo(f"{out}: open it in a browser; nothing leaves your machine.")


def _need_grading() -> None:
    """Refuse in one sentence where the packages are missing."""
    try:
        import nacl  # noqa: F401
        import numpy  # noqa: F401
    except ImportError as error:
        raise SystemExit(f"{error.name} is missing; run: pip install -r requirements-assign.txt") from None


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[ASSIGNMENT RESULTS...]")
@click.option(
    "--only", type=click.Choice(list(PARTS)), multiple=True, help="Measure this part alone; several may be named."
)
@click.option(
    "--pages",
    metavar="GLOB",
    help="Only load these pages; alone, by Lighthouse, of the book as it is built: 'book/meet/*'.",
)
@click.option("--runs", type=click.IntRange(1, 25), default=RUNS, show_default=True, help="How often to load a page.")
@click.option("--quick", is_flag=True, help="Load only the largest page of each kind, and build once.")
@FOLDER
@ROOT
@click.pass_context
def bench(
    context: click.Context,
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    pages: str | None,
    runs: int,
    quick: bool,
    out: Path | None,
    root: Path,
) -> None:
    """Measure what pages, builds, exports and grading take.

    A copy of the course is built and read, and Lighthouse loads each page, ours beside that of a stock Jupyter Book;
    targets stand beside the figures, and nothing fails on them. What can't be measured says why.
    Without its part `builds`, the book is measured as it was built last.
    With ASSIGNMENT and RESULTS it grades them instead, as `backmice grade` does.
    """
    if paths:
        if out is None:
            raise click.UsageError("to grade, name the folder of the report: -o report")
        context.invoke(grade, paths=paths, out=out, root=root)
        return
    root = root.resolve()

    def say(words: str) -> None:
        click.echo(words, err=True)

    if pages is not None and not only:
        only = (LIGHTHOUSE,)
    try:
        for n, table in enumerate(measure(root, say, only=only, runs=runs, pages=pages, quick=quick)):
            click.echo(f"\n{table}" if n else table)
    except (BenchError, LocatedError, ExportError) as error:
        raise SystemExit(str(error)) from None


@main.group()
def video() -> None:
    """Make the films, and look at them in the making.

    requirements-media.txt names what this needs; the book is built and read without it.
    """


def _films(work: Callable[[], object]) -> None:
    try:
        work()
    except ModuleNotFoundError as error:
        raise SystemExit(f"Needs the package '{error.name}': pip install -r requirements-media.txt") from None
    except (LocatedError, films.FilmError) as error:
        raise SystemExit(str(error)) from None


def _same_line(words: str) -> None:
    click.echo(f"\r\x1b[K{words}", nl=False, err=True)


@video.command(name="make")
@click.argument("names", nargs=-1)
@click.option("--anyway", is_flag=True, help="Also those that are what their storyboard says.")
@ROOT
def video_make(names: tuple[str, ...], anyway: bool, root: Path) -> None:
    """Make the films NAMES, or all, that are stale: storyboard, scene or model has changed."""
    root = root.resolve()

    def work() -> None:
        for slug in names or films.slugs(root):
            films.make(root, slug, _same_line, anyway=anyway)
            click.echo(err=True)
        click.echo(films.report(root))

    _films(work)


@video.command()
@click.argument("slug")
@click.option("--at", "at_s", type=float, required=True, help="Seconds from the beginning.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), default="frame.png", show_default=True)
@ROOT
def preview(slug: str, at_s: float, out: Path, root: Path) -> None:
    """Draw one frame of SLUG."""
    _films(lambda: films.preview(root.resolve(), slug, at_s, out))
    click.echo(f"{out}")


@video.command()
@click.argument("slug")
@click.option("--every", "every_s", type=float, default=1.0, show_default=True, help="Seconds between frames.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), default="sheet.png", show_default=True)
@ROOT
def sheet(slug: str, every_s: float, out: Path, root: Path) -> None:
    """Draw a contact sheet of SLUG, one frame a second."""
    _films(lambda: films.sheet(root.resolve(), slug, out, _same_line, every_s=every_s))
    click.echo(f"\n{out}")


@video.command()
@ROOT
def heard(root: Path) -> None:
    """Print what a speech recogniser makes of the narration, and its word error rate: a guide, not a gate."""

    def work() -> None:
        from backmice.film.heard import heard as listen

        click.echo("\n" + listen(root.resolve(), _same_line))

    _films(work)


@video.command()
@ROOT
def report(root: Path) -> None:
    """Print for each film how long, large, fast and loud it is, and how long drawing it took."""
    _films(lambda: click.echo(films.report(root.resolve())))
