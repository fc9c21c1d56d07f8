"""`websocket.fragment`."""

from proxy_addons.actions import Forward, Fragment
from proxy_addons.faults import FragmentWebSocket
from proxy_addons.tests.play import messages, play


def test_cuts_the_nth_message_into_frames() -> None:
    assert play(FragmentWebSocket(nth_message=2, piece_bytes=5), *messages("a", "b")) == [Forward(), Fragment(5)]


def test_puts_pings_between_them() -> None:
    assert play(FragmentWebSocket(pings=True), *messages("a")) == [Fragment(1, pings=True)]
