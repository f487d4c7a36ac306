"""Reading what an author writes, so that every fault names its file, line and field.

Refuses what makes YAML surprising: duplicate keys, aliases, custom tags; and CSV whose rows don't fit its head.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from yaml.constructor import SafeConstructor

Loc = tuple[int | str, ...]
T = TypeVar("T")
MAX_DEPTH = 40
MAX_WHOLE = 10**15
PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "timestamp")}


@dataclass(frozen=True, order=True)
class Fault:
    """One thing an author can mend: where it is, what is wrong, what is allowed."""

    file: str
    line: int
    field: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.wrong}; {self.allowed}"


class LocatedError(Exception):
    """Everything found wrong in one reading, in the order of the file."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class Model(BaseModel):
    """A frozen value read from an author's file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Document:
    """A YAML or CSV file as plain values, and the line on which each of them stands."""

    file: str
    value: Any
    lines: dict[Loc, int]

    def line(self, loc: Loc) -> int:
        """Return the line of `loc`, or of the nearest thing that holds it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def fault(self, loc: Loc, wrong: str, allowed: str) -> Fault:
        """Return a fault at `loc`."""
        return Fault(self.file, self.line(loc), field_name(loc), wrong, allowed)

    def parse(self, kind: type[T] | Any) -> T:
        """Return the document as `kind`.

        Raises
        ------
        LocatedError
            If the document does not fit, with one fault for each field.
        """
        try:
            # JSON mode is strict about text and numbers, yet takes lists for tuples.
            return TypeAdapter(kind).validate_json(json.dumps(self.value, default=str))
        except ValidationError as error:
            found = error.errors()
            # A list is short, too, of what is wrong anywhere in it: that is told already.
            told = {e["loc"][:depth] for e in found for depth in range(len(e["loc"]))}
            found = [e for e in found if e["type"] != "too_short" or e["loc"] not in told]
            raise LocatedError(*(self._explain(e) for e in found)) from None

    def _explain(self, error: Any) -> Fault:
        # A union adds the names of its arms to the path: keep what the author wrote.
        loc: Loc = ()
        for part in error["loc"]:
            if (*loc, part) in self.lines or error["type"] == "missing":
                loc = (*loc, part)
        wrong, allowed = explain(error)
        return self.fault(loc or tuple(error["loc"]), wrong, allowed)


def field_name(loc: Loc) -> str:
    """Return a path such as `options[2].rationale`; the document itself is `file`."""
    name = ""
    for part in loc:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name or "file"


def explain(error: Any) -> tuple[str, str]:
    """Return what is wrong and what is allowed, for one pydantic error."""
    given, context = error["input"], error.get("ctx", {})
    shown = repr(given) if len(repr(given)) <= 60 else repr(given)[:57] + "..."
    match error["type"]:
        case "missing":
            return "is missing", "this field is required"
        case "extra_forbidden":
            return "is not a known field", "remove it or correct its name"
        case "literal_error":
            return f"is {shown}", f"allowed: {context['expected']}"
        case "string_pattern_mismatch":
            return f"is {shown}", f"must match {context['pattern']}"
        case "string_type":
            return f"is {shown}, not text", "put it in quotes"
        case "too_short":
            return f"has {context['actual_length']}", f"give at least {context['min_length']}"
        case "too_long":
            return f"has {len(given)}", f"give at most {context['max_length']}"
        case "list_type" | "tuple_type":
            return f"is {shown}, not a list", "put a dash before each entry"
        case "dict_type":
            return f"is {shown}, not a set of fields", "write `name: value` on a line for each"
        case "value_error":
            wrong, _, allowed = str(context["error"]).partition("; ")
            return wrong, allowed or "correct it"
    return f"is {shown}", error["msg"][0].lower() + error["msg"][1:]


def read_yaml(path: Path, root: Path | None = None) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    root
        Faults name the file relative to this folder.

    Raises
    ------
    LocatedError
        If the file is missing, is not UTF-8 or is not plain YAML.
    """
    file, text = read_text(path, root)
    return parse_yaml(text, file)


def read_csv(path: Path, root: Path | None = None) -> Document:
    """Read one CSV file with a head as a list of rows; a row maps each column that it fills to its text.

    Raises
    ------
    LocatedError
        If the file is missing, is not UTF-8, is not CSV, or a row has more or fewer cells than the head.
    """
    file, text = read_text(path, root)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[dict[str, str]] = []
    lines: dict[Loc, int] = {(): 1}
    try:
        head = next(reader, [])
        if not all(head) or len(set(head)) < len(head) or not head:
            raise LocatedError(Fault(file, 1, "file", "has no sound head", "name each column once in the first line"))
        line = reader.line_num + 1
        for cells in reader:
            at = (len(rows),)
            if len(cells) != len(head):
                wrong = f"has {len(cells)} cells"
                raise LocatedError(Fault(file, line, field_name(at), wrong, f"the head has {len(head)} columns"))
            rows.append({column: cell.strip() for column, cell in zip(head, cells, strict=True) if cell.strip()})
            lines |= {at: line} | {(*at, column): line for column in head}
            line = reader.line_num + 1
    except csv.Error as error:
        fault = Fault(file, reader.line_num, "file", f"is not CSV: {error}", "double a quotation mark inside quotes")
        raise LocatedError(fault) from None
    return Document(file, rows, lines)


def read_text(path: Path, root: Path | None = None) -> tuple[str, str]:
    """Return a file's name, as faults give it, and its text.

    Raises
    ------
    LocatedError
        If the file is missing, can't be read or is not UTF-8.
    """
    file = str(path.relative_to(root) if root and path.is_relative_to(root) else path)
    try:
        # Some editors put a mark before the first character.
        return file, path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LocatedError(Fault(file, 1, "file", "does not exist", "create it or correct the name")) from None
    except UnicodeDecodeError:
        raise LocatedError(Fault(file, 1, "file", "is not UTF-8 text", "save it as UTF-8")) from None
    except OSError as error:
        wrong = f"can't be read: {error.strerror}"
        raise LocatedError(Fault(file, 1, "file", wrong, "put a readable file there")) from None


def parse_yaml(text: str, file: str) -> Document:
    """Turn YAML text into values and line numbers.

    Raises
    ------
    LocatedError
        If the text is not plain YAML.
    """
    try:
        _survey(text, file)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        return _Reader(file).read(node)
    except yaml.MarkedYAMLError as error:
        # What is missing at the end is missed one line below it.
        line = min(error.problem_mark.line + 1, len(text.splitlines()) or 1) if error.problem_mark else 1
        raise LocatedError(Fault(file, line, "file", f"is not YAML: {error.problem}", "correct the syntax")) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise LocatedError(Fault(file, 1, "file", f"is not YAML: {reason}", "correct the syntax")) from None


def _survey(text: str, file: str) -> None:
    """Refuse depth and aliases before nodes are made.

    Making nodes recurses in C and would take the interpreter down with it, and a node no longer knows
    the line of its alias.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise LocatedError(Fault(file, line, "file", "is nested too deeply", f"at most {MAX_DEPTH} levels"))
        if isinstance(event, yaml.AliasEvent):
            raise LocatedError(Fault(file, line, f"*{event.anchor}", "is a YAML alias", "write the value out"))


class _Reader:
    """Walks a YAML node tree once, collecting values and their lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Loc, int] = {}

    def read(self, node: yaml.Node | None) -> Document:
        value = None if node is None else self.convert(node, ())
        return Document(self.file, value, self.lines)

    def refuse(self, node: yaml.Node, loc: Loc, wrong: str, allowed: str) -> LocatedError:
        return LocatedError(Fault(self.file, node.start_mark.line + 1, field_name(loc), wrong, allowed))

    def convert(self, node: yaml.Node, loc: Loc) -> Any:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self.mapping(node, loc)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.convert(child, (*loc, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in PLAIN_TAGS:
            return self.scalar(node, loc)
        raise self.refuse(node, loc, f"has the tag {node.tag}", "write a plain value")

    def mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.refuse(key, loc, "has a key that is not a word", "use a plain word before the colon")
            inner = (*loc, key.value)
            if key.value in result:
                raise self.refuse(key, inner, "stands twice", "keep one of them")
            self.lines[inner] = key.start_mark.line + 1
            result[key.value] = self.convert(child, inner)
        return result

    def scalar(self, node: yaml.ScalarNode, loc: Loc) -> Any:
        try:
            value = SafeConstructor().construct_object(node)
            if isinstance(value, int) and abs(value) > MAX_WHOLE:
                raise ValueError
            return value
        # A tag such as !!int on text that is none fails in ways of its own.
        except (ValueError, OverflowError, LookupError, AttributeError, yaml.YAMLError):
            raise self.refuse(node, loc, f"is {node.value[:60]!r}, not a value", "put text in quotes") from None
