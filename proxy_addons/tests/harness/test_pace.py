"""A machine that stands still is noticed."""

import threading

from proxy_addons.harness.pace import BEAT_S, Pace


def measured(*lasted_s: float) -> float:
    """What is measured where beats last so long."""
    clock, over = [0.0], threading.Event()
    beats = iter(lasted_s)

    def sleep(_: float) -> None:
        lasted = next(beats, None)
        clock[0] += BEAT_S if lasted is None else lasted
        if lasted is None:
            over.set()

    with Pace(lambda: clock[0], sleep) as pace:
        assert over.wait(10)
    return round(pace.worst_s, 6)


def test_a_machine_that_keeps_its_pace_is_never_late() -> None:
    assert measured(BEAT_S, BEAT_S) == 0.0


def test_the_longest_time_that_it_stood_still_counts() -> None:
    assert measured(BEAT_S, 0.3 + BEAT_S, 0.2 + BEAT_S) == 0.3


def test_real_time_is_measured_by_default() -> None:
    with Pace() as pace:
        pass
    assert pace.worst_s >= 0.0
