"""mitmproxy's requests and responses, read as facts and written from them."""

import gzip

import pytest
from mitmproxy import http
from mitmproxy.test import tutils

from proxy_addons.actions import EditHeaders
from proxy_addons.events import Answer, Request
from proxy_addons.wire.http import (
    accepts_gzip,
    body_allowed,
    compress,
    edit,
    facts_of,
    identity_of,
    is_event_stream,
    read_fields,
    replace_body,
    response_of,
    route,
    write_fields,
)


def request_with(path: bytes = b"/", /, **headers: str) -> http.Request:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return tutils.treq(path=path, headers=http.Headers(fields))


def response_with(*fields: tuple[bytes, bytes], status: int = 200) -> http.Response:
    response = http.Response.make(status, b"")
    response.headers = http.Headers(fields)
    return response


class TestRequest:
    @pytest.mark.parametrize(
        ("headers", "transport"),
        [
            pytest.param({"Upgrade": "websocket"}, "websocket", id="handshake"),
            pytest.param({"Accept": "text/event-stream", "UPGRADE": "WebSocket"}, "websocket", id="in other letters"),
            pytest.param({"Upgrade": "h2c"}, "http", id="another upgrade"),
            pytest.param({"Accept": "text/event-stream"}, "eventsource", id="EventSource"),
            pytest.param({"Accept": "text/event-stream, */*"}, "eventsource", id="a library that accepts more"),
            pytest.param({"Accept": "*/*"}, "http", id="anything"),
            pytest.param({}, "http", id="no headers"),
        ],
    )
    def test_tells_the_transport_by_the_headers(self, headers: dict[str, str], transport: str) -> None:
        assert facts_of(request_with(**headers), 1, 1).transport == transport

    def test_keeps_the_facts_apart(self) -> None:
        request = facts_of(request_with(b"/timer?since=a.1&x=%2F?y", X_One="1"), 3, 7)
        assert (request.connection, request.exchange) == (3, 7)
        assert (request.method, request.path, request.query) == ("GET", "/timer", "since=a.1&x=%2F?y")
        assert request.headers == (("X-One", "1"),)

    def test_goes_to_another_origin_and_keeps_its_host(self) -> None:
        request = request_with(Host="app.test")
        route(request, "http://127.0.0.1:8001")
        assert (request.scheme, request.data.host, request.port) == ("http", "127.0.0.1", 8001)
        assert request.headers["host"] == "app.test"

    @pytest.mark.parametrize(("target", "port"), [("http://a", 80), ("https://a", 443)])
    def test_goes_to_the_port_of_the_scheme(self, target: str, port: int) -> None:
        request = request_with()
        route(request, target)
        assert (request.port, request.scheme) == (port, target.partition(":")[0])

    @pytest.mark.parametrize(
        ("accepted", "expected"),
        [
            ("gzip", True),
            ("br, GZIP;q=0.5", True),
            ("br", False),
            ("", False),
            ("gzip;q=0", False),
            ("gzip; q=0.000", False),
            ("x-gzip", False),
        ],
    )
    def test_says_whether_gzip_may_be_sent(self, accepted: str, expected: bool) -> None:
        request = Request(1, 1, "http", "GET", "/", "", (("Accept-Encoding", accepted),))
        assert accepts_gzip(request) is expected


class TestFields:
    ODD = ((b"X-Odd-CASE", b"a"), (b"set-cookie", b"1"), (b"Set-Cookie", b"\xff\xc3\xa9"))

    def test_survive_the_way_to_text_and_back(self) -> None:
        assert write_fields(read_fields(http.Headers(self.ODD))) == self.ODD

    def test_are_removed_whatever_the_letters_and_added_behind(self) -> None:
        headers = http.Headers(self.ODD)
        edit(headers, EditHeaders(remove=("SET-cookie", "absent"), add=(("a", "1"), ("a", "2"))))
        assert headers.fields == (self.ODD[0], (b"a", b"1"), (b"a", b"2"))


class TestBody:
    def test_has_its_length_said_anew(self) -> None:
        response = response_with((b"content-LENGTH", b"9"), (b"Content-Encoding", b"gzip"), (b"X", b"1"))
        replace_body(response, b"four")
        assert {name.lower(): value for name, value in response.headers.fields} == {b"content-length": b"4", b"x": b"1"}
        assert response.data.content == b"four"

    def test_has_no_length_where_chunks_delimit_it(self) -> None:
        response = response_with((b"Transfer-Encoding", b"chunked"))
        replace_body(response, b"four")
        assert response.headers.fields == ((b"Transfer-Encoding", b"chunked"),)

    def test_has_no_length_when_it_is_to_be_compressed(self) -> None:
        response = response_with((b"Content-Length", b"9"), (b"X", b"1"))
        compress(response.headers)
        assert response.headers.fields == ((b"X", b"1"), (b"Content-Encoding", b"gzip"))

    def test_is_read_without_its_compression(self) -> None:
        response = response_with((b"Content-Encoding", b"gzip"), (b"X", b"1"))
        assert identity_of(response, gzip.compress(b"{}")) == Answer(200, (("X", "1"),), b"{}")

    @pytest.mark.parametrize("coding", [b"gzip", b"unheard-of"])
    def test_is_read_as_it_came_when_its_compression_cannot_be_undone(self, coding: bytes) -> None:
        answer = identity_of(response_with((b"Content-Encoding", coding)), b"no gzip")
        assert answer == Answer(200, (("Content-Encoding", coding.decode()),), b"no gzip")

    @pytest.mark.parametrize(
        ("method", "status", "expected"),
        [("GET", 200, True), ("HEAD", 200, False), ("GET", 204, False), ("GET", 304, False), ("POST", 500, True)],
    )
    def test_is_allowed(self, method: str, status: int, expected: bool) -> None:
        assert body_allowed(method, status) is expected


class TestAnswer:
    def test_is_what_the_rule_says(self) -> None:
        answer = Answer(429, (("Retry-After", "7"), ("Set-Cookie", "a"), ("Set-Cookie", "b")), b"later")
        response = response_of(answer, "GET")
        assert (response.status_code, response.reason, response.data.content) == (429, "Too Many Requests", b"later")
        assert response.headers.fields == (*write_fields(answer.headers), (b"Content-Length", b"5"))

    def test_has_no_reason_when_nobody_knows_the_status(self) -> None:
        assert response_of(Answer(299, (), b""), "GET").reason == ""

    @pytest.mark.parametrize("given", [("content-length", "99"), ("Transfer-Encoding", "chunked")])
    def test_keeps_the_length_that_it_was_given(self, given: tuple[str, str]) -> None:
        assert read_fields(response_of(Answer(200, (given,), b"later"), "GET").headers) == (given,)

    @pytest.mark.parametrize(
        ("method", "status", "fields"),
        [
            pytest.param("HEAD", 200, ((b"Content-Length", b"5"),), id="HEAD says how long it would be"),
            pytest.param("GET", 204, (), id="204"),
            pytest.param("GET", 304, (), id="304"),
        ],
    )
    def test_has_no_body_where_none_may_be(
        self, method: str, status: int, fields: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        response = response_of(Answer(status, (), b"later"), method)
        assert response.headers.fields == fields
        assert response.data.content == b""


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
