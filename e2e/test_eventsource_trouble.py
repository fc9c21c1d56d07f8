"""What happens to an event stream, told on a page whose WebSocket never gets through."""

import pytest

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import (
    AbortEventSource,
    CorruptEventSource,
    EndEventSource,
    RespondToRequest,
)
from proxy_addons.plan import Rule, When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import StreamBegan

NO_WEBSOCKET = Rule(id="no-websocket", when=When(transport="websocket"), fault=RespondToRequest(status=503))
STREAM = When(transport="eventsource")
pytestmark = pytest.mark.faults(NO_WEBSOCKET)


@pytest.fixture
def streaming(timer: TimerPage) -> TimerPage:
    """A page live over EventSource."""
    timer.open()
    timer.expect_transport("eventsource")
    return timer


def test_resumes_when_the_stream_is_cut_in_the_middle_of_an_event(
    streaming: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    proxy.inject(AbortEventSource(after_events=1, partial_bytes=20))
    operator.note("cut in half")
    streaming.expect_note("cut in half")
    streaming.expect_in_sync(operator)
    streaming.expect_transport("eventsource")


def test_resumes_when_the_stream_ends(streaming: TimerPage, proxy: FaultProxy, operator: Operator) -> None:
    proxy.inject(EndEventSource())
    operator.note("after the end")
    streaming.expect_note("after the end")
    streaming.expect_in_sync(operator)
    streaming.expect_transport("eventsource")


def test_asks_again_when_the_reconnect_is_answered_503(
    streaming: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # when the stream is cut, and the browser's next request is refused, after which it would never ask again
    proxy.inject(RespondToRequest(status=503, body="<h2>Service Unavailable</h2>"), when=STREAM)
    proxy.inject(AbortEventSource())
    operator.note("through the gap")
    # then the client itself asks again
    streaming.expect_note("through the gap")
    streaming.expect_transport("eventsource")
    streaming.expect_in_sync(operator)
    assert len([each for each in proxy.history.of(StreamBegan) if each.transport == "eventsource"]) == 2


def test_falls_back_to_polling_when_the_stream_is_answered_with_a_page_of_html(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a sign-in page where the stream should be
    proxy.inject(RespondToRequest(status=200, body="<html>Sign in</html>"), when=STREAM, times=None)
    timer.open()
    # then the page polls, and shows nothing of it
    timer.expect_transport("polling")
    timer.expect_no_text("Sign in")
    timer.expect_in_sync(operator)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(None, id="cut-in-half"),
        pytest.param("<html>canary-7f3a</html>", id="html"),
        pytest.param('{"v":1,"kind":"event","seq":"canary-7f3a"}', id="wrong-types"),
    ],
)
def test_does_not_show_a_corrupt_event_and_catches_up(
    streaming: TimerPage, proxy: FaultProxy, operator: Operator, data: str | None
) -> None:
    # when the event that carries the note arrives broken
    proxy.inject(CorruptEventSource(data=data))
    operator.note("not to be lost")
    # then the note arrives another way, and of the rubbish nothing is seen
    streaming.expect_note("not to be lost")
    streaming.expect_in_sync(operator)
    streaming.expect_no_text("canary-7f3a")
    streaming.expect_counted("malformed_total", least=1)
