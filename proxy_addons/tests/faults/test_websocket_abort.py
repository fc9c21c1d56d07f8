"""`websocket.abort`."""

from proxy_addons.actions import Abort, Forward
from proxy_addons.faults import AbortWebSocket
from proxy_addons.tests.play import messages, opened, play


def test_cuts_as_soon_as_the_socket_is_open() -> None:
    assert play(AbortWebSocket(), opened(), *messages("a")) == [Abort(), Forward()]


def test_cuts_after_the_last_allowed_message() -> None:
    assert play(AbortWebSocket(after_messages=2), opened(), *messages("a", "b", "c", "d")) == [
        Forward(),
        Forward(),
        Forward(),
        Abort(),
        Forward(),
    ]
