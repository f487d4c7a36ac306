"""A film's pictures: each shot drawn frame by frame into a piece of its own, so that what is whole is kept."""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from backmice.anatomy.structure import Region
from backmice.film import storyboard as sb
from backmice.film.acting import Film, needle_axis
from backmice.film.back import Back
from backmice.film.camera import HEIGHT, WIDTH, Aim, between, moves
from backmice.film.clock import DRAWN_FPS, FPS, Take
from backmice.film.echo import Echoes
from backmice.film.exam import ExamStage
from backmice.film.frame import Frame
from backmice.film.mesh import eased
from backmice.film.overlay import Sheet, card, labels, origin
from backmice.film.section import Section
from backmice.film.stage import Stage

DISSOLVE_S = 0.56
#: Of so many pictures one is drawn while only the camera moves.
CALM_STEP = 2
#: Quality of the moving picture: constant, with a ceiling that keeps eight films under 60 MB.
CODEC = ["-c:v", "libx264", "-preset", "medium", "-crf", "24", "-maxrate", "1000k", "-bufsize", "3000k", "-pix_fmt", "yuv420p",
         "-profile:v", "high", "-g", "125"]  # fmt: skip


def encoder() -> str:
    """Return the path of ffmpeg: a tool, which ships nowhere with the course."""
    import imageio_ffmpeg

    return imageio_ffmpeg.get_ffmpeg_exe()


@dataclass
class Studio:
    """All that drawing one film needs; the stage is built when first asked for."""

    root: Path
    region: Region
    board: sb.Storyboard
    takes: tuple[Take, ...]

    def __post_init__(self) -> None:
        self.back = Back(self.region, self.board)
        self.film = Film(self.board, self.back, self.takes)
        self.moves = moves(self.board, self.back)
        self.sections: dict[str, Section] = {}
        self._stage: Stage | None = None
        self._exam: ExamStage | None = None
        self._echoes: Echoes | None = None

    @property
    def stage(self) -> Stage:
        """The stage with the back on it."""
        self._stage = self._stage or Stage(self.back)
        return self._stage

    @property
    def exam(self) -> ExamStage:
        """The stage with the whole-body figure."""
        self._exam = self._exam or ExamStage(self.board.sex)
        return self._exam

    @property
    def echoes(self) -> Echoes:
        """The simulated ultrasound."""
        self._echoes = self._echoes or Echoes(self.root)
        return self._echoes

    def close(self) -> None:
        """Let go of the windows."""
        for stage in (self._stage, self._exam):
            if stage:
                stage.close()

    def aim(self, t: float) -> Aim:
        """Return the camera at a time; it stands a little aside where something is shown beside the action."""
        take = self.film.take(t)
        k = self.takes.index(take)
        aim = between(*self.moves[k], (t - take.start_s) / (take.end_s - take.start_s))
        return Aim(aim.focus + aim.axes[0] * aim.width_mm * beside(take.shot), aim.direction, aim.width_mm)

    def picture(self, t: float) -> np.ndarray:
        """Return the picture at a time, uint8 (height, width, 3)."""
        take, frame, aim = self.film.take(t), self.film.frame(t), self.aim(t)
        sheet = Sheet()
        if frame.exam:
            pixels = self.exam.draw(frame.exam, sheet, beside(take.shot))
        else:
            pixels = self.stage.draw(frame, aim)
            labels(sheet, [*self._named(take, t), *frame.named], aim)
        if take.shot.card:
            card(sheet, take.shot.card, take, t)
        if frame.needle:
            if frame.needle.lump not in self.sections:
                axis = needle_axis(self.film, take)
                self.sections[frame.needle.lump] = Section(self.back, frame.needle.lump, axis)
            self.sections[frame.needle.lump].draw(sheet, frame.needle)
        if frame.echo:
            self.echoes.draw(sheet, frame.echo)
        origin(sheet)
        return sheet.over(pixels)

    def _named(self, take: Take, t: float) -> Iterator[tuple[str, np.ndarray, str, float]]:
        for label in take.shot.labels:
            start, end = take.span(label.during)
            shown = float(eased((t - start - 0.25) / 0.4) * eased((end - t) / 0.35))
            if shown < 0.02:
                continue
            spot = self.back.spot(label.at) if label.at else self.back.structure_spot(label.structure, label.side)
            if label.at and label.at.lump:  # the dot goes along with a lump that slides
                spot = spot + self.film.frame(t).slides.get(label.at.lump, 0)
            yield label.text, spot, label.column or label.side, shown

    def key(self, t: float) -> bytes:
        """Return what the picture at a time depends on; two frames alike need drawing once."""
        take = self.film.take(t)
        beside_it = [(n, round(s, 2)) for n, _, _, s in self._named(take, t)]
        card_state = None
        if take.shot.card:
            card_state = [round(min(max(t - take.starts(k), 0), 0.5), 2) for k, _ in take.shot.card.lines]
            card_state += [round(min(t - take.start_s, 0.5), 2), round(min(take.end_s - t, 0.3), 2)]
        aim = self.aim(t)
        return pickle.dumps(
            (take.shot.id, self.film.frame(t), aim.focus, aim.direction, aim.width_mm, beside_it, card_state)
        )


def beside(shot: sb.Shot) -> float:
    """Return how far, in shares of the width, the camera goes aside: to the right where something stands there."""
    if shot.card:
        return 0.13 if shot.card.column == "right" else -0.13
    if any(isinstance(a, sb.Scan) for a in shot.actions):
        return 0.21
    if any(isinstance(a, sb.Inject) and a.inset for a in shot.actions):
        return -0.15
    return 0.0


def pieces(studio: Studio, made_from: str, cache: Path, tell: Callable[[str], object]) -> list[Path]:
    """Return a film's shots as files, drawing those that are not in `cache` yet.

    Parameters
    ----------
    made_from
        A digest of all that the pictures depend on but the storyboard and its times.
    tell
        Is told what is being drawn.
    """
    cache.mkdir(parents=True, exist_ok=True)
    found: list[Path] = []
    story = sha256(made_from.encode())
    head = studio.board.model_dump_json(exclude={"shots", "title", "summary", "lesson", "objectives"})
    story.update(head.encode())
    for k, take in enumerate(studio.takes):
        # What came before counts: layers, marks and the camera go on from shot to shot.
        story.update(repr(take).encode())
        path = cache / f"{k:02d}-{take.shot.id}-{story.hexdigest()[:16]}.mp4"
        last = path.with_suffix(".png")
        if not (path.is_file() and last.is_file()):
            before = found[-1].with_suffix(".png") if found and take.shot.camera.start else None
            _draw(studio, take, path, before, lambda words, k=k: tell(f"{k + 1}/{len(studio.takes)} {words}"))
        found.append(path)
    return found


def _draw(studio: Studio, take: Take, path: Path, before: Path | None, tell: Callable[[str], object]) -> None:
    """Draw one shot; it dissolves from the picture `before` where the camera jumps."""
    unfinished = path.with_suffix(".part.mp4")
    command = [encoder(), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
               "-r", str(FPS), "-i", "-", *CODEC, str(unfinished)]  # fmt: skip
    old = np.asarray(Image.open(before), np.float32) if before else None
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for n, pixels in enumerate(_shown(studio, take, tell)):
            if old is not None and (done := n / FPS / DISSOLVE_S) < 1:
                share = float(eased(done))
                pixels = (old * (1 - share) + pixels * share).astype(np.uint8)
            process.stdin.write(pixels.tobytes())
        process.stdin.close()
        if process.wait():
            raise RuntimeError(f"the encoder failed on {take.shot.id}")
    Image.fromarray(pixels).save(path.with_suffix(".png"))
    unfinished.rename(path)


def _shown(studio: Studio, take: Take, tell: Callable[[str], object]) -> Iterator[np.ndarray]:
    """Yield a shot's pictures at the rate at which they are shown.

    While something acts, `DRAWN_FPS` pictures a second are drawn and each is held. While only the slow camera moves or
    layers fade, half as many are drawn, and those between are mixed from their neighbours.
    """
    count = round((take.end_s - take.start_s) * DRAWN_FPS)
    times = [take.start_s + n / DRAWN_FPS for n in range(count)]
    calm = [not acts(studio.film.frame(t)) for t in times]
    drawn = [n for n in range(count) if n in (0, count - 1) or n % CALM_STEP == 0 or not calm[n]]
    held = round(FPS / DRAWN_FPS)
    key, pixels = studio.key(times[0]), studio.picture(times[0])
    for n, following in zip(drawn, [*drawn[1:], None]):
        if n % 12 < CALM_STEP:
            tell(f"{take.shot.id}: frame {n} of {count}")
        if following is None:
            yield from [pixels] * held
            return
        after, next_key = pixels, studio.key(times[following])
        if next_key != key:
            after = studio.picture(times[following])
        between_them = (following - n) * held
        soft = after is not pixels and calm[n] and calm[following]
        for k in range(between_them):
            share = k / between_them if soft else 0.0
            yield (pixels * (1 - share) + after * share).astype(np.uint8) if share else pixels
        key, pixels = next_key, after


def acts(frame: Frame) -> bool:
    """Return whether anything but the camera and the layers may move in a frame."""
    posing = frame.exam is not None and frame.exam.done < 1
    return bool(frame.props or frame.slides or frame.swells or frame.areas or frame.echo or posing)
