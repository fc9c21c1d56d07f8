"""What holds for every rule of an exchange."""

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


@pytest.mark.parametrize("event", [RequestReceived, ResponseStarting, ResponseReceived])
def test_lets_an_exchange_pass_when_a_fault_crashes(proxy: FaultProxy, origin: Origin, event: type[Event]) -> None:
    def crash(_: Event) -> Action:
        raise RuntimeError("broken kind")

    proxy.add(rule_that(event, crash, scope="request"))
    client, _ = origin.exchange(proxy.url, GET, OK)
    assert client.read(len(OK)) == OK
    (crashed,) = proxy.history.of(FaultCrashed)
    assert "broken kind" in crashed.error
