"""Figures that compare exactly."""

import pytest

from proxy_addons.harness.gate.figures import Figures, commonest, figures_of
from proxy_addons.harness.gate.recovery import Recovery

USUAL = Figures(recoveries=2, attempts=3, switches=1, waits_ms=250)


def recovery(waits: tuple[float, ...] | None) -> Recovery:
    return Recovery("page", 1.0, 2.0, attempts=2, switches=1, waits_ms=waits, served_s=0.1)


def changed(**figures: int | None) -> Figures:
    return USUAL.model_copy(update=figures)


def test_the_figures_of_a_run_are_sums_and_waits_are_rounded_at_the_end() -> None:
    found = figures_of([recovery((10.4, 0.4)), recovery((9.4,))])
    assert found == Figures(recoveries=2, attempts=4, switches=2, waits_ms=20)


def test_where_one_wait_is_not_known_their_sum_is_not() -> None:
    assert figures_of([recovery((10.0,)), recovery(None)]).waits_ms is None


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"attempts": 4}, "attempts 4 instead of 3"),
        ({"switches": 2}, "switches 2 instead of 1"),
        ({"waits_ms": 251}, "waits in ms 251 instead of 250"),
        ({"recoveries": 1}, "recoveries 1 instead of 2"),
        ({"waits_ms": None}, "it does not say its waits"),
    ],
)
def test_more_attempts_switches_and_waits_are_worse_and_fewer_recoveries(figures: dict[str, int], words: str) -> None:
    assert changed(**figures).worse_than(USUAL) == [words]


def test_less_is_another_but_not_worse() -> None:
    better = changed(attempts=2, waits_ms=100)
    assert better.worse_than(USUAL) == []
    assert better.differs_from(USUAL) == ["attempts 2 instead of 3", "waits in ms 100 instead of 250"]


def test_waits_that_the_baseline_does_not_know_are_not_compared() -> None:
    assert USUAL.differs_from(changed(waits_ms=None)) == []


def test_what_more_than_half_of_the_runs_agree_on_counts() -> None:
    assert commonest([USUAL, changed(attempts=9), USUAL]) == USUAL
    assert commonest([USUAL, changed(attempts=9)]) is None
    assert commonest([]) is None


def test_figures_in_words() -> None:
    assert str(USUAL) == "recoveries 2, attempts 3, switches 1, waits 250 ms"
