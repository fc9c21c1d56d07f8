"""Requests, answers, rules and records for the tests of exchanges."""

from collections.abc import Callable
from typing import Any

from proxy_addons.actions import Action
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import (
    BodySeen,
    ConnectionEnded,
    FaultFired,
    MessageSeen,
    Record,
    StreamBegan,
    StreamEnded,
)
from proxy_addons.tests.throwaway import rule_that

GET = b"GET /timer?since=a.1 HTTP/1.1\r\nHost: app.test:8000\r\nAccept: */*\r\n\r\n"
POST = b"POST /timer/commands HTTP/1.1\r\nHost: app.test\r\nIdempotency-Key: k1\r\nContent-Length: 4\r\n\r\n\x00\xffab"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nX-Odd-CASE: kept\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def add(proxy: FaultProxy, on: type[Any], act: Action | Callable[[Any], Action | None], scope: str = "request") -> str:
    """A rule that does this to every such event; its id."""
    rule = rule_that(on, act if callable(act) else lambda _: act, scope=scope)
    proxy.add(rule)
    return rule.id


def bodies(proxy: FaultProxy) -> list[tuple[str, str, int, bool]]:
    """The bodies in the record."""
    return [(body.direction, body.data, body.bytes, body.delivered) for body in proxy.history.of(BodySeen)]


def receipt(proxy: FaultProxy) -> tuple[str, int, str]:
    """The only one: effect, and what was sent."""
    (fired,) = proxy.history.receipts
    return fired.effect, fired.bytes_sent, fired.sent


def fault_fired(record: Record) -> bool:
    """a receipt"""
    return isinstance(record, FaultFired)


def body_of_answer(record: Record) -> bool:
    """the body of an answer in the record"""
    return isinstance(record, BodySeen) and record.direction == "to_client"


def event_seen(record: Record) -> bool:
    """an event in the record"""
    return isinstance(record, MessageSeen)


def stream_began(record: Record) -> bool:
    """an open stream in the record"""
    return isinstance(record, StreamBegan)


def stream_ended(record: Record) -> bool:
    """the end of a stream in the record"""
    return isinstance(record, StreamEnded)


def connection_ended(record: Record) -> bool:
    """the end of a client's connection in the record"""
    return isinstance(record, ConnectionEnded)
