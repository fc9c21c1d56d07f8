"""`websocket.mute_ping`."""

import pytest

from proxy_addons.actions import Action, Drop, Forward
from proxy_addons.faults import MutePingWebSocket
from proxy_addons.tests.play import control, messages, play


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(MutePingWebSocket(), [Drop(), Drop(), Forward()], id="both"),
        pytest.param(MutePingWebSocket(what="ping"), [Drop(), Forward(), Forward()], id="ping"),
        pytest.param(MutePingWebSocket(what="pong"), [Forward(), Drop(), Forward()], id="pong"),
    ],
)
def test_swallows_what_it_is_told_and_no_message(fault: MutePingWebSocket, expected: list[Action]) -> None:
    assert play(fault, control("ping"), control("pong"), *messages("a")) == expected
