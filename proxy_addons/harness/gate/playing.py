"""Plays a scenario in front of apps, in turn, as often as the rule wants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from proxy_addons.harness.gate.comparing import Played, Result, Side, compare
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.harness.gate.recovery import recoveries_of
from proxy_addons.harness.gate.rule import FEW, MOST
from proxy_addons.harness.runner import Ruling

Play = Callable[[], Ruling]
"""One run against one app."""


@dataclass
class Series:
    """The runs against one app so far."""

    play: Play
    rulings: list[Ruling] = field(default_factory=list)

    def once_more(self) -> None:
        self.rulings.append(self.play())

    @property
    def side(self) -> Side:
        passed = [each for each in self.rulings if each.verdict == "passed"]
        failed = [each.why for each in self.rulings if each.verdict != "passed"]
        return Side([played(each) for each in passed], failed)

    @property
    def typical(self) -> Ruling:
        """The run to show: of those that were passed, where there are any, the one in the middle."""
        passed = [each for each in self.rulings if each.verdict == "passed"] or self.rulings[:1]
        taken = [sum(played(each).duration_s) for each in passed]
        middle = median(taken)
        return min(zip(taken, passed, strict=True), key=lambda each: abs(each[0] - middle))[1]


def played(ruling: Ruling) -> Played:
    """What is compared of a run."""
    return Played.of(recoveries_of(ruling.run, ruling.limits))


@dataclass(frozen=True)
class Shown:
    """A result, and a run of each app to show beside it."""

    result: Result
    now: Ruling
    base: Ruling | None = None


def contest(scenario: str, known: Figures | None, now: Play, base: Play | None) -> Shown:
    """Plays it in turn, a few times, and goes on where more runs could say more."""
    ours, theirs = Series(now), Series(base) if base else None
    result = _often_enough(scenario, known, ours, theirs)
    return Shown(_told(result, ours.side), ours.typical, theirs.typical if theirs else None)


def exactly(scenario: str, known: Figures, first: Ruling, again: Play) -> Result:
    """Whether a run that was passed has the figures that are known; where it looks worse, most of a few runs decide."""
    runs = Series(again, [first])
    if compare(scenario, known, runs.side).answer == "no worse":
        return compare(scenario, known, runs.side)
    return _often_enough(scenario, known, runs, None)


def _often_enough(scenario: str, known: Figures | None, ours: Series, theirs: Series | None) -> Result:
    """After a few runs, or after many: where the excess looks grown, or no figures are those of most runs."""
    result = _after(FEW, scenario, known, ours, theirs)
    return _after(MOST, scenario, known, ours, theirs) if result.wants_more else result


def _after(times: int, scenario: str, known: Figures | None, ours: Series, theirs: Series | None) -> Result:
    pair: Sequence[Series] = [each for each in (theirs, ours) if each]
    while len(ours.rulings) < times:
        # who begins takes turns, so that a machine that slows down slows both
        for each in pair if len(ours.rulings) % 2 == 0 else pair[::-1]:
            each.once_more()
    return compare(scenario, known, ours.side, theirs.side if theirs else None)


def _told(result: Result, ours: Side) -> Result:
    """With a note of the runs that were not passed, where most were."""
    if not ours.failures or ours.mostly_fails:
        return result
    note = f"{len(ours.failures)} of its runs not passed, such as: {ours.failures[0].partition(chr(10))[0]}"
    return replace(result, notes=[*result.notes, note])
