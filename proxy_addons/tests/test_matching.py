"""Why a rule does not apply to an event."""

import json
from typing import Any

import pytest

from proxy_addons.events import ConnectionOpened, Event, Headers, ListenerReady, RequestReceived
from proxy_addons.faults import (
    AbortWebSocket,
    EndEventSource,
    Fault,
    MutePingWebSocket,
    RefuseConnection,
    ResetConnection,
    RespondToRequest,
    TruncateRequest,
)
from proxy_addons.matching import Sight, mismatches, passing_differences
from proxy_addons.plan import Rule
from proxy_addons.tests.play import answered, control, messages, opened, received, request, sse, sse_events
from proxy_addons.when import Payload, When

UP = messages("a", direction="to_server")[0]


@pytest.mark.parametrize(
    ("fault", "when", "event"),
    [
        pytest.param(AbortWebSocket(), When(), opened("websocket"), id="a stream of its transport"),
        pytest.param(AbortWebSocket(), When(), messages("a")[0], id="a message to the client"),
        pytest.param(AbortWebSocket(), When(direction="to_server"), UP, id="a message to the server"),
        pytest.param(EndEventSource(), When(), sse_events("a")[0], id="an event"),
        pytest.param(RespondToRequest(), When(), received("websocket"), id="a handshake is a request"),
        pytest.param(RespondToRequest(), When(path="/t*r", method="GET"), received(), id="glob and method"),
        pytest.param(RespondToRequest(), When(path="/*"), received(path="/a/b"), id="* matches slashes"),
        pytest.param(ResetConnection(on="accept"), When(), ConnectionOpened(1), id="a connection"),
        pytest.param(ResetConnection(), When(), opened("eventsource"), id="any stream"),
        pytest.param(RefuseConnection(), When(), ListenerReady(), id="the listener"),
        pytest.param(AbortWebSocket(), When(connection=1), opened(), id="its connection"),
        pytest.param(AbortWebSocket(), When(message=2), messages("a", "b")[1], id="its message"),
        pytest.param(EndEventSource(), When(every=2), sse_events("a", "b")[1], id="every second event"),
        pytest.param(MutePingWebSocket(), When(), control("ping"), id="a ping to the client"),
    ],
)
def test_a_rule_applies(fault: Fault, when: When, event: Event) -> None:
    assert mismatches(Rule(fault=fault, when=when), event) == []


@pytest.mark.parametrize(
    ("fault", "when", "event", "reasons"),
    [
        pytest.param(
            AbortWebSocket(), When(), received(), ["websocket.abort does not act on RequestReceived"], id="event"
        ),
        pytest.param(
            AbortWebSocket(),
            When(),
            opened("eventsource"),
            ["transport is 'eventsource', not 'websocket'"],
            id="the kind's transport",
        ),
        pytest.param(
            ResetConnection(),
            When(transport="eventsource"),
            opened("websocket"),
            ["transport is 'websocket', not 'eventsource'"],
            id="the rule's transport",
        ),
        pytest.param(
            AbortWebSocket(), When(), UP, ["direction is 'to_server', not 'to_client'"], id="the other direction"
        ),
        pytest.param(
            RespondToRequest(),
            When(path="/Timer", method="POST"),
            received(),
            ["method is 'GET', not 'POST'", "path '/timer' does not match '/Timer'"],
            id="all reasons at once, case matters",
        ),
        pytest.param(
            ResetConnection(on="accept"),
            When(connection=2),
            ConnectionOpened(1),
            ["connection is 1, not 2"],
            id="another connection",
        ),
        pytest.param(
            AbortWebSocket(),
            When(connection=2),
            opened(),
            ["connection is 1, not 2"],
            id="its stream",
        ),
        pytest.param(
            ResetConnection(),
            When(direction="to_server"),
            sse_events("a")[0],
            ["direction is 'to_client', not 'to_server'"],
            id="events go to the client",
        ),
        pytest.param(
            MutePingWebSocket(),
            When(direction="to_server"),
            control("ping"),
            ["direction is 'to_client', not 'to_server'"],
            id="a ping the other way",
        ),
        pytest.param(
            AbortWebSocket(), When(message=2), messages("a")[0], ["it is message 1, not 2"], id="another message"
        ),
        pytest.param(
            AbortWebSocket(),
            When(every=2),
            messages("a", "b", "c")[2],
            ["it is message 3, which is no multiple of 2"],
            id="a message between",
        ),
        pytest.param(
            AbortWebSocket(), When(after_bytes=1), messages("a")[0], ["0 bytes have passed, not 1"], id="too early"
        ),
        pytest.param(
            AbortWebSocket(),
            When(message=1),
            opened(),
            ["StreamOpened is no message or event that has a number"],
            id="no message",
        ),
        pytest.param(
            AbortWebSocket(),
            When(payload=Payload(pointer="/a")),
            opened(),
            ["StreamOpened has no payload"],
            id="no payload",
        ),
    ],
)
def test_a_rule_does_not_apply_and_says_why(fault: Fault, when: When, event: Event, reasons: list[str]) -> None:
    assert mismatches(Rule(fault=fault, when=when), event) == reasons


def test_so_many_bytes_have_passed() -> None:
    rule = Rule(fault=AbortWebSocket(), when=When(after_bytes=10))
    event = messages("a")[0]
    assert mismatches(rule, event, passed_bytes=9) == ["9 bytes have passed, not 10"]
    assert mismatches(rule, event, passed_bytes=10) == []


@pytest.mark.parametrize(
    ("when", "headers", "reasons"),
    [
        pytest.param(When(header={"origin": "*.test"}), (("Origin", "app.test"),), [], id="glob; case of the name"),
        pytest.param(When(header={"X": "b"}), (("X", "a"), ("X", "b")), [], id="one of several"),
        pytest.param(When(header={"X": False}), (), [], id="absent"),
        pytest.param(
            When(header={"X": False}), (("x", "1"),), ["header 'X' is '1', not absent"], id="there, and should not be"
        ),
        pytest.param(When(header={"X": "*"}), (), ["there is no header 'X' to match '*'"], id="not there"),
        pytest.param(
            When(header={"X": "b"}), (("X", "B"),), ["header 'X' is 'B', which does not match 'b'"], id="another value"
        ),
        pytest.param(When(cookie={"slot": "blue"}), (("Cookie", "a=b; slot=blue"),), [], id="a cookie"),
        pytest.param(
            When(cookie={"slot": False}),
            (("Cookie", "slot=blue"),),
            ["cookie 'slot' is 'blue', not absent"],
            id="a cookie that should not be there",
        ),
        pytest.param(
            When(cookie={"SLOT": "*"}),
            (("Cookie", "slot=blue"),),
            ["there is no cookie 'SLOT' to match '*'"],
            id="case of a cookie matters",
        ),
    ],
)
def test_looks_at_headers_and_cookies(when: When, headers: Headers, reasons: list[str]) -> None:
    event = RequestReceived(request("http", headers=headers))
    assert mismatches(Rule(fault=RespondToRequest(), when=when), event) == reasons


DOCUMENT = '{"kind":"tick","n":3,"ok":true,"none":null,"list":[{"a/b":"x"}]}'


@pytest.mark.parametrize(
    ("pointer", "op", "value", "compares"),
    [
        ("/kind", "==", "tick", True),
        ("/kind", "==", "tock", False),
        ("/kind", "!=", "tock", True),
        ("/n", "==", 3, True),
        ("/n", "==", 3.0, True),
        ("/n", "==", "3", False),
        ("/ok", "==", True, True),
        ("/ok", "==", 1, False),
        ("/ok", "!=", 1, True),
        ("/none", "==", None, True),
        ("/gone", "==", None, False),
        ("/gone", "!=", "x", False),
        ("/n", "<", 4, True),
        ("/n", "<", 3, False),
        ("/n", "<=", 3, True),
        ("/n", ">", 2.5, True),
        ("/n", ">=", 4, False),
        ("/kind", "<", "tock", True),
        ("/kind", "<", 3, False),
        ("/ok", "<", 2, False),
        ("/kind", "exists", None, True),
        ("/gone", "exists", None, False),
        ("/gone", "missing", None, True),
        ("/none", "missing", None, False),
        ("/kind", "matches", "t?ck", True),
        ("/kind", "matches", "T*", False),
        ("/n", "matches", "*", False),
        ("/list/0/a~1b", "==", "x", True),
        ("/list/1", "exists", None, False),
        ("/list/-", "exists", None, False),
        ("", "exists", None, True),
    ],
)
def test_compares_a_value_in_the_payload(pointer: str, op: Any, value: Any, compares: bool) -> None:
    rule = Rule(fault=AbortWebSocket(), when=When(payload=Payload(pointer=pointer, op=op, value=value)))
    assert (mismatches(rule, messages(DOCUMENT)[0]) == []) is compares


def test_says_what_the_payload_is_instead() -> None:
    rule = Rule(fault=AbortWebSocket(), when=When(payload=Payload(pointer="/kind", op="==", value="tock")))
    assert mismatches(rule, messages(DOCUMENT)[0]) == ["'/kind' of the payload is 'tick': not == 'tock'"]


@pytest.mark.parametrize("data", ["", "{", "\xff", "[" * 100_000], ids=["empty", "broken", "text", "deep"])
def test_what_is_no_json_matches_nothing(data: str) -> None:
    rule = Rule(fault=AbortWebSocket(), when=When(payload=Payload(pointer="/kind", op="missing")))
    assert mismatches(rule, messages(data)[0]) == ["the payload is no JSON"]


@pytest.mark.parametrize(
    ("fault", "event"),
    [
        pytest.param(RespondToRequest(), received(body=b'{"a":1}'), id="the body of a request"),
        pytest.param(TruncateRequest(body_bytes=1), answered(b'{"a":1}'), id="an answer"),
        pytest.param(EndEventSource(), sse(b'event: b\ndata: {"a":\ndata: 1}\n\n')[0], id="the data of an event"),
    ],
)
def test_payloads_are_found_where_they_are(fault: Fault, event: Event) -> None:
    assert mismatches(Rule(fault=fault, when=When(payload=Payload(pointer="/a", op="==", value=1))), event) == []
    assert mismatches(Rule(fault=fault, when=When(payload=Payload(pointer="/a", op="==", value=2))), event) != []


def test_a_payload_is_read_once_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def reading(data: bytes) -> dict[str, str]:
        read.append(data)
        return {}

    monkeypatch.setattr(json, "loads", reading)
    sight = Sight(messages("{}")[0])
    for pointer in ("/a", "/b"):
        list(passing_differences(Rule(fault=AbortWebSocket(), when=When(payload=Payload(pointer=pointer))), sight, 0))
    assert read == [b"{}"]
