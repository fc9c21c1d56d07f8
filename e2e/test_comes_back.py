"""A WebSocket that worked is lost: the client comes back on WebSocket, and nothing is missed or shown twice."""

import pytest

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import AbortWebSocket, CloseWebSocket, Fault, ResetConnection
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import StreamBegan

WEBSOCKET = When(transport="websocket")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(AbortWebSocket(), id="aborted"),
        pytest.param(ResetConnection(on="stream"), id="reset"),
        pytest.param(CloseWebSocket(code=1001), id="closed-1001"),
        pytest.param(CloseWebSocket(code=1011), id="closed-1011"),
        pytest.param(CloseWebSocket(code=1012), id="closed-1012"),
        pytest.param(CloseWebSocket(code=1013), id="closed-1013"),
    ],
)
def test_comes_back_on_websocket_and_misses_nothing(
    timer: TimerPage, proxy: FaultProxy, operator: Operator, fault: Fault
) -> None:
    # given a page live over WebSocket
    timer.open()
    timer.expect_transport("websocket")
    # when the socket is lost and something happens meanwhile
    proxy.inject(fault, when=WEBSOCKET)
    operator.note("while nobody listened")
    # then it is back on WebSocket, with what happened
    timer.expect_note("while nobody listened")
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)
    assert [each.transport for each in proxy.history.of(StreamBegan)] == ["websocket", "websocket"]


def test_comes_back_when_the_second_connection_is_lost_as_well(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that has just lost its WebSocket
    timer.open()
    timer.expect_transport("websocket")
    proxy.inject(AbortWebSocket())
    # when the next one dies after its first message
    proxy.inject(AbortWebSocket(after_messages=1))
    operator.note("between two losses")
    # then the third one brings everything
    timer.expect_note("between two losses")
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)


def test_comes_back_without_a_downgrade_when_the_whole_network_was_away(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page live over WebSocket
    timer.open()
    timer.expect_transport("websocket")
    # when the connection breaks and every new one is refused, until it says that it is stale
    refusal = proxy.inject(AbortWebSocket()), proxy.inject(ResetConnection(on="accept"), times=None, must_fire=False)
    timer.expect_stale()
    operator.note("during the outage")
    for rule in refusal:
        proxy.heal(rule)
    # then it is live on WebSocket again: an outage is no reason to step down
    timer.expect_note("during the outage")
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)
