"""Outcomes in, one self-contained HTML page out."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import jinja2

from proxy_addons.harness.report.outcome import Outcome, Verdict

_ORDER: dict[Verdict, int] = {"failed": 0, "inconclusive": 1, "skipped": 2, "passed": 3}


def render(outcomes: Sequence[Outcome]) -> str:
    """The page; what is not green comes first."""
    template = files(__package__).joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    ordered = sorted(outcomes, key=lambda outcome: (_ORDER[outcome.verdict], outcome.test))
    return environment.from_string(template).render(
        outcomes=ordered, summary=summarise(outcomes), green=is_green(outcomes)
    )


def is_green(outcomes: Sequence[Outcome]) -> bool:
    """Only passed is green; a skipped test is neither green nor red."""
    return all(outcome.verdict in ("passed", "skipped") for outcome in outcomes)


def summarise(outcomes: Sequence[Outcome]) -> str:
    """`24 stories: 23 passed, 1 inconclusive; 57 faults fired.`"""
    counts = Counter(outcome.verdict for outcome in outcomes)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    fired = sum(len(outcome.receipts) for outcome in outcomes)
    stories = "1 story" if len(outcomes) == 1 else f"{len(outcomes)} stories"
    faults = "1 fault" if fired == 1 else f"{fired} faults"
    return f"{stories}: {verdicts or 'none ran'}; {faults} fired."
