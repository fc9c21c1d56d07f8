"""Whether excess has grown: the rule, apart from where its samples come from. docs/gate.md says why it is this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import ceil, exp, fsum, log
from statistics import median

FEW, MOST = 3, 10
"""Runs of each side: for a first look, and where that is suspicious."""
LEAST_RATIO = 1.12
"""A growth below this is not reported, however sure it is."""
SUSPICIOUS = 1.05
"""A growth below this at the first look is none: most unchanged clients are done then."""
CHANCE = 0.01
"""How improbable the growth must be if nothing has changed, beside all that: a few runs can never be so."""
_LEAST_S = 0.001
"""No excess counts as less: the clocks of browsers are that coarse."""
_SAME = 1e-9
"""Sums of the same numbers in another order differ by less."""

Runs = Sequence[Sequence[float]]
"""The excess of each recovery of each run, in seconds."""
Pair = tuple[Sequence[float], Sequence[float]]
"""A run of the base and one of now."""


@dataclass(frozen=True)
class Growth:
    """Excess of one scenario now, beside the base."""

    ratio: float
    """By which factor its fastest quarter has grown."""
    chance: float
    """How often runs that are dealt out at random differ so much."""
    seen_from: float
    """From which ratio on runs as noisy as these would be called worse."""
    base_s: float
    """The median at the base."""
    now_s: float
    runs: int
    """Of each side."""

    @property
    def may_be_worse(self) -> bool:
        """Whether more runs could show it."""
        return self.ratio >= SUSPICIOUS

    @property
    def is_worse(self) -> bool:
        return self.ratio >= LEAST_RATIO and self.chance <= CHANCE

    def __str__(self) -> str:
        return (
            f"excess {self.ratio - 1:+.0%} (median {self.base_s * 1000:.0f} ms at the base, "
            f"{self.now_s * 1000:.0f} ms now; {self.runs} runs each)"
        )


def growth(base: Runs, now: Runs) -> Growth:
    """What the runs of two sides say, of which each was played right beside its counterpart; neither may be without
    samples.

    A busy machine makes many recoveries slower, a slower client all of them: so the fastest quarters are compared. And
    it makes all slower for a while: so chance is what comes of dealing out each pair anew.
    """
    runs = min(len(base), len(now))
    pairs = list(zip(_logs(base[:runs]), _logs(now[:runs]), strict=True))
    seen, *_ = dealt = _differences(pairs)
    rare = sorted(dealt)[min(len(dealt) - 1, int(len(dealt) * (1 - CHANCE)))]
    return Growth(
        ratio=exp(seen),
        chance=sum(each >= seen - _SAME for each in dealt) / len(dealt),
        seen_from=max(LEAST_RATIO, exp(rare)),
        base_s=median(each for run in base for each in run),
        now_s=median(each for run in now for each in run),
        runs=runs,
    )


def _logs(runs: Runs) -> Runs:
    return [sorted(log(max(each, _LEAST_S)) for each in run) for run in runs]


def _differences(pairs: Sequence[Pair]) -> list[float]:
    """The difference of the two sides as they are, and in every other way to say which run of a pair is whose.

    Who has all runs of the other side has its difference with the other sign, so half of the ways are enough.
    """
    (first, second), *rest = pairs
    found = []
    for others in product(*((pair, pair[::-1]) for pair in rest)):
        base, now = [first], [second]
        for mine, theirs in others:
            base.append(mine)
            now.append(theirs)
        found.append(_fastest(now) - _fastest(base))
    return [*found, *(-each for each in found)]


def _fastest(runs: Runs) -> float:
    """The mean of the fastest quarter."""
    samples = sorted(chain.from_iterable(runs))
    count = ceil(len(samples) / 4)
    return fsum(samples[:count]) / count
