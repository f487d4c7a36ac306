"""What is exported: items in an order, under a title, with the pictures they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backmice.evidence.ledger import Ledger, load_ledger
from backmice.items.blueprint import Blueprints, load_blueprints
from backmice.items.draw import draw_exam
from backmice.items.load import Bank, load_bank
from backmice.items.model import Hotspot, Item

WHOLE = "bank"


class ExportError(Exception):
    """What was asked for can't be exported; the words say what can."""


class NoSuchName(ExportError):
    """Nothing is called so.

    Attributes
    ----------
    known
        What could be chosen.
    """

    def __init__(self, name: str, what: str, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(f"'{name}' is no {what}; one of: {', '.join(self.known)}")


@dataclass(frozen=True)
class Paper:
    """Items in order.

    Attributes
    ----------
    pictures
        The bytes of each picture by its path below the course.
    titles
        The titles of topics: those of the quizzes of the same name, or those that the plan gives.
    ledger
        What the items rest on.
    root
        The course's folder, where npm's typeface is.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    pictures: Mapping[str, bytes]
    titles: Mapping[str, str]
    ledger: Ledger
    root: Path

    def topic(self, item: Item) -> str:
        """Return the title of an item's topic, else its id in words."""
        return self.titles.get(item.topic) or item.topic.replace("-", " ").capitalize()


def choose(
    root: Path,
    bank: Bank,
    blueprints: Blueprints,
    name: str,
    seed: int | None = None,
    ledger: Ledger | None = None,
) -> Paper:
    """Return the paper that `name` stands for.

    Parameters
    ----------
    name
        `bank` for every item, or the id of a quiz, a blueprint or a topic, looked for in this order.
    seed
        What a blueprint is drawn with: the same as in the browser gives the same items.
    ledger
        What the bank rests on; read again if it isn't given.

    Raises
    ------
    ExportError
        If nothing has that name, a blueprint has no seed, something else has one, or a picture can't be read.
    """
    title, items = _items(bank, blueprints, name, seed)
    titles = {quiz.id: quiz.title for quiz in bank.quizzes.values()}
    titles |= blueprints.plan.titles if blueprints.plan else {}
    id_ = name if seed is None else f"{name}-{seed}"
    return Paper(id_, title, items, _pictures(root, items), titles, ledger or load_ledger(root), root)


def load_paper(root: Path, name: str, seed: int | None = None, pick: Callable[..., Paper] = choose) -> Paper:
    """Read the course and return the paper that `name` stands for.

    Parameters
    ----------
    pick
        `choose`, or what takes the same and knows more names.

    Raises
    ------
    LocatedError
        If the ledger, the bank or a blueprint has faults.
    ExportError
        As `pick` does.
    """
    ledger = load_ledger(root)
    return pick(root, load_bank(root, ledger), load_blueprints(root), name, seed, ledger)


def _items(bank: Bank, blueprints: Blueprints, name: str, seed: int | None) -> tuple[str, tuple[Item, ...]]:
    is_exam = name in blueprints.exams and name not in bank.quizzes and name != WHOLE
    if seed is not None and not is_exam:
        raise ExportError(f"'{name}' is no blueprint, so --seed decides nothing; leave it out")
    everything = tuple(item for _, item in sorted(bank.items.items()))
    if name == WHOLE:
        return "The whole bank", everything
    if name in bank.quizzes:
        return bank.quizzes[name].title, bank.items_of(name)
    if is_exam:
        if seed is None:
            raise ExportError(f"'{name}' is a blueprint; give the seed that draws from it, such as --seed 1")
        if blueprints.plan is None:  # load_blueprints refuses a blueprint without one
            raise ExportError("there is no plan of the bank")
        exam = blueprints.exams[name]
        try:
            return exam.title, draw_exam(bank.items, blueprints.plan, exam, seed)
        except ValueError as error:
            raise ExportError(f"blueprint '{name}' {error}; draw from another") from None
    if found := tuple(item for item in everything if item.topic == name):
        return name, found
    known = dict.fromkeys((WHOLE, *bank.quizzes, *blueprints.exams, *sorted({item.topic for item in everything})))
    raise NoSuchName(name, "quiz, blueprint or topic", known)


def _pictures(root: Path, items: tuple[Item, ...]) -> dict[str, bytes]:
    paths = sorted({item.picture for item in items if isinstance(item, Hotspot)})
    try:
        return {path: (root / path).read_bytes() for path in paths}
    except OSError as error:
        raise ExportError(f"{error.filename} can't be read: {error.strerror}; put the picture there") from None
