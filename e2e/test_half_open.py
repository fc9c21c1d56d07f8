"""A link that is open and silent: neither browser notices, so the client must, by the age of its data."""

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import StallWebSocket
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import StreamBegan


def test_notices_a_half_open_websocket_by_its_own_timer(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page live over WebSocket
    timer.open()
    timer.expect_transport("websocket")
    # when the link goes dead without a word
    proxy.inject(StallWebSocket())
    operator.note("into the void")
    # then the page says that its data is old, opens another socket, and has everything
    timer.expect_has_been_stale()
    timer.expect_note("into the void")
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)
    assert len(proxy.history.of(StreamBegan)) == 2
