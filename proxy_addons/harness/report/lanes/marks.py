"""Marks at times of a run."""

from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.picture import Mark, short


def since(run: Run, t: float) -> float:
    """Seconds since the start of the run, to the millisecond."""
    return round(t - run.start, 3)


def span(run: Run, t: float, end: float, style: str, what: object, number: int, row: int = 0, label: str = "") -> Mark:
    """Something that lasted, to the end of the run at most."""
    return Mark(since(run, t), since(run, min(end, run.end)), style, short(what), number, row, label)
