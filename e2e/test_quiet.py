"""Nothing goes wrong, so nothing happens."""

from e2e.app import SCALE
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, RequestSeen, StreamEnded

SOAK_S = 120 * SCALE


def test_one_websocket_and_nothing_else_when_there_are_no_faults(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that has been left alone for two minutes of its own time
    timer.open()
    timer.expect_transport("websocket")
    start = proxy.history.of(MessageSeen)[0].t
    proxy.history.wait_for(lambda record: record.t - start >= SOAK_S, 2 * SOAK_S)
    # then there was one WebSocket, no stream, no poll, and no reconnect
    timer.expect_in_sync(operator)
    asked = [each.transport for each in proxy.history.of(RequestSeen) if each.url.startswith("/timer")]
    assert asked == ["websocket"]
    assert proxy.history.of(StreamEnded) == []
