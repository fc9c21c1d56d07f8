"""What a measure found, and the bar that it is held against. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.contenders import Name

Figures = dict[Name, float]
"""What each contender reached."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How good a value must be."""

    sense: Literal["≥", "≤"]
    limit: float
    unit: str

    def is_met_by(self, value: float) -> bool:
        return value >= self.limit if self.sense == "≥" else value <= self.limit

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the table."""

    measure: str
    unit: str
    """Of the figures."""
    figures: Figures
    """Medians over the rounds."""
    values: tuple[float, ...]
    """What is held against the bar, in its unit: one of each round."""
    bar: Bar
    note: str = ""

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        return self.bar.is_met_by(self.value)


@dataclass(frozen=True)
class Starts:
    """What starting and stopping took, in milliseconds, and what was left behind."""

    first_ms: float
    """Alone in its process."""
    further_ms: list[float]
    """Beside another that runs."""
    grown_threads: int
    grown_files: int
    grown_mb: float
    """After all of them, against after the first few."""


def medians(rounds: Sequence[Figures]) -> Figures:
    """Over the rounds, for each contender."""
    return {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}


def ratios(rounds: Sequence[Figures]) -> tuple[float, ...]:
    """brownout's figure to bare mitmproxy's, in each round."""
    return tuple(each["brownout"] / each["mitmproxy"] for each in rounds)


def added(rounds: Sequence[Figures], by: Name = "brownout") -> tuple[float, ...]:
    """What a contender adds to direct, in each round."""
    return tuple(each[by] - each["direct"] for each in rounds)


def ratios_of_added(rounds: Sequence[Figures]) -> tuple[float, ...]:
    """What brownout adds to direct, to what bare mitmproxy adds, in each round."""
    return tuple(ours / theirs for ours, theirs in zip(added(rounds), added(rounds, "mitmproxy"), strict=True))
