"""The rule for the excess, on samples that were recorded: `samples.json` beside this file.

Each scenario has runs of one unchanged app, in the order in which they were played, so that neighbours make a pair. A
draw takes ten pairs at random and says at random which run is whose; a slow-down makes every recovery of one side
longer.
"""

import json
import random
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import pytest

from proxy_addons.harness.gate.rule import FEW, LEAST_RATIO, MOST, Growth, growth

DRAWS = 100


class Sample(TypedDict):
    """The recoveries of one run, in ms."""

    recovery_ms: list[float]
    excess_ms: list[float]


SAMPLES: dict[str, list[Sample]] = json.loads(Path(__file__).with_name("samples.json").read_text(encoding="utf-8"))


@cache
def draw(scenario: str, slower: float, number: int) -> Growth:
    """What the rule says of one draw, as the gate would ask: with more runs only where a few look suspicious."""
    chance = random.Random(f"{scenario} {number}")
    runs = SAMPLES[scenario]
    pairs = chance.sample(list(pairwise(runs)), MOST)
    dealt = [pair if chance.random() < 0.5 else pair[::-1] for pair in pairs]
    base = [[each / 1000 for each in run["excess_ms"]] for run, _ in dealt]
    now = [
        [(excess + slower * whole) / 1000 for excess, whole in zip(run["excess_ms"], run["recovery_ms"], strict=True)]
        for _, run in dealt
    ]
    first = growth(base[:FEW], now[:FEW])
    return growth(base, now) if first.may_be_worse else first


def reported(scenario: str, slower: float) -> int:
    """In how many draws of a hundred."""
    return sum(draw(scenario, slower, number).is_worse for number in range(DRAWS))


@pytest.mark.parametrize("scenario", SAMPLES)
@pytest.mark.parametrize("slower", [0.25, 0.5])
def test_a_slower_recovery_is_reported_in_95_draws_of_100(scenario: str, slower: float) -> None:
    assert reported(scenario, slower) >= 95


def test_an_unchanged_client_is_reported_in_1_draw_of_100() -> None:
    """A draw is a whole gate: all five scenarios."""
    alarms = [number for number in range(DRAWS) if any(draw(each, 0.0, number).is_worse for each in SAMPLES)]
    assert len(alarms) <= 1


def test_a_faster_client_is_never_reported() -> None:
    assert sum(reported(each, -0.1) for each in SAMPLES) == 0


# -- the rule by itself -----------------------------------------------------------------------------------------------

EVEN = [[0.1, 0.101, 0.102, 0.103]] * MOST


def times(factor: float, runs: list[list[float]] = EVEN) -> list[list[float]]:
    return [[each * factor for each in run] for run in runs]


def test_the_ratio_is_that_of_the_fastest_quarters() -> None:
    slow_at_times = [[0.1, 5.0, 5.0, 5.0]] * MOST
    assert growth(EVEN, slow_at_times).ratio == pytest.approx(1.0)
    assert growth(EVEN, times(1.5)).ratio == pytest.approx(1.5)


def test_chance_is_the_part_of_all_deals_that_differ_as_much() -> None:
    assert growth(EVEN, times(1.5)).chance == 1 / 2**MOST
    assert growth(EVEN, EVEN).chance == 1.0


@pytest.mark.parametrize(("factor", "is_worse"), [(1.0, False), (LEAST_RATIO - 0.01, False), (LEAST_RATIO, True)])
def test_a_growth_that_is_too_small_is_not_reported_however_sure_it_is(factor: float, is_worse: bool) -> None:
    assert growth(EVEN, times(factor + 1e-6)).is_worse is is_worse


def test_a_few_runs_are_not_enough_to_report_anything() -> None:
    few = growth(EVEN[:FEW], times(2.0)[:FEW])
    assert (few.may_be_worse, few.is_worse) == (True, False)


def test_a_side_with_more_runs_is_cut_to_the_other() -> None:
    assert growth(EVEN, times(2.0)[:2]).runs == 2


def test_an_excess_below_the_clocks_of_browsers_counts_as_a_millisecond() -> None:
    assert growth([[-0.01]], [[0.002]]).ratio == pytest.approx(2.0)


def test_it_says_from_where_on_it_would_report() -> None:
    assert growth(EVEN, EVEN).seen_from == LEAST_RATIO
    noisy = [[0.1], [0.5]] * (MOST // 2)
    assert growth(noisy, noisy[::-1]).seen_from > 1.5


def test_in_words() -> None:
    words = f"excess +50% (median 102 ms at the base, 152 ms now; {MOST} runs each)"
    assert str(growth(EVEN, times(1.5))) == words
