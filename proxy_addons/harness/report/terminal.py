"""What a terminal shows of a run: one line in all, and for each test that is not green what, why and how to see it
again."""

from collections.abc import Sequence

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.page import summarise

_LONGEST = 160


def told(outcomes: Sequence[Outcome]) -> list[str]:
    """Lines to be printed as they are."""
    return [summarise(outcomes), *(line for outcome in outcomes if not outcome.is_green for line in _told(outcome))]


def _told(outcome: Outcome) -> list[str]:
    why = " ".join(outcome.headline.split()).removeprefix(f"{outcome.verdict}: ")
    short = why if len(why) <= _LONGEST else f"{why[: _LONGEST - 2]} …"
    line = f"  {outcome.verdict}: {outcome.story}  ({outcome.command})"
    return [line, f"    {short}"] if short else [line]
