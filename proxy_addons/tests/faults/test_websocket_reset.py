"""`websocket.reset`."""

from proxy_addons.actions import Forward, Reset
from proxy_addons.faults import ResetWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_resets_as_soon_as_the_socket_is_open() -> None:
    assert play(ResetWebSocket(), opened(), *messages("a")) == [Reset(), Forward()]


def test_resets_after_the_last_allowed_message() -> None:
    fault = ResetWebSocket(after_messages=1)
    assert play(fault, opened(), *messages("a", "b", "c")) == [Forward(), Forward(), Reset(), Forward()]
