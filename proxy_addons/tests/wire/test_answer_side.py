"""What rules do to the head of an answer, as a client and an origin see it."""

import gzip
from typing import Any

import pytest

from proxy_addons.actions import (
    Abort,
    Action,
    Buffer,
    Close,
    Delay,
    EditHeaders,
    Forward,
    Hold,
    Limit,
    Parting,
    Replace,
    Reset,
    Respond,
    Route,
    Truncate,
)
from proxy_addons.events import Answer, Event, RequestReceived, ResponseReceived, ResponseStarting
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import (
    BodySeen,
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    Record,
    RequestSeen,
    ResponseSeen,
    StreamBegan,
    UpstreamFailed,
)
from proxy_addons.tests.origin import (
    LAST_CHUNK,
    STREAMING,
    SUBSCRIBE,
    SWITCHED,
    TIMEOUT_S,
    UPGRADE,
    Origin,
    Peer,
    chunk,
)
from proxy_addons.tests.throwaway import rule_that

GET = b"GET /timer?since=a.1 HTTP/1.1\r\nHost: app.test:8000\r\nAccept: */*\r\n\r\n"
POST = b"POST /timer/commands HTTP/1.1\r\nHost: app.test\r\nIdempotency-Key: k1\r\nContent-Length: 4\r\n\r\n\x00\xffab"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nX-Odd-CASE: kept\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def fault_fired(record: Record) -> bool:
    """a receipt"""
    return isinstance(record, FaultFired)


def body_of_answer(record: Record) -> bool:
    """the body of an answer in the record"""
    return isinstance(record, BodySeen) and record.direction == "to_client"


def connection_ended(record: Record) -> bool:
    """the end of a client's connection in the record"""
    return isinstance(record, ConnectionEnded)


def add(proxy: FaultProxy, on: type[Any], action: Action, id: str = "throwaway", scope: str = "request") -> str:
    """A rule that does this to every such event; its id."""
    proxy.add(rule_that(on, lambda _: action, scope=scope, id=id))
    return id


def bodies(proxy: FaultProxy) -> list[tuple[str, str, int, bool]]:
    return [(body.direction, body.data, body.bytes, body.delivered) for body in proxy.history.of(BodySeen)]


def receipt(proxy: FaultProxy) -> tuple[str, int, str]:
    (fired,) = proxy.history.receipts
    return fired.effect, fired.bytes_sent, fired.sent


class TestRules:
    def test_edits_an_answer_s_head(self, proxy: FaultProxy, origin: Origin) -> None:
        add(proxy, ResponseStarting, EditHeaders(remove=("x-odd-case",), add=(("Cache-Control", "max-age=9"),)))
        client, _ = origin.exchange(proxy.url, GET, OK)
        edited = OK.replace(b"X-Odd-CASE: kept\r\n", b"").replace(b"\r\n\r\n", b"\r\nCache-Control: max-age=9\r\n\r\n")
        assert client.read(len(edited)) == edited

    @pytest.mark.parametrize("name", ["Sec-WebSocket-Accept", "Upgrade", "Connection"])
    def test_edits_the_head_of_a_handshake(self, proxy: FaultProxy, origin: Origin, name: str) -> None:
        add(proxy, ResponseStarting, EditHeaders(remove=(name,)))
        client, server = origin.exchange(proxy.url, UPGRADE, SWITCHED)
        lines = [line for line in SWITCHED.split(b"\r\n") if not line.startswith(name.encode())]
        assert client.read_head() == b"\r\n".join(lines)
        # and the origin does not know
        server.send(b"\x81\x01a")
        assert client.read(3) == b"\x81\x01a"

    @pytest.mark.parametrize(
        ("request_sent", "answer"), [(GET, OK), (GET, CHUNKED + chunk(b"a") + LAST_CHUNK), (UPGRADE, SWITCHED)]
    )
    def test_holds_an_answer_before_its_head(
        self, proxy: FaultProxy, origin: Origin, request_sent: bytes, answer: bytes
    ) -> None:
        hold = add(proxy, ResponseStarting, Hold("head"))
        client, _ = origin.exchange(proxy.url, request_sent, answer)
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(hold)
        assert client.read(len(answer)) == answer

    @pytest.mark.parametrize(
        ("head", "body"), [(OK[:-2], OK[-2:]), (CHUNKED, chunk(b"a") + LAST_CHUNK), (STREAMING, chunk(b"data: a\n\n"))]
    )
    def test_holds_an_answer_before_its_body(self, proxy: FaultProxy, origin: Origin, head: bytes, body: bytes) -> None:
        hold = add(proxy, ResponseStarting, Hold("body"))
        client, _ = origin.exchange(proxy.url, GET, head + body)
        assert client.read_head() == head
        proxy.history.wait_for(fault_fired, TIMEOUT_S)
        assert not client.has_news()
        proxy.heal(hold)
        assert client.read(len(body)) == body

    def test_shows_the_origin_s_end_behind_what_was_held(self, proxy: FaultProxy, origin: Origin) -> None:
        hold = add(proxy, ResponseStarting, Hold("body"))
        client, server = origin.exchange(proxy.url, GET, OK[:-1])
        assert client.read_head() == OK[:-2]
        server.close()
        proxy.heal(hold)
        assert client.rest() == (OK[-2:-1], "fin")

    @pytest.mark.parametrize("action", [Buffer(), Buffer(gzip=True), Respond(Answer(200, (), b"")), Reset()])
    def test_passes_an_answer_when_a_rule_wants_what_cannot_be(
        self, proxy: FaultProxy, origin: Origin, action: Action
    ) -> None:
        add(proxy, ResponseStarting, action)
        client, _ = origin.exchange(proxy.url, GET, OK)
        assert client.read(len(OK)) == OK
        (crash,) = proxy.history.of(FaultCrashed)
        assert "on ResponseStarting" in crash.error
