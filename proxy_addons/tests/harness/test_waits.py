"""For what a run has waited."""

import pytest

from proxy_addons.harness.waits import Waits


def test_adds_up_what_is_waited_for_again() -> None:
    waits = Waits()
    waits.add("rain", 1.5)
    waits.add("snow", 1.0)
    waits.add("rain", 0.5)
    assert waits.seconds == {"rain": 2.0, "snow": 1.0}


def test_counts_a_wait_that_ends_in_an_error() -> None:
    waits = Waits()
    with pytest.raises(TimeoutError), waits.on("rain"):
        raise TimeoutError
    assert waits.seconds["rain"] >= 0.0
