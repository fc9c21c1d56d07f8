"""S11: clients that are dropped at the same instant come back spread out.

With 200 clients or more, the fullest twentieth of the spread holds at most 0.4 of them, and the times of their return
follow the uniform law that the back-off declares (Kolmogorov-Smirnov at p = 0.001, with room for lateness). Of fewer
clients nothing can be said: with 8 a right client fails the first rule in one run of forty.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from math import floor, log, sqrt

from proxy_addons.harness.judge.attempts import attempts_of
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import NEVER, Exchange, Run

ENOUGH = 200
MOST = 0.4
BINS = 20
INSTANT = 0.25
"""The part of the spread within which clients were dropped together: closing so many takes a server its time."""
CRITICAL = sqrt(-log(0.001 / 2) / 2)
"""Of the Kolmogorov-Smirnov statistic times the root of n, for large n (Smirnov 1948)."""

Return = tuple[float, Exchange, Exchange]
"""How long after its loss a client came back; what it lost, and its first attempt."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """A herd, or a law that is another."""
    returns = _returns(run, limits)
    if len(returns) < ENOUGH:
        raise Undecided(f"{len(returns)} clients lost their connection at one instant and came back; {ENOUGH} are few")
    first = min(min(lost.number, each.number) for _, lost, each in returns)
    last = max(each.number for _, _, each in returns)
    waits = sorted(wait for wait, _, _ in returns)
    return [Difference(returns[0][1].ended_t, text, first, last) for text in _complaints(waits, returns, limits)]


def _complaints(waits: list[float], returns: list[Return], limits: Limits) -> list[str]:
    found = []
    width = limits.spread_s / BINS
    fullest = max(Counter(floor(each.t / width) for _, _, each in returns).values())
    if fullest > MOST * len(returns):
        found.append(
            f"{fullest} of {len(returns)} clients came back within {width:.3f} s; at most {MOST * len(returns):.0f} "
            "are right"
        )
    told = sum(lost.how in ("close", "end") for _, lost, _ in returns) * 2 > len(returns)
    law = limits.spread_s if told else limits.base_s
    distance = _distance(waits, law, limits)
    if distance > CRITICAL / sqrt(len(waits)):
        found.append(
            f"the waits of {len(waits)} clients differ by {distance:.3f} from the uniform law over {law:.3f} s; "
            f"at most {CRITICAL / sqrt(len(waits)):.3f} is chance"
        )
    return found


def _distance(waits: list[float], law: float, limits: Limits) -> float:
    """The largest distance of the distribution of the waits from the law, if each may be late by the errors."""
    late = limits.clock_error_s + limits.slow_s

    def uniform(t: float) -> float:
        return min(1.0, max(0.0, (t - limits.floor_s) / law))

    count = len(waits)
    early = max((place + 1) / count - uniform(wait) for place, wait in enumerate(waits))
    tardy = max(uniform(wait - late) - place / count for place, wait in enumerate(waits))
    return max(early, tardy)


def _returns(run: Run, limits: Limits) -> list[Return]:
    """The clients that lost their streams by somebody else in the quarter of the spread in which most did."""
    losses = sorted(_losses(run), key=lambda loss: loss[0].ended_t)
    ends = [lost.ended_t for lost, _ in losses]
    width = limits.spread_s * INSTANT
    begin = max(ends, key=lambda t: bisect_right(ends, t + width) - bisect_left(ends, t), default=0.0)
    return [
        (each.t - lost.ended_t, lost, each)
        for lost, each in losses[bisect_left(ends, begin) : bisect_right(ends, begin + width)]
    ]


def _losses(run: Run) -> list[tuple[Exchange, Exchange]]:
    found = []
    for client in run.clients:
        live = attempts_of(run, client, "live")
        for lost in live:
            if lost.worked and lost.rung != "polling" and lost.ended_t != NEVER and lost.ended_by != "client":
                back = next((each for each in live if each.t >= lost.ended_t), None)
                if back is not None:
                    found.append((lost, back))
    return found


CHECK = Check("S11", "clients come back spread out", find, frozenset({"attempts"}), own_run=True)
