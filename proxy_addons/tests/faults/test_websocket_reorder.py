"""`websocket.reorder`."""

from proxy_addons.actions import Forward, Reorder
from proxy_addons.faults import ReorderWebSocket
from proxy_addons.tests.play import messages, play


def test_puts_the_nth_message_behind_those_that_follow() -> None:
    fault = ReorderWebSocket(nth_message=1, behind=2)
    assert play(fault, *messages("a", "b", "c")) == [Reorder(2), Forward(), Forward()]
