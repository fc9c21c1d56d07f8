"""`connection.stall`."""

from proxy_addons.actions import BOTH, Forward, Stall
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import StallConnection
from proxy_addons.tests.play import opened, play, received


def test_silences_both_directions_when_a_stream_opens() -> None:
    assert play(StallConnection(), ConnectionOpened(1), opened()) == [Forward(), Stall(BOTH)]


def test_silences_one_direction_for_a_time() -> None:
    fault = StallConnection(on="request", direction="to_server", for_ms=500)
    assert play(fault, received()) == [Stall(frozenset({"to_server"}), 500)]
