"""QTI 2.1: a package, or the file of one item."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from lxml import etree

from backmice.archive import DAMAGED
from backmice.intake.moodle import based
from backmice.intake.question import Answer, Question, finite, squash
from backmice.intake.xml import parse
from backmice.located import Fault, LocatedError

LARGEST = 200_000_000  # bytes unpacked
ITEM = "imsqti_item_xmlv2p"
CASE = "case."
SLACK = 1e-9
NUMBERS = {"gte": "low", "gt": "low", "lte": "high", "lt": "high"}


def read(content: bytes, file: str) -> list[Question]:
    """Return the questions of a package or an item.

    Raises
    ------
    LocatedError
        If it is neither, or a file that the manifest names is missing.
    """
    if not content.startswith(b"PK"):
        return [_question(parse(content, file), file, {}, "", [], "")]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise LocatedError(Fault(file, 1, "file", "unpacks to over 200 MB", "split the package"))
            files = {name: archive.read(name) for name in archive.namelist()}
    except DAMAGED:
        raise LocatedError(Fault(file, 1, "file", "is no ZIP that can be read", "export the package again")) from None
    if "imsmanifest.xml" not in files:
        raise LocatedError(Fault(file, 1, "file", "has no imsmanifest.xml", "give a QTI package or one item"))
    manifest = f"{file}/imsmanifest.xml"
    found, faults = [], []
    for resource in parse(files["imsmanifest.xml"], manifest).iter("{*}resource"):
        href = resource.get("href", "")
        if not resource.get("type", "").startswith(ITEM):
            continue
        if href not in files:
            faults.append(
                Fault(manifest, resource.sourceline or 1, "href", f"'{href}' is not in the package", "add the file")
            )
            continue
        tags = [squash("".join(tag.itertext())) for tag in resource.iterfind(".//{*}keyword")]
        topic = squash("".join(resource.xpath("string(.//*[local-name()='taxon']/*[local-name()='entry'])")))
        try:
            found.append(_question(parse(files[href], f"{file}/{href}"), f"{file}/{href}", files, href, tags, topic))
        except LocatedError as error:
            faults += error.faults
    if faults:
        raise LocatedError(*faults)
    return found


def _question(
    root: etree._Element, file: str, files: dict[str, bytes], href: str, tags: list[str], topic: str
) -> Question:
    if etree.QName(root).localname != "assessmentItem":
        raise LocatedError(
            Fault(
                file,
                root.sourceline or 1,
                etree.QName(root).localname,
                "is not an assessmentItem",
                "give items of QTI 2.1",
            )
        )
    for element in root.iter():  # names are told apart without their namespace
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
    return _Reader(root, file, files, href, tags, topic).question()


class _Reader:
    """One item, whose names have no namespace."""

    def __init__(
        self, root: etree._Element, file: str, files: dict[str, bytes], href: str, tags: list[str], topic: str
    ) -> None:
        self.root, self.file, self.files, self.href = root, file, files, href
        told = root.findall("modalFeedback")
        self.told = {m.get("identifier", ""): m for m in told if m.get("outcomeIdentifier") == "FEEDBACK"}
        general = [squash(p) for m in told if m.get("outcomeIdentifier") != "FEEDBACK" for p in _paragraphs(m)]
        self.common = {
            "name": root.get("identifier", "").removeprefix("_"), "line": root.sourceline or 1, "tags": tags,
            "category": topic, "general": general,
        }  # fmt: skip

    def question(self) -> Question:
        found = [e for e in self.root.iterfind("itemBody//*") if str(e.tag).endswith("Interaction")]
        names = [str(interaction.tag) for interaction in found]
        if names == ["choiceInteraction"]:
            return self.choice(found[0])
        if names == ["matchInteraction"]:
            return self.match(found[0])
        if names == ["orderInteraction"]:
            return self.order(found[0])
        if names == ["hotspotInteraction"]:
            return self.hotspot(found[0])
        numbers = names in (["textEntryInteraction"], ["textEntryInteraction", "inlineChoiceInteraction"])
        if numbers and self.declared(found[0]).get("baseType") in ("float", "integer"):
            return self.number(found)
        lost = [f"a question of the form {' and '.join(names) or 'without interaction'}"]
        return Question("unknown", paragraphs=self.asked(None), lost=lost, **self.common)

    def declared(self, interaction: etree._Element) -> etree._Element:
        id_ = interaction.get("responseIdentifier")
        for declaration in self.root.iterfind("responseDeclaration"):
            if declaration.get("identifier") == id_:
                return declaration
        raise LocatedError(
            Fault(
                self.file, interaction.sourceline or 1, "responseIdentifier", f"'{id_}' is not declared", "declare it"
            )
        )

    def key(self, interaction: etree._Element) -> list[str]:
        return [squash(value.text or "") for value in self.declared(interaction).iterfind("correctResponse/value")]

    def asked(self, interaction: etree._Element | None) -> list[str]:
        """Return the situation and the question; the prompt of the interaction is the question."""
        body = self.root.find("itemBody")
        found = []
        for block in () if body is None else body.iterchildren():
            if block is interaction:
                prompt = interaction.find("prompt")
                found += [] if prompt is None else [_words(prompt)]
            elif isinstance(block.tag, str) and not any(str(e.tag).endswith("Interaction") for e in block.iter()):
                found += [squash(part) for part in _paragraphs(block)]
        return [part for part in found if part]

    def feedback(self, choice: etree._Element) -> str:
        inline = choice.find(".//feedbackInline")
        if inline is not None:
            return _words(inline)
        modal = self.told.get(choice.get("identifier", ""))
        return "" if modal is None else " ".join(map(squash, _paragraphs(modal)))

    def choice(self, interaction: etree._Element) -> Question:
        key, several = self.key(interaction), interaction.get("maxChoices") != "1"
        if not key:
            key = [
                e.get("mapKey", "")
                for e in self.declared(interaction).iter("mapEntry")
                if self.float(e, e.get("mappedValue", "0")) > 0
            ]
        answers = [
            Answer(
                _words(c, without="feedbackInline"),
                float(c.get("identifier") in key),
                self.feedback(c),
                c.get("identifier", ""),
            )
            for c in interaction.iterfind("simpleChoice")
        ]
        kind = "multiple" if several and len(key) > 1 else "single"
        return Question(kind, paragraphs=self.asked(interaction), answers=answers, **self.common)

    def match(self, interaction: etree._Element) -> Question:
        sides = interaction.findall("simpleMatchSet")
        if len(sides) != 2:
            raise LocatedError(
                Fault(self.file, interaction.sourceline or 1, "simpleMatchSet", f"has {len(sides)}", "give two sets")
            )
        cases, options = ([c for c in side.iterfind("simpleAssociableChoice")] for side in sides)
        ids = [[choice.get("identifier", "") for choice in side] for side in (cases, options)]
        pairs = [pair.partition(" ")[::2] for pair in self.key(interaction)]
        known = [(ids[0].index(a), ids[1].index(b)) for a, b in pairs if a in ids[0] and b in ids[1]]
        return Question(
            "matching",
            paragraphs=self.asked(interaction),
            answers=[Answer(_words(c), id=id_) for c, id_ in zip(options, ids[1], strict=True)],
            cases=[Answer(_words(c), id=id_.removeprefix(CASE)) for c, id_ in zip(cases, ids[0], strict=True)],
            pairs=known,
            **self.common,
        )

    def order(self, interaction: etree._Element) -> Question:
        key = self.key(interaction)
        steps = [
            Answer(
                _words(c),
                float(key.index(c.get("identifier")) if c.get("identifier") in key else 0),
                id=c.get("identifier", ""),
            )
            for c in interaction.iterfind("simpleChoice")
        ]
        return Question("ordering", paragraphs=self.asked(interaction), answers=steps, **self.common)

    def hotspot(self, interaction: etree._Element) -> Question:
        image, key, lost = interaction.find("object"), self.key(interaction), []
        width, height = (self.size(interaction, image, side) for side in ("width", "height"))
        spots = []
        for choice in interaction.iterfind("hotspotChoice"):
            corners = self.corners(choice)
            if not corners:
                lost.append(f"the region '{choice.get('identifier')}', a {choice.get('shape')}")
            region = tuple((round(100 * x / width, 3), round(100 * y / height, 3)) for x, y in corners)
            id_ = choice.get("identifier", "")
            spots.append(
                Answer(choice.get("hotspotLabel") or "", float(id_ in key), self.feedback(choice), id_, region=region)
            )
        source = image.get("data") or ""
        parts: list[str] = []
        for part in (*PurePosixPath(self.href).parent.parts, *source.split("/")):
            parts = parts[:-1] if part == ".." else [*parts, part]
        path = "/".join(part for part in parts if part not in ("", "."))
        content = self.files.get(path)
        if content is None:
            lost.append(f"the picture {source}, which is not in the file")
        held = (path.removeprefix("images/"), content) if content else None
        return Question(
            "hotspot", paragraphs=self.asked(interaction), answers=spots, picture=held, alt=_words(image), lost=lost, **self.common
        )  # fmt: skip

    def size(self, interaction: etree._Element, image: etree._Element | None, side: str) -> float:
        given = "" if image is None else image.get(side) or ""
        if not given.isdigit() or not int(given):
            wrong = f"has no {side} in pixels"
            raise LocatedError(Fault(self.file, interaction.sourceline or 1, "object", wrong, "give width and height"))
        return float(given)

    def corners(self, choice: etree._Element) -> list[tuple[float, float]]:
        try:
            found = [finite(part) for part in (choice.get("coords") or "").split(",")]
        except ValueError:
            wrong = f"is '{choice.get('coords')}'"
            raise LocatedError(Fault(self.file, choice.sourceline or 1, "coords", wrong, "write numbers")) from None
        if choice.get("shape") == "rect" and len(found) == 4:
            x0, y0, x1, y1 = found
            return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        return list(zip(found[::2], found[1::2], strict=False)) if choice.get("shape") == "poly" else []

    def number(self, interactions: list[etree._Element]) -> Question:
        entry = interactions[0]
        value = self.float(entry, (self.key(entry) or [""])[0])
        processing = self.root.find("responseProcessing")
        spans = (
            []
            if processing is None
            else [span for span in map(self.span, processing.iter("responseIf", "responseElseIf")) if span]
        )
        units, unit = self.units(interactions, spans)
        answers = [Answer("", 1.0, value=value, tolerance=_off(value, spans, unit))]
        for id_, modal in self.told.items():
            told = " ".join(map(squash, _paragraphs(modal)))
            known = [span for span in spans if span["told"] == id_]
            middle = _middle(known, unit)
            if middle is not None:
                answers.append(Answer("", 0.0, told, id_, middle, _off(middle, known, unit)))
        asked = self.asked(None)
        return Question("numeric", paragraphs=asked, answers=answers, units=units, unit=unit, **self.common)

    def span(self, branch: etree._Element) -> dict | None:
        """Return the bounds by unit of a branch that compares the response, and what it credits or tells."""
        outcome = {e.get("identifier"): squash("".join(e.itertext())) for e in branch.iterfind("setOutcomeValue")}
        bounds: dict[str, dict[str, float]] = {}
        ways = branch.findall("or/and") or branch.findall("and") or [branch]
        for way in ways:
            unit = "".join(way.xpath("match[variable/@identifier='UNIT']/baseValue/text()")).strip()
            for name, side in NUMBERS.items():
                for comparison in way.iterfind(name):
                    given = squash(comparison.findtext("baseValue") or "")
                    bounds.setdefault(unit, {})[side] = self.float(comparison, given)
            for equal in way.iterfind("equal"):
                off = (equal.get("tolerance") or "0").split()
                wanted = [squash(base.text or "") for base in equal.iterfind("baseValue")] or self.key(
                    self.root.find(".//textEntryInteraction")
                )
                middle = self.float(equal, wanted[0] if wanted else "")
                low, high = (self.float(equal, part) for part in (off[0], off[-1]))
                if equal.get("toleranceMode") == "relative":
                    low, high = abs(middle) * low / 100, abs(middle) * high / 100
                bounds[unit] = {"low": middle - low, "high": middle + high}
        whole = {unit: span for unit, span in bounds.items() if len(span) == 2}
        return {"bounds": whole, "credits": "SCORE" in outcome, "told": outcome.get("FEEDBACK", "")} if whole else None

    def units(self, interactions: list[etree._Element], spans: list[dict]) -> tuple[dict[str, float], str]:
        entry = interactions[0]
        if len(interactions) == 1:
            unit = squash(entry.tail or "")
            return ({unit: 1.0} if 0 < len(unit) <= 20 else {}), unit if 0 < len(unit) <= 20 else ""
        names = {c.get("identifier", ""): _words(c) for c in interactions[1].iterfind("inlineChoice")}
        key = (self.key(interactions[1]) or [""])[0]
        bounds = next((span["bounds"] for span in spans if span["credits"]), {})
        if key not in names or not all(bounds.get(id_, {}).get("high") for id_ in names):
            return {}, names.get(key, "")
        # A unit of which fewer make the same is the larger one.
        sizes = {names[id_]: bounds[key]["high"] / bounds[id_]["high"] for id_ in names}
        return (based(sizes) if all(sizes.values()) else {}), names[key]

    def float(self, element: etree._Element, given: str) -> float:
        try:
            return finite(given)
        except ValueError:
            wrong = f"is '{given[:40]}', not a number"
            raise LocatedError(
                Fault(self.file, element.sourceline or 1, str(element.tag), wrong, "write digits")
            ) from None


def _bounds(spans: list[dict], unit: str) -> dict[str, float] | None:
    """Return low and high in the unit of the key: of several units it is the first that is listed so."""
    for span in spans:
        if span["credits"] or span["told"]:
            bounds = span["bounds"]
            return bounds.get(unit) or next(iter(bounds.values()))
    return None


def _middle(spans: list[dict], unit: str) -> float | None:
    bounds = _bounds(spans, unit)
    return None if bounds is None else _short((bounds["low"] + bounds["high"]) / 2)


def _off(value: float, spans: list[dict], unit: str) -> float:
    """Return how far off is credited; what we add for binary fractions is taken away again."""
    bounds = _bounds(spans, unit)
    if bounds is None:
        return 0.0
    off = bounds["high"] - value
    shaved = off - SLACK * max(1, abs(value))
    return max(0.0, min((_short(off), _short(shaved)), key=lambda number: len(f"{number:.10g}")))


def _short(number: float) -> float:
    return float(f"{round(number, 9):.12g}")


def _words(element: etree._Element, without: str = "") -> str:
    """Return the text of an element on one line."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag != without:
            parts.append(_words(child, without))
        parts.append(child.tail or "")
    return squash("".join(parts))


def _paragraphs(element: etree._Element) -> list[str]:
    blocks = [p for p in element.iter("p", "li") if p is not element]
    return [_words(p) for p in blocks] if blocks else [_words(element)]
