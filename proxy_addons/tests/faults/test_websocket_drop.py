"""`websocket.drop`."""

from proxy_addons.actions import Drop, Forward
from proxy_addons.faults import DropWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_loses_the_nth_message_and_no_other() -> None:
    fault = DropWebSocket(nth_message=2)
    assert play(fault, opened(), *messages("a", "b", "c")) == [Forward(), Forward(), Drop(), Forward()]
