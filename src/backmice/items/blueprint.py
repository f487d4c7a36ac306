"""What the bank must hold (exercises/bank.yml) and what each exam draws from it (exercises/blueprints).

The plan groups topics into areas. A blueprint counts items by area and level; which ones a sitting
gets is decided by its seed, in `draw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from backmice.items.model import Item, Level, Short, Slug, Text, refuse_twice
from backmice.located import Document, Fault, LocatedError, Model, read_yaml

PLAN = Path("exercises/bank.yml")
BLUEPRINTS = Path("exercises/blueprints")
Topics = Annotated[tuple[Slug, ...], Field(min_length=1), AfterValidator(refuse_twice)]


class Area(Model):
    """Topics that belong together, and how many items they hold at the least."""

    id: Slug
    title: Short
    topics: Topics
    at_least: Annotated[int, Field(ge=1, description="Items of these topics, all told.")]


class Plan(Model):
    """What the bank must hold."""

    at_least: Annotated[int, Field(ge=1, description="Items in all.")]
    recall_at_most: Annotated[float, Field(gt=0, le=1, description="Share of items that only ask for recall.")]
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    titles: Annotated[
        dict[Slug, Short], Field(default_factory=dict, description="Of topics that no one lesson teaches.")
    ]

    @field_validator("areas")
    @classmethod
    def _each_topic_in_one_area(cls, areas: tuple[Area, ...]) -> tuple[Area, ...]:
        refuse_twice(tuple(area.id for area in areas))
        refuse_twice(tuple(topic for area in areas for topic in area.topics))
        return areas

    @field_validator("titles")
    @classmethod
    def _titles_of_topics(cls, titles: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = [topic for area in info.data.get("areas", ()) for topic in area.topics]
        if known and (unknown := [topic for topic in titles if topic not in known]):
            raise ValueError(f"'{unknown[0]}' is not a topic of an area; allowed: {', '.join(known)}")
        return titles

    def topics(self, area_id: str) -> tuple[str, ...]:
        """Return the topics of an area.

        Raises
        ------
        KeyError
            If there is no such area.
        """
        return {area.id: area.topics for area in self.areas}[area_id]

    def area_of(self, topic: str) -> Area | None:
        """Return the area that a topic belongs to."""
        return next((area for area in self.areas if topic in area.topics), None)


class Count(Model):
    """How many items of an area ask one thing of the learner."""

    area: Slug
    level: Level
    count: Annotated[int, Field(ge=1, le=100)]


class Blueprint(Model):
    """What an exam draws."""

    id: Slug
    title: Short
    intro: Text
    minutes: Annotated[int, Field(ge=1, le=600, description="The time proposed to who wants a limit.")]
    counts: Annotated[tuple[Count, ...], Field(min_length=1)]

    @field_validator("counts")
    @classmethod
    def _each_cell_once(cls, counts: tuple[Count, ...]) -> tuple[Count, ...]:
        refuse_twice(tuple(f"{c.area}, {c.level}" for c in counts))
        return counts

    @property
    def items(self) -> int:
        """How many items a sitting has."""
        return sum(count.count for count in self.counts)


@dataclass(frozen=True)
class Blueprints:
    """The plan of the bank, if there is one, the exams by id, and where each was read."""

    plan: Plan | None = None
    exams: dict[str, Blueprint] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)


def load_blueprints(root: Path) -> Blueprints:
    """Read the plan and every blueprint below `root`.

    Raises
    ------
    LocatedError
        With every fault of every file: one that does not fit its model, an id that is not the file
        name, a blueprint without a plan or with an area that the plan lacks.
    """
    found, faults = Blueprints(), []
    if (root / PLAN).is_file():
        document = read_yaml(root / PLAN, root)
        found = Blueprints(document.parse(Plan), documents={"bank": document})
    for path in sorted((root / BLUEPRINTS).glob("*.yml")):
        try:
            document = read_yaml(path, root)
            exam = document.parse(Blueprint)
        except LocatedError as error:
            faults += error.faults
            continue
        faults += _blueprint_faults(document, path, exam, found.plan)
        found.exams[exam.id] = exam
        found.documents[exam.id] = document
    if faults:
        raise LocatedError(*faults)
    return found


def _blueprint_faults(document: Document, path: Path, exam: Blueprint, plan: Plan | None) -> Iterator[Fault]:
    if exam.id != path.stem:
        yield document.fault(("id",), f"'{exam.id}' is not the file name '{path.stem}'", "make the two agree")
    areas = [area.id for area in plan.areas] if plan else []
    for i, count in enumerate(exam.counts):
        if count.area not in areas:
            allowed = f"one of: {', '.join(areas)}" if areas else f"write {PLAN} first"
            yield document.fault(("counts", i, "area"), f"'{count.area}' is not an area of the plan", allowed)


def shortfalls(blueprints: Blueprints, items: Mapping[str, Item]) -> list[Fault]:
    """Return what the bank lacks of its plan and of the exams that draw from it."""
    if blueprints.plan is None:
        return []
    plan, document = blueprints.plan, blueprints.documents["bank"]
    faults = list(_bank_faults(document, plan, items))
    for id_, exam in blueprints.exams.items():
        for i, count in enumerate(exam.counts):
            topics = plan.topics(count.area)
            there = sum(item.topic in topics and item.level == count.level for item in items.values())
            if there < count.count:
                wrong = f"asks for {count.count}; area '{count.area}' has {there} of level {count.level}"
                faults.append(
                    blueprints.documents[id_].fault(("counts", i, "count"), wrong, "ask for fewer or write more")
                )
    return faults


def _bank_faults(document: Document, plan: Plan, items: Mapping[str, Item]) -> Iterator[Fault]:
    if len(items) < plan.at_least:
        yield document.fault(("at_least",), f"the bank has {len(items)} of {plan.at_least} items", "write more")
    recall = sum(item.level == "recall" for item in items.values())
    if items and recall / len(items) > plan.recall_at_most:
        wrong = f"{recall} of {len(items)} items ask for recall, more than {plan.recall_at_most:.0%}"
        yield document.fault(("recall_at_most",), wrong, "ask for application and analysis instead")
    for i, area in enumerate(plan.areas):
        there = [item for item in items.values() if item.topic in area.topics]
        if len(there) < area.at_least:
            wrong = f"area '{area.id}' has {len(there)} of {area.at_least} items"
            yield document.fault(("areas", i, "at_least"), wrong, "write more")
        for j, topic in enumerate(area.topics):
            if not any(item.topic == topic for item in there):
                yield document.fault(("areas", i, "topics", j), f"topic '{topic}' has no item", "correct its name")
    for topic in sorted({item.topic for item in items.values()}):
        if plan.area_of(topic) is None:
            yield document.fault(("areas",), f"no area holds the topic '{topic}'", "add it to one")
