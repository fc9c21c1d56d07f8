"""The four figures as numbers with small charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from proxy_addons.harness.report.figures import Figures, together


@dataclass(frozen=True)
class Tile:
    """One figure."""

    name: str
    value: str
    note: str
    chart: Literal["dots", "steps", "bars"]
    points: list[tuple[float, float]]
    """Dots and steps over the seconds of a run; one bar for each run."""
    top: float | None = None
    """The height of the chart, where the points do not say."""


def tiles(figures: Figures) -> list[Tile]:
    """Of one run, over its time."""
    success, reconnections, errors, latency = _words(figures)
    return [
        Tile(*success, "dots", [(t, float(worked)) for t, worked in figures.attempts], 1),
        Tile(*reconnections, "steps", _counted(figures.reconnections)),
        Tile(*errors, "steps", _counted([t for t, _ in figures.errors])),
        Tile(*latency, "dots", figures.latencies[:200]),
    ]


def overview(runs: Sequence[Figures]) -> list[Tile]:
    """Of many runs: one bar each."""
    success, reconnections, errors, latency = _words(together(runs))

    def bars(values: Sequence[float | None]) -> list[tuple[float, float]]:
        return [(number, value) for number, value in enumerate(values) if value is not None]

    return [
        Tile(*success, "bars", bars([each.success for each in runs]), 1),
        Tile(*reconnections, "bars", bars([len(each.reconnections) for each in runs])),
        Tile(*errors, "bars", bars([len(each.errors) for each in runs])),
        Tile(*latency, "bars", bars([each.latency_ms for each in runs])),
    ]


def _words(figures: Figures) -> list[tuple[str, str, str]]:
    worked = sum(each for _, each in figures.attempts)
    kinds = sorted({what for _, what in figures.errors})
    slowest = max((ms for _, ms in figures.latencies), default=0.0)
    return [
        (
            "EventSource success",
            "none" if figures.success is None else f"{figures.success:.0%}",
            f"{worked} of {len(figures.attempts)} attempts" if figures.attempts else "no attempts",
        ),
        ("Reconnections", str(len(figures.reconnections)), "in the place of a lost connection"),
        ("Stream errors", str(len(figures.errors)), ", ".join(kinds[:3]) + (", …" if kinds[3:] else "") or "none"),
        (
            "Update latency",
            "none" if figures.latency_ms is None else f"{figures.latency_ms:.0f} ms",
            f"median of {len(figures.latencies)}; slowest {slowest:.0f} ms" if figures.latencies else "no updates seen",
        ),
    ]


def _counted(times: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(times, accumulate(1.0 for _ in times), strict=True))
