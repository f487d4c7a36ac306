"""The sources, read from BibTeX, with what was actually seen of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pybtex.database import BibliographyData, Entry, Person, parse_string
from pybtex.exceptions import PybtexError

from backmice.located import Fault, LocatedError, read_text

IDENTIFIERS = {
    "doi": (re.compile(r"10\.\d{4,9}/\S+"), "https://doi.org/{}", "DOI"),
    "pmid": (re.compile(r"\d{1,8}"), "https://pubmed.ncbi.nlm.nih.gov/{}/", "PubMed"),
    "pmcid": (re.compile(r"PMC\d{4,9}"), "https://pmc.ncbi.nlm.nih.gov/articles/{}/", "PMC"),
    "url": (re.compile(r"https?://\S+"), "{}", "web page"),
}
#: The names that BibLaTeX has for languages, and their tags.
LANGUAGES = {"english": "", "french": "fr", "german": "de", "italian": "it", "spanish": "es", "turkish": "tr"}
KNOWN = re.compile(r"(verified|seed|recalled)\b[:;,]?")


@dataclass(frozen=True)
class Reference:
    """One source.

    `and_others` says that the entry names only the first authors.
    `seen` tells what record of it was read; `known` is verified, seed or recalled.
    `identifiers` maps doi, pmid, pmcid and url to what the entry holds of them.
    `language` is the tag of the language of the title, empty for English.
    """

    key: str
    authors: tuple[str, ...]
    and_others: bool
    title: str
    container: str
    year: str
    where: str
    identifiers: dict[str, str]
    known: str
    seen: str
    language: str = ""

    def links(self) -> list[tuple[str, str]]:
        """Return (label, address) pairs, the most durable first."""
        return [(IDENTIFIERS[k][2], IDENTIFIERS[k][1].format(v)) for k, v in self.identifiers.items()]

    def short(self) -> str:
        """Return a name for running text: `Konno and others, 2017`."""
        names = [a.rsplit(" ", 1)[0] if a[-1:] == "." else a for a in self.authors]
        if len(names) > 2 or (names and self.and_others):
            who = f"{names[0]} and others"
        else:
            who = " and ".join(names) or self.container or self.title
        return f"{who}, {self.year}" if self.year else who


def load_bibliography(path: Path, root: Path | None = None) -> dict[str, Reference]:
    """Read a BibTeX file into references by key, in the order of the file.

    Raises
    ------
    LocatedError
        If the file is not there, is not UTF-8 or is not BibTeX, a key stands twice, or a field is not of its form.
    """
    file, text = read_text(path, root)
    lines = entry_lines(text)
    faults = [fault for entry_key, at in lines.items() for fault in _twice(file, entry_key, at)]
    if faults:
        raise LocatedError(*faults)
    data = _parse(text, file)
    for key, entry in data.entries.items():
        faults += _faults(file, lines.get(key, [1])[0], entry)
    if faults:
        raise LocatedError(*faults)
    return {key: _reference(key, entry) for key, entry in data.entries.items()}


def entry_lines(text: str) -> dict[str, list[int]]:
    """Return the lines on which each key is defined."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*@\w+\s*\{\s*([^,\s]+)\s*,", line):
            found.setdefault(match[1], []).append(number)
    return found


def _twice(file: str, key: str, at: list[int]) -> list[Fault]:
    return [Fault(file, line, key, f"stands twice, first on line {at[0]}", "keep one entry") for line in at[1:]]


def _parse(text: str, file: str) -> BibliographyData:
    try:
        return parse_string(text, "bibtex")
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(error).splitlines()[0]
        raise LocatedError(Fault(file, line, "file", f"is not BibTeX: {reason}", "correct the syntax")) from None


def _faults(file: str, line: int, entry: Entry) -> list[Fault]:
    found = []
    if not _plain(entry.fields.get("title", "")):
        found.append(Fault(file, line, f"{entry.key}.title", "is missing", "every source needs a title"))
    year = entry.fields.get("year", "")
    if year and not re.fullmatch(r"(17|18|19|20)\d\d", year):
        found.append(Fault(file, line, f"{entry.key}.year", f"is {year!r}", "four digits, or leave it out"))
    language = entry.fields.get("langid", "english")
    if language not in LANGUAGES:
        found.append(Fault(file, line, f"{entry.key}.langid", f"is {language!r}", f"one of: {', '.join(LANGUAGES)}"))
    for name, (form, _, _) in IDENTIFIERS.items():
        value = entry.fields.get(name, "")
        if value and not form.fullmatch(value):
            found.append(Fault(file, line, f"{entry.key}.{name}", f"is {value!r}", f"must match {form.pattern}"))
    if not KNOWN.match(entry.fields.get("note", "")):
        wrong = "does not say how the source is known"
        found.append(Fault(file, line, f"{entry.key}.note", wrong, "begin it with verified, seed or recalled"))
    return found


def _reference(key: str, entry: Entry) -> Reference:
    field = {name: _plain(value) for name, value in entry.fields.items()}
    known = KNOWN.match(field["note"])
    volume = field.get("volume", "") + (f"({field['number']})" if field.get("number") else "")
    authors = [_name(person) for person in entry.persons.get("author", [])]
    return Reference(
        key=key,
        authors=tuple(name for name in authors if name != "others"),
        and_others="others" in authors,
        title=field["title"],
        container=next((field[f] for f in ("journal", "booktitle", "howpublished", "publisher") if field.get(f)), ""),
        year=field.get("year", ""),
        where=":".join(part for part in (volume, field.get("pages", "")) if part),
        identifiers={name: field[name] for name in IDENTIFIERS if field.get(name)},
        known=known[1],
        seen=field["note"][known.end() :].strip(),
        language=LANGUAGES[field.get("langid", "english")],
    )


def _plain(text: str) -> str:
    """Return BibTeX text without its braces and escapes."""
    return re.sub(r"\\([&%_#$])", r"\1", text).replace("{", "").replace("}", "").strip()


def _name(person: Person) -> str:
    """Return `Konno T.`; a body such as `{World Health Organization}` stays whole."""
    last = _plain(" ".join(person.prelast_names + person.last_names))
    initials = "".join(f"{_plain(n)[0]}." for n in person.first_names + person.middle_names if _plain(n))
    return f"{last} {initials}".strip()
