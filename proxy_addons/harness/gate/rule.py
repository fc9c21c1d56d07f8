"""Whether excess has grown: the rule, apart from where its samples come from. docs/gate.md says why it is this one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, exp, log
from statistics import fmean, median

FEW, MOST = 3, 8
"""Runs of each side: for a first look, and where that is suspicious."""
LEAST_RATIO = 1.12
"""A growth below this is not reported, however sure it is."""
SUSPICIOUS = 1.05
"""A growth below this at the first look is none: most unchanged clients are done then."""
CHANCE = 0.01
"""How improbable the growth must be if nothing has changed, beside all that."""
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
        return self.runs >= MOST and self.ratio >= LEAST_RATIO and self.chance <= CHANCE

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
    seen = _difference(pairs)
    dealt = sorted(map(_difference, _deals(pairs)))
    as_much = sum(each >= seen - _SAME for each in dealt)
    rare = dealt[min(len(dealt) - 1, int(len(dealt) * (1 - CHANCE)))]
    return Growth(
        ratio=exp(seen),
        chance=as_much / len(dealt),
        seen_from=max(LEAST_RATIO, exp(rare)),
        base_s=median(each for run in base for each in run),
        now_s=median(each for run in now for each in run),
        runs=runs,
    )


def _logs(runs: Runs) -> Runs:
    return [[log(max(each, _LEAST_S)) for each in run] for run in runs]


def _difference(pairs: Sequence[Pair]) -> float:
    base, now = zip(*pairs, strict=True)
    return _fastest(now) - _fastest(base)


def _fastest(runs: Runs) -> float:
    """The mean of the fastest quarter."""
    samples = sorted(each for run in runs for each in run)
    return fmean(samples[: ceil(len(samples) / 4)])


def _deals(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Each way to say which run of a pair is whose."""
    yield from map(list, product(*((pair, pair[::-1]) for pair in pairs)))
