"""Films as data: the manifest of each, and what must be true of it before a page shows it.

A film is a folder of media/videos: the film, its poster, its tracks and the manifest that tells of them. Which script
or camera made it is nothing to a page: a real clip takes the place of a drawn film by bringing its own files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.evidence.claim import Claim, Slug
from backmice.located import Document, Fault, Loc, LocatedError, Model, read_text, read_yaml

FOLDER = Path("media/videos")
MANIFEST = "manifest.json"
#: Real recordings that sources name: what other people show elsewhere.
RECORDINGS = FOLDER / "recordings.yml"

Seconds = Annotated[float, Field(ge=0)]
Words = Annotated[str, Field(min_length=3)]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Address = Annotated[str, Field(pattern=r"^https://\S+$")]


class Files(Model):
    """The names of a film's files, beside its manifest."""

    film: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*\.(mp4|webm)$")]
    poster: FileName
    captions: FileName
    chapters: FileName
    descriptions: FileName

    def tracks(self) -> dict[str, str]:
        """Return the names of the text tracks by kind."""
        return {"captions": self.captions, "chapters": self.chapters, "descriptions": self.descriptions}


class Chapter(Model):
    """Where a chapter begins, and its title."""

    start_s: Seconds
    title: Words


class Cue(Model):
    """A sentence that is said, from when to when, and the claims it rests on."""

    start_s: Seconds
    end_s: Seconds
    text: Words
    claims: tuple[Slug, ...] = ()


class Described(Model):
    """What is seen from a time on, for those who can't see it."""

    start_s: Seconds
    text: Words


class Pause(Model):
    """When the film stops to ask an item of the bank."""

    at_s: Seconds
    item: Slug


class Shown(Model):
    """Which named view of the 3-D figure goes with the film from a time on."""

    start_s: Seconds
    view: Slug


class Video(Model):
    """A film. `made_from` tells of its making: digests of what it was drawn from, or `filmed`, by whom and of whom."""

    slug: Slug
    title: Words
    summary: Words
    lesson: Annotated[str, Field(pattern=r"^book/[a-z0-9/-]+$")]
    objectives: Annotated[tuple[Slug, ...], Field(min_length=1)]
    duration_s: Annotated[float, Field(gt=0)]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    fps: Annotated[float, Field(gt=0)]
    files: Files
    bytes: Annotated[int, Field(gt=0)]
    loudness_lufs: float
    words_per_minute: Annotated[float, Field(ge=0)]
    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]
    transcript: Annotated[tuple[Cue, ...], Field(min_length=1)]
    described: Annotated[tuple[Described, ...], Field(min_length=1)]
    pauses: tuple[Pause, ...] = ()
    views: tuple[Shown, ...] = ()
    made_from: dict[str, str]

    @model_validator(mode="after")
    def _is_made(self) -> Video:
        if not {"storyboard", "filmed"} & self.made_from.keys():
            raise ValueError("made_from says nothing of its making; give storyboard, or filmed: by whom and of whom")
        return self

    @property
    def is_drawn(self) -> bool:
        """Whether it shows the course's own model, and no person."""
        return "filmed" not in self.made_from

    def claims(self) -> tuple[str, ...]:
        """Return every claim that what is said rests on, once, in order."""
        return tuple(dict.fromkeys(id_ for cue in self.transcript for id_ in cue.claims))

    def items(self) -> tuple[str, ...]:
        """Return the items that it asks, in order."""
        return tuple(pause.item for pause in self.pauses)

    def before(self, pause: Pause) -> Cue:
        """Return the sentence that was said last when the film pauses."""
        return max((cue for cue in self.transcript if cue.start_s <= pause.at_s), key=lambda cue: cue.start_s)


class Recording(Model):
    """A recording by other people: what it shows, who made it, the source that names it, and the page that leads to it.

    `known` tells whether `page` is the recording's own address or only the nearest page that is known.
    `embed` is the address of a player to be put into our page, once a reader has agreed.
    """

    title: Words
    shows: Words
    by: Words
    source: str
    claims: tuple[Slug, ...] = ()
    page: Address
    site: Words
    known: Literal["address", "page"]
    embed: Address | None = None


class Recordings(Model):
    """The file of recordings."""

    recordings: Annotated[tuple[Recording, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Known:
    """The ids that a manifest or a storyboard may name, by kind; None where they could not be read: not checked."""

    claims: Mapping[str, Claim]
    items: Collection[str] | None = None
    views: Collection[str] | None = None
    objectives: Collection[str] | None = None
    lessons: Collection[str] | None = None
    structures: Collection[str] | None = None
    landmarks: Collection[str] | None = None
    frames: Collection[str] | None = None


def load_videos(root: Path, known: Known) -> dict[str, Video]:
    """Read and check every film below `root`, by slug; a folder without a manifest is none yet.

    Raises
    ------
    LocatedError
        If a manifest does not fit, a file of it is missing, or it names what is not there.
    """
    found, faults = {}, []
    for path in sorted((root / FOLDER).glob(f"*/{MANIFEST}")):
        try:
            video = load_video(path, root, known)
        except LocatedError as error:
            faults += error.faults
        else:
            found[video.slug] = video
    if faults:
        raise LocatedError(*faults)
    return found


def load_video(path: Path, root: Path, known: Known) -> Video:
    """Read and check the film of one manifest.

    Raises
    ------
    LocatedError
        As for `load_videos`.
    """
    document = read_yaml(path, root)  # JSON is YAML, and so has lines
    video = document.parse(Video)
    faults = [
        *_file_faults(document, video, path.parent, root),
        *_time_faults(document, video),
        *_name_faults(document, video, path.parent.name, root, known),
    ]
    if faults:
        raise LocatedError(*faults)
    return video


def load_recordings(root: Path, sources: Collection[str], claims: Mapping[str, Claim]) -> tuple[Recording, ...]:
    """Read the recordings that sources name; none where the course has no such file.

    Raises
    ------
    LocatedError
        If the file does not fit, a source is not in the bibliography, or a claim is not published.
    """
    if not (root / RECORDINGS).is_file():
        return ()
    document = read_yaml(root / RECORDINGS, root)
    found = document.parse(Recordings).recordings
    faults = []
    for i, one in enumerate(found):
        if one.source not in sources:
            at: Loc = ("recordings", i, "source")
            faults.append(document.fault(at, f"'{one.source}' is no source", "a key of book/references.bib"))
        faults += _claim_faults(document, ("recordings", i, "claims"), one.claims, claims)
    if faults:
        raise LocatedError(*faults)
    return found


def clock(seconds: float) -> str:
    """Return a time of a film as players write it: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def spoken(seconds: float) -> str:
    """Return a length in words: 1 min 10 s."""
    minutes, rest = divmod(round(seconds), 60)
    return " ".join(f"{count} {unit}" for count, unit in ((minutes, "min"), (rest, "s")) if count) or "0 s"


def _file_faults(document: Document, video: Video, folder: Path, root: Path) -> Iterator[Fault]:
    for name, file in video.files:
        if not (folder / file).is_file():
            yield document.fault(("files", name), f"'{file}' is not there", "put it beside the manifest")
    film = folder / video.files.film
    if film.is_file() and film.stat().st_size != video.bytes:
        yield document.fault(("bytes",), f"is {video.bytes}", f"the film has {film.stat().st_size}")
    for name, file in video.files.tracks().items():
        if (folder / file).is_file() and not read_text(folder / file, root)[1].startswith("WEBVTT"):
            yield document.fault(("files", name), f"'{file}' is not WebVTT", "its first line begins with WEBVTT")


def _time_faults(document: Document, video: Video) -> Iterator[Fault]:
    times: dict[str, tuple[str, Sequence[float]]] = {
        "chapters": ("start_s", [chapter.start_s for chapter in video.chapters]),
        "transcript": ("start_s", [cue.start_s for cue in video.transcript]),
        "described": ("start_s", [part.start_s for part in video.described]),
        "pauses": ("at_s", [pause.at_s for pause in video.pauses]),
        "views": ("start_s", [shown.start_s for shown in video.views]),
    }
    for name, (field, starts) in times.items():
        for i, start in enumerate(starts):
            at: Loc = (name, i, field)
            if start > video.duration_s:
                yield document.fault(at, f"is {start:g}", f"the film ends at {video.duration_s:g}")
            if i and start <= starts[i - 1]:
                yield document.fault(
                    at, f"is {start:g}, after {starts[i - 1]:g}", "each begins later than the one before"
                )
    if video.chapters[0].start_s:
        yield document.fault(("chapters", 0, "start_s"), f"is {video.chapters[0].start_s:g}", "the first begins at 0")
    for i, cue in enumerate(video.transcript):
        later = [other.start_s for other in video.transcript[i + 1 : i + 2]]
        latest = min(later, default=video.duration_s)
        if not cue.start_s < cue.end_s <= latest:
            allowed = f"after {cue.start_s:g}, and not after {latest:g}, when the next begins or the film ends"
            yield document.fault(("transcript", i, "end_s"), f"is {cue.end_s:g}", allowed)


def _name_faults(document: Document, video: Video, folder: str, root: Path, known: Known) -> Iterator[Fault]:
    if video.slug != folder:
        yield document.fault(("slug",), f"is '{video.slug}'", f"'{folder}', as the folder is called")
    if not (root / f"{video.lesson}.md").is_file():
        yield document.fault(("lesson",), f"'{video.lesson}' has no page", "the page that shows it, without its ending")
    for i, cue in enumerate(video.transcript):
        yield from _claim_faults(document, ("transcript", i, "claims"), cue.claims, known.claims)
    named = {
        "items": (
            [(("pauses", i, "item"), pause.item) for i, pause in enumerate(video.pauses)],
            "an id of exercises/items",
        ),
        "views": ([(("views", i, "view"), shown.view) for i, shown in enumerate(video.views)], "a view of views.yml"),
        "objectives": (
            [(("objectives", i), id_) for i, id_ in enumerate(video.objectives)],
            "an objective of a lesson",
        ),
    }
    for kind, (places, allowed) in named.items():
        ids = getattr(known, kind)
        for at, name in places:
            if ids is not None and name not in ids:
                yield document.fault(at, f"'{name}' is not there", allowed)
    for i, pause in enumerate(video.pauses):
        if pause.at_s < video.transcript[0].start_s:
            yield document.fault(("pauses", i, "at_s"), f"is {pause.at_s:g}, before anything is said", "ask afterwards")
        if pause.item in video.items()[:i]:
            yield document.fault(("pauses", i, "item"), f"'{pause.item}' is asked twice", "ask each item once")


def _claim_faults(document: Document, at: Loc, ids: Sequence[str], claims: Mapping[str, Claim]) -> Iterator[Fault]:
    for i, id_ in enumerate(ids):
        if id_ not in claims or not claims[id_].published:
            yield document.fault((*at, i), f"'{id_}' is no published claim", "correct its id")
