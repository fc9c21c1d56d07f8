"""What is drawn of a run: marks in lanes. Data only; times are seconds since the start of the run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

TEXT_LIMIT = 90
"""Characters of a record that a mark shows; the raw history has the rest."""


@dataclass(frozen=True)
class Mark:
    """A moment or a span."""

    t: float
    end: float | None
    """None: a moment."""
    style: str
    """A class of the style sheet, or the colour of a fault."""
    text: str
    """What happened, in words."""
    number: int
    """Of the record, from 0."""
    row: int = 0
    label: str = ""
    """Written into a span that has the room."""


@dataclass(frozen=True)
class Lane:
    name: str
    marks: list[Mark]
    empty: str = "nothing"
    """What stands in it when it has no marks."""


@dataclass(frozen=True)
class Picture:
    """The timeline of a run."""

    duration_s: float
    lanes: list[Lane]
    broken: list[Mark]
    """Where checks found differences: they cross all lanes."""
    steps: list[Mark]
    """Where the run of the scenario had come to."""
    left_out: int = 0
    """Marks that had no room."""


def short(text: object, limit: int = TEXT_LIMIT) -> str:
    words = str(text)
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def rows(spans: Iterable[tuple[float, float]], most: int = 6) -> list[int]:
    """A row for each span, in order of their starts, so that none covers another; what is too many shares the last."""
    free: list[float] = []
    taken = []
    for start, end in spans:
        row = next((number for number, since in enumerate(free) if since <= start), len(free))
        if row == len(free) and row < most:
            free.append(end)
        row = min(row, most - 1)
        free[row] = max(free[row], end)
        taken.append(row)
    return taken


def thin(lanes: list[Lane], limit: int) -> tuple[list[Lane], int]:
    """As many marks as have room, and how many that leaves out: first of what is ordinary, evenly over time."""
    ordinary = [mark for lane in lanes for mark in lane.marks if _is_ordinary(mark)]
    others = sum(len(lane.marks) for lane in lanes) - len(ordinary)
    kept = _evenly(ordinary, limit - others)
    if others > limit:
        kept |= _evenly([mark for lane in lanes for mark in lane.marks if not _is_ordinary(mark)], limit)
    else:
        kept |= {id(mark) for lane in lanes for mark in lane.marks if not _is_ordinary(mark)}
    fewer = [replace(lane, marks=[mark for mark in lane.marks if id(mark) in kept]) for lane in lanes]
    return fewer, others + len(ordinary) - len(kept)


def _is_ordinary(mark: Mark) -> bool:
    return mark.style in ("message", "poll", "sent")


def _evenly(marks: list[Mark], limit: int) -> set[int]:
    """Which of these marks stay, by identity."""
    if limit <= 0:
        return set()
    if len(marks) <= limit:
        return {id(mark) for mark in marks}
    in_time = sorted(marks, key=lambda mark: mark.t)
    return {id(in_time[number * len(marks) // limit]) for number in range(limit)}
