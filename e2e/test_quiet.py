"""Nothing goes wrong, so nothing happens."""

from collections.abc import Iterator

import pytest

from e2e.app import start_app
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, RequestSeen, StreamEnded

SCALE = 0.2
"""Twice that of other stories: a client rightly mistrusts a link that is silent for 5 s of its time, and a busy machine
may stand still for half a second."""
SOAK_S = 120 * SCALE


@pytest.fixture
def subject() -> Iterator[SubjectProcess]:
    with start_app("--scale", str(SCALE)) as app:
        yield app


@pytest.mark.limits(scale=SCALE)
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
