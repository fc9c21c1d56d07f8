"""`connection.latency`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import BOTH, Pace
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import LatencyConnection
from proxy_addons.tests.play import KEY, play


def test_makes_the_bytes_of_a_new_connection_late_both_ways() -> None:
    assert play(LatencyConnection(), ConnectionOpened(1)) == [Pace(BOTH, latency_ms=100, key=KEY)]


def test_draws_the_jitter_from_the_rule_s_key() -> None:
    fault = LatencyConnection(ms=20, jitter_ms=5, distribution="normal", direction="to_client")
    expected = Pace(frozenset({"to_client"}), latency_ms=20, jitter_ms=5, distribution="normal", key=KEY)
    assert play(fault, ConnectionOpened(1)) == [expected]


@pytest.mark.parametrize("ms", [-1, float("inf"), float("nan")])
def test_rejects_a_time_that_is_none(ms: float) -> None:
    with pytest.raises(ValidationError, match=r"greater than or equal to 0|finite number"):
        LatencyConnection(ms=ms)
