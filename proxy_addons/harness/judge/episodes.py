"""Differences for people: what stays wrong for a while is one difference, not one for each look at it."""

from collections.abc import Iterable
from dataclasses import replace

from proxy_addons.harness.judge.facts import Difference
from proxy_addons.harness.judge.run import Run


def at(run: Run, t: float) -> str:
    """A time for people: since the start of the record."""
    return f"at {t - run.start:.3f} s"


def episodes(run: Run, judged: Iterable[tuple[float, Difference | None]]) -> list[Difference]:
    """The differences among what was judged at these times, one for those that follow each other."""
    found: list[Difference] = []
    until: list[float] = []
    goes_on = False
    for t, difference in judged:
        if difference is not None and goes_on:
            until[-1] = t
        elif difference is not None:
            found.append(difference)
            until.append(t)
        goes_on = difference is not None
    return [
        replace(each, text=f"{each.text} (and so on until {end - run.start:.3f} s)") if end > each.t else each
        for each, end in zip(found, until, strict=True)
    ]
