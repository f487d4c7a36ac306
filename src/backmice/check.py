"""Everything an author writes, read and held against each other, without building the book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from backmice import dose
from backmice.anatomy.structure import REGIONS, Region, load_region
from backmice.anatomy.view import Views, load_views
from backmice.chapter import Chapter, load_chapter, page_file
from backmice.coverage import Coverage, coverage_faults, load_coverage
from backmice.drawings.drawing import Drawing
from backmice.drawings.load import REGION, load_drawings
from backmice.evidence.claim import Claim
from backmice.evidence.ledger import Ledger, load_ledger, mention_fault
from backmice.evidence.review import LOCK, due, load_reviewed
from backmice.evidence.tables import TABLES, Rows, load_table
from backmice.film.storyboard import Storyboard, load_storyboards
from backmice.items.blueprint import Blueprints, load_blueprints, shortfalls
from backmice.items.load import ITEMS, Bank, load_bank
from backmice.located import Fault, LocatedError, read_text, read_yaml
from backmice.plots.load import load_plots
from backmice.plots.plot import Plot
from backmice.prose.run import Report, survey
from backmice.reasoning.vignette import Vignette, load_vignettes
from backmice.synonyms import load_synonyms
from backmice.ultrasound import FRAMES, Frames, load_frames
from backmice.video import Known, Video, load_recordings, load_videos

T = TypeVar("T")
#: A level of the spine or a span of levels: L5, L3-4, S1-S3.
LEVEL = re.compile(r"\b[A-Z]\d+(?:[-\N{EN DASH}/][A-Z]?\d+)*\b")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: Not glued to a letter; possessive, so that no part of a glued one is taken.
FIGURE = re.compile(r"(?<![\w.])\d++(?:\.\d++)?+(?!\w)")
ALLOWED_FIGURE = "a figure of the statement"
CALCULATOR = "dose-calculator"


@dataclass
class Course:
    """What was read, and every fault found on the way; a part that failed is None."""

    root: Path = Path()
    ledger: Ledger | None = None
    chapters: list[Chapter] = field(default_factory=list)
    bank: Bank | None = None
    blueprints: Blueprints | None = None
    coverage: Coverage | None = None
    regions: list[Region] = field(default_factory=list)
    views: list[Views] = field(default_factory=list)
    vignettes: dict[str, Vignette] | None = None
    ultrasound: Frames | None = None
    films: dict[str, Storyboard] = field(default_factory=dict)
    plots: dict[str, Plot] | None = None
    drawings: dict[str, Drawing] | None = None
    tables: dict[str, Rows] = field(default_factory=dict)
    videos: dict[str, Video] | None = None
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many claims each page cites, in the order of the contents."""
        return {c.file: len(c.claims()) for c in self.chapters}

    def users(self) -> dict[str, tuple[str, ...]]:
        """Return the claims that each page, item, structure, plot, drawing, vignette and film rests on."""
        users = {f"page {Path(c.file).with_suffix('')}": claims_of(c, self.ultrasound) for c in self.chapters}
        users |= {f"item {i.id}": i.all_claims() for i in (self.bank.items.values() if self.bank else ())}
        users |= {f"structure {s.id}": s.claims for r in self.regions for s in r.structures}
        users |= {f"plot {id_}": plot.claims() for id_, plot in (self.plots or {}).items()}
        users |= {f"drawing {id_}": drawing.claims() for id_, drawing in (self.drawings or {}).items()}
        users |= {f"vignette {v.id}": v.all_claims() for v in (self.vignettes or {}).values()}
        told = {slug: board.claims() for slug, board in self.films.items()}
        told |= {slug: video.claims() for slug, video in (self.videos or {}).items()}
        users |= {f"film {slug}": claims for slug, claims in told.items()}
        return {user: claims for user, claims in users.items() if claims}


def claims_of(chapter: Chapter, ultrasound: Frames | None) -> tuple[str, ...]:
    """Return the claims that a page rests on: those it cites, and those of its calculator and ultrasound frames."""
    found = list(chapter.claims())
    for mention in chapter.references:
        if mention.kind == CALCULATOR:
            found += dose.claim_ids()
        elif mention.kind == "ultrasound-frame" and ultrasound and (frame := ultrasound.frame(mention.name)):
            found += frame.claims
    return tuple(dict.fromkeys(found))


def read_course(root: Path) -> Course:
    """Read the whole course below `root`, collecting faults instead of stopping at the first."""
    course = Course(root)

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except LocatedError as error:
            course.faults.extend(error.faults)
            return None

    course.ledger = attempt(lambda: load_ledger(root))
    pages, missing = attempt(lambda: toc_pages(root)) or ([], [])
    course.faults.extend(missing)
    course.chapters = [c for page in pages if (c := attempt(lambda page=page: load_chapter(root / page, root)))]
    if len(course.chapters) == len(pages):  # a page that can't be read may say what a synonym means
        attempt(lambda: load_synonyms(root, text="\n".join(read_text(root / page)[1] for page in pages)))
    if course.ledger:
        claims = course.ledger.claims
        course.regions = [r for name in REGIONS if (r := attempt(lambda name=name: load_region(root, name, claims)))]
        course.views = [v for r in course.regions if (v := attempt(lambda r=r: load_views(root, r)))]
        if (root / FRAMES).is_file():
            course.ultrasound = attempt(lambda: load_frames(root, claims))
        # A region that can't be read would have each landmark told as missing.
        structures = {r.id: [s.id for s in r.structures] for r in course.regions}
        known = structures if structures.keys() == set(REGIONS) else None
        course.bank = attempt(lambda: load_bank(root, claims, structures=known))
        course.blueprints = attempt(lambda: load_blueprints(root))
        course.vignettes = attempt(lambda: load_vignettes(root, claims))
        course.plots = attempt(lambda: load_plots(root, claims))
        region = next((r for r in course.regions if r.id == REGION), None)
        course.drawings = attempt(lambda: load_drawings(root, claims, region))
        references = course.ledger.references
        read = {name: attempt(lambda name=name: load_table(root, name, references)) for name in TABLES}
        course.tables = {name: rows for name, rows in read.items() if rows is not None}
        course.coverage = attempt(lambda: load_coverage(root))
        known = known_to_films(course, pages, is_whole=len(course.chapters) == len(pages) and not missing)
        course.films = attempt(lambda: load_storyboards(root, known)) or {}
        course.videos = attempt(lambda: load_videos(root, known))
        attempt(lambda: load_recordings(root, references, claims))
        course.faults.extend(mention_faults(course))
    return course


def known_to_films(course: Course, pages: Iterable[str], *, is_whole: bool = True) -> Known:
    """Return what a storyboard or a manifest may name, of what could be read; `is_whole` if that was every page."""
    regions = course.regions
    complete = len(regions) == len(REGIONS)
    objectives = {id_ for c in course.chapters if c.is_lesson for id_ in c.opening.objectives}
    return Known(
        claims=course.ledger.claims,
        items=course.bank and course.bank.items.keys(),
        views=view_ids(course),
        objectives=objectives if is_whole else None,
        lessons={page.removesuffix(".md") for page in pages},
        structures={s.id for r in regions for s in r.structures} if complete else None,
        landmarks={name for r in regions for name in r.landmarks} if complete else None,
        frames={f.id for f in course.ultrasound.frames} if course.ultrasound else None,
    )


def view_ids(course: Course) -> set[str] | None:
    """Return the ids of the figures' named views, or None where one could not be read."""
    return {id_ for v in course.views for id_ in v.views} if len(course.views) == len(REGIONS) else None


def check(root: Path, tell: Callable[[str], object] = lambda words: None) -> tuple[list[Fault], Report]:
    """Return every fault of the course, with what must be reviewed again, and what its prose is like.

    Parameters
    ----------
    tell
        Is told what is being done, since that takes seconds.
    """
    tell("Reading the course")
    course = read_course(root)
    prose = Report()
    if course.ledger:
        tell("Reading its prose")
        documents = course.bank.documents if course.bank else {}
        prose = survey(root, course.ledger, [chapter.file for chapter in course.chapters], documents)
    if not course.faults:  # a page that can't be read would be missed here, too
        course.faults.extend(objective_faults(course))
        course.faults.extend(coverage_faults(course.coverage, course.chapters))
        course.faults.extend(shortfalls(course.blueprints, course.bank.items))
    if not course.faults:
        try:
            course.faults.extend(review_faults(root, course))
        except LocatedError as error:
            course.faults.extend(error.faults)
    return sorted(course.faults + prose.faults), prose


def toc_pages(root: Path) -> tuple[list[str], list[Fault]]:
    """Return the pages and notebooks that `_toc.yml` names and that are there, as paths with their ending, and its faults.

    Raises
    ------
    LocatedError
        If the file itself can't be read.
    """
    document = read_yaml(root / "_toc.yml", root)
    pages, faults = [], []
    for loc, name in _file_names(document.value, ()):
        if page := page_file(root, name):
            pages.append(page)
        else:
            faults.append(document.fault(loc, f"'{name}' has no page", f"create {name}.md or correct the name"))
    return pages, faults


def _file_names(value: object, loc: tuple[int | str, ...]) -> Iterable[tuple[tuple[int | str, ...], str]]:
    if isinstance(value, list):
        for i, entry in enumerate(value):
            yield from _file_names(entry, (*loc, i))
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key in ("root", "file"):
                yield (*loc, key), str(entry)
            else:
                yield from _file_names(entry, (*loc, key))


def mention_faults(course: Course) -> list[Fault]:
    """Return mentions in the chapters of things that are not there."""
    claims = course.ledger.claims if course.ledger else {}
    known = {
        "quiz": set(course.bank.quizzes) if course.bank else None,
        "item": set(course.bank.items) if course.bank else None,
        "exam": set(course.blueprints.exams) if course.blueprints else None,
        "anatomy-figure": {r.id for r in course.regions} or None,
        "view": view_ids(course),
        "reasoner": set(course.vignettes) if course.vignettes is not None else None,
        "ultrasound-frame": {f.id for f in course.ultrasound.frames} if course.ultrasound else None,
        "plot": None if course.plots is None else set(course.plots),
        "drawing": None if course.drawings is None else set(course.drawings),
        "sorted-table": set(TABLES),
        "video": None if course.videos is None else set(course.videos),
    }
    found = []
    for chapter in course.chapters:
        for mention in chapter.references:
            if mention.kind == CALCULATOR:
                found += calculator_faults(chapter.file, mention.line, claims)
            elif mention.kind in known:
                names = known[mention.kind]
                if names is not None and mention.name not in names:
                    allowed = f"one of: {', '.join(sorted(names)) or 'none yet'}"
                    if mention.kind == "item":  # too many to name
                        allowed = f"an id of {ITEMS}"
                    found.append(
                        Fault(chapter.file, mention.line, mention.kind, f"'{mention.name}' is not there", allowed)
                    )
            elif fault := mention_fault(claims.get(mention.name), None if mention.kind == "claim" else mention.value):
                wrong = f"'{mention.name}' {fault[0]}"
                found.append(Fault(chapter.file, mention.line, mention.kind, wrong, fault[1]))
            elif mention.kind == "claim":
                wrong = foreign_figures(mention.words, claims[mention.name].statement)
                found += [
                    Fault(
                        chapter.file, mention.line, "claim", f"says {figure}, which the claim does not", ALLOWED_FIGURE
                    )
                    for figure in wrong
                ]
    return found


def calculator_faults(file: str, line: int, claims: Mapping[str, Claim]) -> list[Fault]:
    """Return what the calculator of doses rests on and the ledger lacks."""
    refs = [*dose.REFS, *dose.SHOWN]
    parts = [(ref, *ref.partition("#")) for ref in refs]
    return [
        Fault(file, line, CALCULATOR, f"'{ref}' {fault[0]}", fault[1])
        for ref, id_, mark, name in parts
        if (fault := mention_fault(claims.get(id_), name if mark else None))
    ]


def objective_faults(course: Course) -> list[Fault]:
    """Return objectives that two lessons claim, that no item tests, and items whose objective their lesson lacks."""
    found, lessons = [], {}
    for chapter in (c for c in course.chapters if c.is_lesson):
        for id_ in chapter.opening.objectives:
            first = lessons.setdefault(id_, chapter)
            if first is not chapter:
                wrong = f"'{id_}' is also an objective of {first.file}"
                found.append(Fault(chapter.file, 1, "objectives", wrong, "give each objective its own id"))
    if course.bank is None:
        return found
    for item in course.bank.items.values():
        if item.objective not in lessons:
            wrong = f"'{item.objective}' is not an objective of any lesson"
            file = str(course.bank.files[item.id].relative_to(course.root))
            found.append(Fault(file, 1, "objective", wrong, f"one of: {', '.join(sorted(lessons))}"))
    tested = {item.objective for item in course.bank.items.values()}
    for id_, lesson in lessons.items():
        if id_ not in tested:
            found.append(
                Fault(lesson.file, 1, "objectives", f"no item tests '{id_}'", "write one, or drop the objective")
            )
    return found


def foreign_figures(words: str, statement: str) -> list[str]:
    """Return the figures in a chapter's own words that the claim's statement does not hold.

    Levels such as L5, S1-S3 or T11 are names, not figures.
    """
    stated = {float(figure) for figure in _figures(statement)}
    return [figure for figure in dict.fromkeys(_figures(words)) if float(figure) not in stated]


def _figures(text: str) -> list[str]:
    return FIGURE.findall(THOUSANDS.sub("", LEVEL.sub("", text)))


def review_faults(root: Path, course: Course) -> list[Fault]:
    """Return, as faults of the lock file, what rests on a claim that has changed."""
    again = due(course.users(), course.ledger.claims, load_reviewed(root))
    return [
        Fault(str(LOCK), 1, d.user, f"claim '{d.claim_id}': {d.why}", f"look again, then: backmice review '{d.user}'")
        for d in again
    ]
