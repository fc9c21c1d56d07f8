"""`connection.split`."""

from proxy_addons.actions import BOTH, Pace
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import SplitConnection
from proxy_addons.tests.play import play


def test_cuts_into_single_bytes_one_ms_apart() -> None:
    assert play(SplitConnection(), ConnectionOpened(1)) == [Pace(BOTH, piece_bytes=1, piece_apart_ms=1)]


def test_cuts_one_direction_into_pieces_of_a_size() -> None:
    fault = SplitConnection(piece_bytes=7, apart_ms=0, direction="to_client")
    expected = Pace(frozenset({"to_client"}), piece_bytes=7, piece_apart_ms=0)
    assert play(fault, ConnectionOpened(1)) == [expected]
