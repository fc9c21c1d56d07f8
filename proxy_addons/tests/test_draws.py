"""Draws repeat, differ where their keys differ, and are spread as they say."""

from statistics import fmean

import pytest

from proxy_addons.draws import Distribution, draw, spread

MANY = [draw("many", n) for n in range(4000)]


def test_the_same_key_draws_the_same_number_in_every_process() -> None:
    assert draw(320, "rule", 1) == pytest.approx(0.5144, abs=1e-4)


def test_keys_that_look_alike_draw_apart() -> None:
    assert len({draw(1, 23), draw(12, 3), draw("1", 23), draw(1, "23"), draw((1, 23))}) == 5


def test_draws_fill_the_range_evenly() -> None:
    assert min(MANY) >= 0
    assert max(MANY) < 1
    assert all(abs(sum(number < tenth / 10 for number in MANY) / len(MANY) - tenth / 10) < 0.03 for tenth in range(11))


@pytest.mark.parametrize(
    ("distribution", "mean"),
    [("uniform", 50), ("normal", 79.8), ("exponential", 100)],
)
def test_jitter_has_its_distribution(distribution: Distribution, mean: float) -> None:
    """Means of a uniform, a half-normal (width x sqrt(2/pi)) and an exponential distribution of width 100."""
    jitter = [spread(distribution, 100, number) for number in MANY]
    assert min(jitter) >= 0
    assert fmean(jitter) == pytest.approx(mean, rel=0.05)


@pytest.mark.parametrize("distribution", ["uniform", "normal", "exponential"])
def test_no_jitter_is_none(distribution: Distribution) -> None:
    assert spread(distribution, 0, 0.7) == 0
