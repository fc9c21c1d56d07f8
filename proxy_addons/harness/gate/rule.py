"""Whether excess has grown: the rule, apart from where its samples come from. docs/gate.md says why it is this one."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, exp, log
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
_SHUFFLES = 999

Runs = Sequence[Sequence[float]]
"""The excess of each recovery of each run, in seconds."""


@dataclass(frozen=True)
class Growth:
    """Excess of one scenario now, beside the base."""

    ratio: float
    """By which factor its faster half has grown."""
    chance: float
    """How often runs that are dealt out at random differ so much."""
    seen_from: float
    """The ratio from which on these runs, dealt out at random, differ as rarely as the rule wants."""
    base_s: float
    """The median at the base."""
    now_s: float
    runs: int
    """Of the side that has fewer."""

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
    """What the runs of two sides say; neither may be without samples.

    A busy machine makes some recoveries slower, a slower client all of them: so the faster halves are compared. And it
    makes whole runs slower: so whole runs are dealt out at random to see what chance does.
    """
    logs = [[log(max(each, _LEAST_S)) for each in run] for run in (*base, *now)]
    seen = _faster(logs[len(base) :]) - _faster(logs[: len(base)])
    dealt = sorted(_faster(mine) - _faster(others) for mine, others in _deals(logs, len(now)))
    as_much = sum(each >= seen - 1e-12 for each in dealt)
    return Growth(
        ratio=exp(seen),
        chance=as_much / len(dealt),
        seen_from=max(LEAST_RATIO, exp(dealt[max(0, int(len(dealt) * (1 - CHANCE)))])),
        base_s=median(each for run in base for each in run),
        now_s=median(each for run in now for each in run),
        runs=min(len(base), len(now)),
    )


def _faster(runs: Runs) -> float:
    """The mean of the faster half."""
    samples = sorted(each for run in runs for each in run)
    return fmean(samples[: (len(samples) + 1) // 2])


def _deals(runs: Runs, hand: int) -> Iterator[tuple[Runs, Runs]]:
    """Ways to deal the runs out to two sides: all, or a thousand of them, the same each time."""
    numbers = range(len(runs))
    if comb(len(runs), hand) <= _SHUFFLES:
        chosen = list(combinations(numbers, hand))
    else:
        draw = random.Random(0)
        as_it_was = tuple(range(len(runs) - hand, len(runs)))
        chosen = [as_it_was, *(tuple(draw.sample(numbers, hand)) for _ in range(_SHUFFLES))]
    for mine in chosen:
        yield [runs[n] for n in mine], [runs[n] for n in numbers if n not in mine]
