"""What was found, as plain text for a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from proxy_addons.harness.judge.facts import Difference, Finding
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import line

MOST_LINES = 12
"""Of one slice of the record; what is between its first and last is left out."""
MOST_DIFFERENCES = 5
"""Of one check."""
LONGEST = 160
"""Characters of one record."""


def as_text(findings: Iterable[Finding], run: Run, titles: Mapping[str, str] | None = None) -> str:
    """One line for each finding; what is broken with its differences and their slices, what crashed with where."""
    return "\n".join(each for finding in findings for each in _lines(finding, run, titles or {}))


def _lines(finding: Finding, run: Run, titles: Mapping[str, str]) -> Iterator[str]:
    title = titles.get(finding.check)
    why = f": {finding.why}" if finding.why else ""
    yield f"{finding.check}{f' ({title})' if title else ''} {finding.outcome}{why}"
    if finding.outcome == "crashed":
        yield from (f"    {each}" for each in str(finding.details.get("traceback", "")).splitlines())
    for difference in finding.differences[:MOST_DIFFERENCES]:
        yield f"  {difference.t - run.start:+.3f} s  {difference.text}"
        yield from (f"    {each}" for each in _slice(difference, run))
    further = len(finding.differences) - MOST_DIFFERENCES
    if further > 0:
        yield f"  and {further} more"


def _slice(difference: Difference, run: Run) -> Sequence[str]:
    """The lines of its slice of the record, with their numbers."""
    numbers = range(max(difference.first, 0), min(difference.last + 1, len(run.records)))
    lines = [_cut(f"{number:>5}  {line(run.records[number], run.start)}") for number in _ends(numbers)]
    left_out = len(numbers) - len(lines)
    if left_out:
        lines.insert(MOST_LINES // 2, f"       ({left_out} records)")
    return lines


def _ends(numbers: range) -> list[int]:
    half = MOST_LINES // 2
    return list(numbers) if len(numbers) <= MOST_LINES else [*numbers[:half], *numbers[-half:]]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"
