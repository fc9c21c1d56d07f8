"""One scenario, played in turn against two apps: is the way back worse?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from proxy_addons.harness.gate.figures import Figures, commonest, figures_of
from proxy_addons.harness.gate.recovery import Recovery
from proxy_addons.harness.gate.rule import MOST, Growth, growth

Answer = Literal["no worse", "worse", "inconclusive"]
_TOO_COARSE = 1.25
"""What a comparison must be able to see, of the recovery: 25 %."""


@dataclass(frozen=True)
class Played:
    """What is compared of one run."""

    figures: Figures
    excess_s: tuple[float, ...]
    duration_s: tuple[float, ...]

    @classmethod
    def of(cls, recoveries: Sequence[Recovery]) -> "Played":
        return cls(
            figures_of(recoveries),
            tuple(each.excess_s for each in recoveries),
            tuple(each.duration_s for each in recoveries),
        )


@dataclass(frozen=True)
class Side:
    """The runs of one app: those that were passed, and why others were not."""

    played: Sequence[Played]
    failures: Sequence[str] = ()

    @property
    def mostly_fails(self) -> bool:
        return len(self.failures) > len(self.played)


@dataclass(frozen=True)
class Result:
    """What came of it."""

    scenario: str
    answer: Answer
    why: list[str] = field(default_factory=list)
    """What is worse, and by how much; or why nothing can be said."""
    notes: list[str] = field(default_factory=list)
    figures: Figures | None = None
    """Now; None: they are not the same in most runs."""
    growth: Growth | None = None
    wants_more: bool = False
    """Whether more runs could say more."""


def compare(scenario: str, known: Figures | None, now: Side, base: Side | None = None) -> Result:
    """Exactly with what the baseline knows, or else with the base; the excess with the base."""
    if now.mostly_fails or not now.played:
        blameless = base is not None and base.mostly_fails
        why = [f"it fails: {now.failures[0]}" if now.failures else "no run of it says anything"]
        return Result(scenario, "inconclusive" if blameless or not now.failures else "worse", why)
    figures = commonest([each.figures for each in now.played])
    if figures is not None and figures.recoveries == 0 and not (known and known.recoveries):
        return Result(scenario, "inconclusive", ["nothing was lost and found again in it"], figures=figures)
    worse, notes = _exactly(figures, known, base) if figures else ([], [])
    grown = _growth(now, base) if base is not None and base.played else None
    if base is not None and grown is None and (figures is None or figures.recoveries):
        return Result(scenario, "inconclusive", [*worse, "the base says nothing to compare with"], notes, figures)
    if all(each.figures.waits_ms is None for each in now.played):
        notes.append("it does not say what it waits on purpose, so that is part of what counts as excess")
    if grown is not None and base is not None and grown.is_worse:
        worse.append(f"{grown}, {_of_recovery(now, base):+.0%} of the recovery")
    return _weighed(scenario, worse, notes, figures, grown, now)


def _weighed(
    scenario: str, worse: list[str], notes: list[str], figures: Figures | None, grown: Growth | None, now: Side
) -> Result:
    """What is worse counts, whatever else can't be said; what can't be said counts before "no worse"."""
    unclear = []
    if figures is None:
        seen = "; ".join(dict.fromkeys(str(each.figures) for each in now.played))
        unclear.append(f"its figures are not the same in most runs: {seen}")
    if grown is not None and not grown.is_worse and _is_blurred(grown, now):
        unclear.append(_blur(grown))
    wants_more = figures is None or (grown is not None and grown.may_be_worse)
    if worse:
        return Result(scenario, "worse", worse, notes + unclear, figures, grown, wants_more)
    answer: Answer = "inconclusive" if unclear else "no worse"
    return Result(scenario, answer, unclear, notes, figures, grown, wants_more)


def _exactly(figures: Figures, known: Figures | None, base: Side | None) -> tuple[list[str], list[str]]:
    """What is worse, and what is to be said of it."""
    notes = []
    if known is None:
        known = commonest([each.figures for each in base.played]) if base else None
        notes.append("the baseline does not know it; --update adds it")
    if known is None:
        return [], notes
    worse, other = figures.worse_than(known), figures.differs_from(known)
    if other and not worse:
        notes.append(f"better than the baseline: {', '.join(other)}; --update makes that the rule")
    return worse, notes


def _growth(now: Side, base: Side) -> Growth | None:
    ours, theirs = ([each.excess_s for each in side.played if each.excess_s] for side in (now, base))
    return growth(theirs, ours) if ours and theirs else None


def _of_recovery(now: Side, base: Side) -> float:
    """By what part the whole recovery has grown."""
    before, after = (median(s for each in side.played for s in each.duration_s) for side in (base, now))
    return after / before - 1


def _is_blurred(grown: Growth, now: Side) -> bool:
    """Whether all runs were played, because something looked slower, and yet chance could hide what must be seen."""
    seen_ms = (grown.seen_from - 1) * grown.base_s
    whole = median(s for each in now.played for s in each.duration_s)
    return grown.runs >= MOST and grown.may_be_worse and seen_ms > (_TOO_COARSE - 1) * whole


def _blur(grown: Growth) -> str:
    return f"{grown}, but this machine is too busy to see less than {grown.seen_from - 1:+.0%}"
