"""What a terminal shows of a run: one line in all, for each test that is not green what, why and how to see it again,
and which tests were slowest, and what they waited for."""

from collections.abc import Sequence

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.page import summarise

_LONGEST = 160
_SLOWEST = 10
_TOLD_S = 0.1
"""A wait that is shorter is no reason for anything."""


def told(outcomes: Sequence[Outcome]) -> list[str]:
    """Lines to be printed as they are."""
    return [
        summarise(outcomes),
        *(line for outcome in outcomes if not outcome.is_green for line in _told(outcome)),
        *_slowest(outcomes),
    ]


def _slowest(outcomes: Sequence[Outcome]) -> list[str]:
    """Those that took longest; of a few tests each is seen anyway."""
    if len(outcomes) <= _SLOWEST:
        return []
    slowest = sorted(outcomes, key=lambda outcome: outcome.duration_s, reverse=True)[:_SLOWEST]
    return ["The slowest, and what they waited for:", *map(_waited, slowest)]


def _waited(outcome: Outcome) -> str:
    longest_first = sorted(outcome.waits.items(), key=lambda wait: wait[1], reverse=True)
    waits = [f"{seconds:.1f} s for {what}" for what, seconds in longest_first if seconds >= _TOLD_S]
    return f"  {outcome.duration_s:5.1f} s  {outcome.story}{': ' if waits else ''}{', '.join(waits)}"


def _told(outcome: Outcome) -> list[str]:
    why = " ".join(outcome.headline.split()).removeprefix(f"{outcome.verdict}: ")
    short = why if len(why) <= _LONGEST else f"{why[: _LONGEST - 2]} …"
    line = f"  {outcome.verdict}: {outcome.story}  ({outcome.command})"
    return [line, f"    {short}"] if short else [line]
