"""What the checks found, with the slice of the record that shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from proxy_addons.harness.judge.facts import Difference, Finding
from proxy_addons.harness.judge.facts import Outcome as CheckOutcome
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.picture import short
from proxy_addons.records import line

MOST_LINES = 12
LINE_LIMIT = 140
MOST_BREAKS = 20


@dataclass(frozen=True)
class Break:
    """One difference."""

    t: float
    """Seconds since the start of the run."""
    text: str
    first: int
    last: int
    lines: list[str]
    """The records from first to last, each with its line in the raw history; of a long slice its two ends."""


@dataclass(frozen=True)
class Found:
    """What one check found."""

    check: str
    outcome: CheckOutcome
    why: str = ""
    breaks: list[Break] = field(default_factory=list)
    more: int = 0
    """Differences that are not among these."""


def tell(findings: Iterable[Finding], run: Run) -> list[Found]:
    """Findings as the report keeps them, in their order."""
    return [
        Found(
            each.check,
            each.outcome,
            each.why,
            [_break(difference, run) for difference in each.differences[:MOST_BREAKS]],
            len(each.differences[MOST_BREAKS:]),
        )
        for each in findings
    ]


def _break(difference: Difference, run: Run) -> Break:
    shown = enumerate(run.records[difference.first : difference.last + 1], difference.first + 1)
    lines = [f"{number}: {short(line(record, run.start), LINE_LIMIT)}" for number, record in shown]
    if (more := len(lines) - MOST_LINES) > 0:
        half = MOST_LINES // 2
        lines = [*lines[:half], f"... {more} more ...", *lines[-half:]]
    return Break(round(difference.t - run.start, 3), difference.text, difference.first, difference.last, lines)
