"""What the course must cover, and where it does: `book/coverage.yml`, held against the pages.

A promise that no page keeps is a fault as any other, so that a gap can't hide behind a long table of contents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from backmice.chapter import Chapter
from backmice.items.item import Short, Slug, refuse_twice
from backmice.located import Document, Fault, Model, read_yaml

COVERAGE = Path("book/coverage.yml")
Places = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[a-z0-9/-]+(#[a-z0-9-]+)?$")], ...], AfterValidator(refuse_twice)
]


class Topic(Model):
    """One thing that the course must cover.

    Its places are pages, as `_toc.yml` names them, or passages of one: `book/bedside/palpation#weigh-touch`.
    """

    name: Short
    places: Places = ()
    claims: Annotated[
        tuple[Slug, ...],
        AfterValidator(refuse_twice),
        Field(description="Those that cover it; without them all that its places cite."),
    ] = ()


class Goal(Model):
    """Topics that somebody asked for."""

    id: Slug
    title: Short
    source: Short
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]


Goals = Annotated[tuple[Goal, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Coverage:
    """The goals, and where they were read."""

    goals: tuple[Goal, ...] = ()
    document: Document = field(default_factory=lambda: Document(str(COVERAGE), [], {}))


def load_coverage(root: Path) -> Coverage:
    """Read what must be covered below `root`; a course without the file promises nothing.

    Raises
    ------
    LocatedError
        If the file does not fit.
    """
    if not (root / COVERAGE).is_file():
        return Coverage()
    document = read_yaml(root / COVERAGE, root)
    return Coverage(document.parse(Goals), document)


def coverage_faults(coverage: Coverage, chapters: Sequence[Chapter]) -> Iterator[Fault]:
    """Yield the gaps: a topic without a place, a place that is not there, a claim that its places don't cite."""
    pages = by_name(chapters)
    for i, goal in enumerate(coverage.goals):
        for j, topic in enumerate(goal.topics):
            loc = (i, "topics", j)
            if not topic.places:
                yield coverage.document.fault(
                    loc, f"no page covers '{topic.name}'", "write one and name it in `places`"
                )
            lost = [place for place in topic.places if not _is_there(place, pages)]
            for place in lost:
                at = (*loc, "places", topic.places.index(place))
                yield coverage.document.fault(at, f"'{place}' is not there", "a page of _toc.yml, or page#passage")
            cited = {id_ for place in topic.places if place not in lost for id_ in _cited(place, pages)}
            for k, id_ in enumerate(topic.claims if not lost else ()):
                if id_ not in cited:
                    wrong = f"'{id_}' is not cited there"
                    yield coverage.document.fault(
                        (*loc, "claims", k), wrong, "an id of the ledger that the places cite"
                    )


def claims_of(topic: Topic, pages: Mapping[str, Chapter]) -> tuple[str, ...]:
    """Return the claims that cover a topic: those it names, or all that its places cite.

    Raises
    ------
    KeyError
        If one of its places is not there.
    """
    return topic.claims or tuple(dict.fromkeys(id_ for place in topic.places for id_ in _cited(place, pages)))


def by_name(chapters: Sequence[Chapter]) -> dict[str, Chapter]:
    """Return chapters by their names in `_toc.yml`."""
    return {chapter.file.removesuffix(".md"): chapter for chapter in chapters}


def _is_there(place: str, pages: Mapping[str, Chapter]) -> bool:
    page, _, passage = place.partition("#")
    return page in pages and (not passage or passage in pages[page].passages)


def _cited(place: str, pages: Mapping[str, Chapter]) -> tuple[str, ...]:
    page, _, passage = place.partition("#")
    return pages[page].claims(passage or None)
