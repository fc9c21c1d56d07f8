"""One line of the log for each connection, with its end and why."""

import logging
from collections.abc import Iterable
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import Message, Receive, Scope, Send

from reference_app.metrics import Metrics
from reference_app.visits import LogVisits, visit_of

HTTP: Scope = {"type": "http", "method": "GET", "path": "/timer/stream", "query_string": b"", "client": ("::1", 7)}
WEBSOCKET: Scope = {"type": "websocket", "path": "/timer/ws", "query_string": b"timer=a&client=c1&attempt=3&for=live"}
START: Message = {"type": "http.response.start", "status": 200}


def visit(
    caplog: pytest.LogCaptureFixture,
    scope: Scope,
    *,
    sends: Iterable[Message] = (),
    receives: Iterable[Message] = (),
    says: str = "",
    fails: bool = False,
) -> tuple[dict[str, Any], Metrics]:
    """The one line that a visit leaves, to an app that does just this; and what was counted."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in sends:
            await send(message)
        if says:
            visit_of(scope).ended(says)
        for _ in receives:
            await receive()
        if fails:
            raise ZeroDivisionError

    remaining = iter(receives)

    async def receive() -> Message:
        return next(remaining)

    async def send(_: Message) -> None:
        pass

    times = iter([100.0, 101.25])
    metrics = Metrics()
    with caplog.at_level(logging.INFO, "reference_app.visits"), start_blocking_portal() as portal:
        try:
            portal.call(LogVisits(app, metrics, clock=lambda: next(times)), dict(scope), receive, send)
        except ZeroDivisionError:
            assert fails
    [record] = caplog.records
    return {"level": record.levelname, **vars(record)["fields"]}, metrics


def test_says_who_asked_for_what_and_what_was_answered(caplog: pytest.LogCaptureFixture) -> None:
    line, _ = visit(caplog, HTTP, sends=[START, {"type": "http.response.body", "body": b"abc"}])
    assert line == {
        "level": "INFO",
        "transport": "eventsource",
        "method": "GET",
        "path": "/timer/stream",
        "peer": "::1:7",
        "status": 200,
        "end": "answered",
        "sent_bytes": 3,
        "seconds": 1.25,
    }


def test_says_which_connection_of_which_client_it_was(caplog: pytest.LogCaptureFixture) -> None:
    line, metrics = visit(caplog, WEBSOCKET, receives=[{"type": "websocket.disconnect", "code": 1000}])
    wanted = {"transport": "websocket", "timer": "a", "client": "c1", "attempt": "3", "for": "live", "code": 1000}
    assert line | wanted == line
    labels = {"transport": "websocket", "purpose": "live", "again": "true"}
    assert metrics.registry.get_sample_value("timer_requests_total", labels) == 1


@pytest.mark.parametrize(
    ("code", "end"),
    [(1000, "left"), (1001, "left"), (1005, "lost"), (1006, "lost"), (1007, "broken"), (1009, "broken")],
)
def test_says_why_a_websocket_ended_by_its_code(caplog: pytest.LogCaptureFixture, code: int, end: str) -> None:
    line, _ = visit(caplog, WEBSOCKET, receives=[{"type": "websocket.disconnect", "code": code}])
    assert (line["end"], line["code"]) == (end, code)


@pytest.mark.parametrize(("end", "level"), [("stopping", "INFO"), ("slow", "WARNING"), ("refused", "INFO")])
def test_the_reason_of_whoever_ends_it_counts(caplog: pytest.LogCaptureFixture, end: str, level: str) -> None:
    line, _ = visit(caplog, HTTP, sends=[START], says=end, receives=[{"type": "http.disconnect"}])
    assert (line["end"], line["level"]) == (end, level)


def test_a_stream_whose_reader_goes_was_left(caplog: pytest.LogCaptureFixture) -> None:
    part = {"type": "http.response.body", "body": b"abc", "more_body": True}
    line, _ = visit(caplog, HTTP, sends=[START, part, part], receives=[{"type": "http.disconnect"}])
    assert (line["end"], line["sent_bytes"]) == ("left", 6)


def test_an_app_that_raises_has_failed(caplog: pytest.LogCaptureFixture) -> None:
    line, _ = visit(caplog, HTTP, fails=True)
    assert (line["end"], line["level"]) == ("failed", "WARNING")


def test_what_a_client_says_of_itself_is_cut_short_and_makes_no_metric(caplog: pytest.LogCaptureFixture) -> None:
    line, metrics = visit(caplog, {**HTTP, "query_string": b"for=" + b"x" * 9999 + b"&client=%ff%00"})
    assert len(line["for"]) < 200
    labels = {"transport": "eventsource", "purpose": "", "again": "false"}
    assert metrics.registry.get_sample_value("timer_requests_total", labels) == 1
