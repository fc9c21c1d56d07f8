"""`connection.coalesce`."""

from proxy_addons.actions import BOTH, Pace
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import CoalesceConnection
from proxy_addons.tests.play import play


def test_gathers_for_a_window() -> None:
    assert play(CoalesceConnection(), ConnectionOpened(1)) == [Pace(BOTH, gather_ms=100)]


def test_gathers_up_to_a_size_in_one_direction() -> None:
    fault = CoalesceConnection(window_ms=250, max_bytes=1000, direction="to_client")
    expected = Pace(frozenset({"to_client"}), gather_ms=250, gather_bytes=1000)
    assert play(fault, ConnectionOpened(1)) == [expected]
