"""The lane of the faults."""

from collections.abc import Iterator

from proxy_addons.faults import FAULTS
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.lanes.marks import since, span
from proxy_addons.harness.report.picture import Mark, short
from proxy_addons.records import FaultCrashed, FaultFired, RuleChanged


def faults(run: Run) -> Iterator[Mark]:
    """A rule that has times of its own is a span while it is in force; each effect is a moment in its colour."""
    lines: dict[str, int] = {}
    begun: dict[str, tuple[int, RuleChanged]] = {}
    for number, record in enumerate(run.records):
        match record:
            case RuleChanged(change="armed" | "added"):
                begun.setdefault(record.rule, (number, record))
            case RuleChanged() if record.rule in begun:
                yield _in_force(run, *begun.pop(record.rule), record.t, _line(lines, record.rule))
            case FaultFired():
                row = _line(lines, record.rule)
                yield Mark(since(run, record.t), None, _colour(record.kind), short(record), number, row)
            case FaultCrashed():
                row = _line(lines, record.rule)
                yield Mark(since(run, record.t), None, "bad", short(record), number, row)
            case _:
                pass
    for number, record in begun.values():
        yield _in_force(run, number, record, run.end, _line(lines, record.rule))


def _in_force(run: Run, number: int, record: RuleChanged, end: float, row: int) -> Mark:
    return span(run, record.t, end, _colour(record.kind), f"rule {record.rule} in force", number, row, record.rule)


def _line(lines: dict[str, int], rule: str) -> int:
    """Each rule has a row of its own while there are few."""
    return lines.setdefault(rule, min(len(lines), 5))


def _colour(kind: str) -> str:
    return FAULTS[kind].colour if kind in FAULTS else "bad"
