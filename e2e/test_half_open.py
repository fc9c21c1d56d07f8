"""A link that is open and silent: neither browser notices, so the client must, by the age of its data."""

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import RespondToRequest, StallEventSource, StallWebSocket
from proxy_addons.plan import When
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


def test_shows_old_data_as_stale_and_never_as_fresh_while_nothing_gets_through(
    timer: TimerPage, proxy: FaultProxy
) -> None:
    # given a page live over WebSocket
    timer.open()
    timer.expect_transport("websocket")
    # when every link is dead, new ones too
    proxy.inject(StallWebSocket(), times=None)
    proxy.inject(RespondToRequest(status=503), when=When(transport="http"), times=None, must_fire=False)
    proxy.inject(RespondToRequest(status=503), when=When(transport="eventsource"), times=None, must_fire=False)
    # then it goes stale, and an open socket that says nothing does not make it fresh
    timer.expect_stale()
    proxy.history.wait_for(lambda record: isinstance(record, StreamBegan) and record.exchange > 1, 10)
    timer.expect_stale()


def test_notices_a_silent_event_stream(timer: TimerPage, proxy: FaultProxy, operator: Operator) -> None:
    # given a page live over EventSource
    proxy.inject(RespondToRequest(status=503), when=When(transport="websocket"), times=None)
    timer.open()
    timer.expect_transport("eventsource")
    # when the stream stays open and says nothing
    proxy.inject(StallEventSource())
    operator.note("unheard")
    # then the page opens another one and catches up
    timer.expect_has_been_stale()
    timer.expect_note("unheard")
    timer.expect_transport("eventsource")
    timer.expect_in_sync(operator)
