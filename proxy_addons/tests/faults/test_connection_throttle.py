"""`connection.throttle`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import BOTH, Pace
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import ThrottleConnection
from proxy_addons.tests.play import play


def test_limits_the_rate_of_a_new_connection_both_ways() -> None:
    assert play(ThrottleConnection(bytes_per_second=500), ConnectionOpened(1)) == [Pace(BOTH, bytes_per_second=500)]


def test_limits_one_direction() -> None:
    fault = ThrottleConnection(bytes_per_second=0.5, direction="to_server")
    assert play(fault, ConnectionOpened(1)) == [Pace(frozenset({"to_server"}), bytes_per_second=0.5)]


def test_rejects_a_rate_at_which_nothing_ever_passes() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        ThrottleConnection(bytes_per_second=0)
