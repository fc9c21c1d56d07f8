"""mitmproxy's flows, read as facts."""

import pytest
from mitmproxy import http
from mitmproxy.test import tflow, tutils

from proxy_addons.actions import Respond
from proxy_addons.wire.http import answer, author_of, is_event_stream, read_request, request_of


def flow_of(path: bytes = b"/", /, **headers: str) -> http.HTTPFlow:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return tflow.tflow(req=tutils.treq(path=path, headers=http.Headers(fields)))


class TestRequest:
    @pytest.mark.parametrize(
        ("headers", "transport"),
        [
            pytest.param({"Upgrade": "websocket"}, "websocket", id="handshake"),
            pytest.param({"Upgrade": "WebSocket"}, "websocket", id="handshake in other letters"),
            pytest.param({"Upgrade": "h2c"}, "http", id="another upgrade"),
            pytest.param({"Accept": "text/event-stream"}, "eventsource", id="EventSource"),
            pytest.param({"Accept": "text/event-stream, */*"}, "eventsource", id="a library that accepts more"),
            pytest.param({"Accept": "*/*"}, "http", id="anything"),
            pytest.param({}, "http", id="no headers"),
        ],
    )
    def test_tells_the_transport_by_the_headers(self, headers: dict[str, str], transport: str) -> None:
        assert read_request(flow_of(**headers), 1, 1).transport == transport

    def test_keeps_the_facts_apart(self) -> None:
        request = read_request(flow_of(b"/timer?since=a.1&x=%2F?y", X_One="1"), 3, 7)
        assert (request.connection, request.exchange) == (3, 7)
        assert (request.method, request.path, request.query) == ("GET", "/timer", "since=a.1&x=%2F?y")
        assert request.headers == (("X-One", "1"),)

    def test_is_remembered_by_its_flow(self) -> None:
        flow = flow_of()
        assert request_of(flow) is None
        request = read_request(flow, 1, 1)
        assert request_of(flow) is request


class TestAnswer:
    def test_takes_the_origin_s_place(self) -> None:
        flow = flow_of()
        assert author_of(flow) == "origin"
        answer(flow, Respond(429, (("Retry-After", "7"), ("Set-Cookie", "a"), ("Set-Cookie", "b")), b"later"))
        assert author_of(flow) == "rule"
        assert flow.response is not None
        assert (flow.response.status_code, flow.response.reason) == (429, "Too Many Requests")
        assert flow.response.content == b"later"
        assert flow.response.headers["retry-after"] == "7"
        assert flow.response.headers.get_all("set-cookie") == ["a", "b"]

    def test_has_no_reason_when_nobody_knows_the_status(self) -> None:
        flow = flow_of()
        answer(flow, Respond(299))
        assert flow.response is not None
        assert flow.response.reason == ""


@pytest.mark.parametrize(
    ("status", "content_type", "expected"),
    [
        pytest.param(200, "text/event-stream", True, id="as it is"),
        pytest.param(200, "Text/Event-Stream ; charset=utf-8", True, id="with a parameter"),
        pytest.param(200, "text/event-stream-ish", False, id="another type"),
        pytest.param(200, "text/html", False, id="HTML"),
        pytest.param(503, "text/event-stream", False, id="an error"),
        pytest.param(204, "text/event-stream", False, id="no content"),
    ],
)
def test_event_stream_is_what_a_browser_would_read_as_one(status: int, content_type: str, expected: bool) -> None:
    assert is_event_stream(http.Response.make(status, b"", {"Content-Type": content_type})) is expected


def test_no_answer_is_no_event_stream() -> None:
    assert is_event_stream(None) is False
