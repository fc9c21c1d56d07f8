"""`websocket.duplicate`."""

from proxy_addons.actions import Duplicate, Forward
from proxy_addons.faults import DuplicateWebSocket
from proxy_addons.tests.play import messages, play


def test_sends_the_nth_message_again_at_once() -> None:
    assert play(DuplicateWebSocket(nth_message=2), *messages("a", "b")) == [Forward(), Duplicate(1, 0)]


def test_sends_it_several_times_apart() -> None:
    assert play(DuplicateWebSocket(copies=3, apart_ms=40), *messages("a")) == [Duplicate(3, 40)]
