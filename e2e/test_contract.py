"""How the app's traffic is read: its own messages are valid, and nothing is that its contract does not allow."""

import json
from typing import Any

import pytest

from e2e.contract import ReferenceContract, client_of
from e2e.operator_console import Operator
from proxy_addons.harness.judge.facts import Said, Whose
from proxy_addons.records import RequestSeen

CONTRACT = ReferenceContract()
ENVELOPE = {"v": 1, "epoch": "ab", "seq": 7, "server_ms": 1000}
TIMER = {"phase": "running", "duration_ms": 1000, "deadline_ms": 5000}
TICK = {**ENVELOPE, "kind": "tick", "timer": TIMER}
NOTED = {**ENVELOPE, "kind": "event", "name": "noted", "at_ms": 1000, "text": "hello"}
SNAPSHOT = {
    **ENVELOPE,
    "kind": "snapshot",
    "timer": TIMER,
    "game": {"round": 1, "score": {"home": 0, "away": 0}},
    "events": [{"seq": n, "name": "noted", "at_ms": 1000, "text": "hello"} for n in (6, 7)],
    "oldest_seq": 1,
}


def said(message: dict[str, Any], **other: Any) -> Said | None:
    return CONTRACT.said(json.dumps({**message, **other}))


def test_what_the_app_says_is_valid(operator: Operator) -> None:
    operator.note("hello")
    messages = CONTRACT.polled(json.dumps({"messages": [operator.snapshot()]}))
    (told,) = map(CONTRACT.said, messages)
    assert told is not None
    epoch, seq = operator.cursor()
    assert (told.kind, told.epoch, told.seq) == ("snapshot", epoch, seq)


def test_a_snapshot_says_what_it_leaves_out() -> None:
    assert said(SNAPSHOT) == Said("snapshot", "ab", 7, since=5)


def test_a_snapshot_of_all_leaves_nothing_out() -> None:
    assert said(SNAPSHOT, seq=0, events=[]) == Said("snapshot", "ab", 0)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(TICK, id="tick"),
        pytest.param(NOTED, id="event"),
        pytest.param({**TICK, "further": "field"}, id="a field that nobody knows"),
        pytest.param({**TICK, "seq": 7.0}, id="a whole number with a point"),
        pytest.param({**ENVELOPE, "kind": "pong", "echo": None}, id="pong"),
        pytest.param({**ENVELOPE, "kind": "goodbye", "spread_ms": 200}, id="goodbye"),
    ],
)
def test_valid(message: dict[str, Any]) -> None:
    assert said(message) == Said(message["kind"], "ab", 7)


@pytest.mark.parametrize(
    ("message", "other"),
    [
        pytest.param(TICK, {"v": 2}, id="another version"),
        pytest.param(TICK, {"v": True}, id="a version that is no number"),
        pytest.param(TICK, {"epoch": ""}, id="no epoch"),
        pytest.param(TICK, {"seq": 7.5}, id="half an event"),
        pytest.param(TICK, {"seq": -1}, id="before the first event"),
        pytest.param(TICK, {"seq": "7"}, id="a text for a number"),
        pytest.param(TICK, {"kind": "tock"}, id="a kind that nobody knows"),
        pytest.param(TICK, {"timer": None}, id="no timer"),
        pytest.param(TICK, {"timer": {**TIMER, "deadline_ms": float("nan")}}, id="not a number"),
        pytest.param(TICK, {"timer": {"phase": "running", "duration_ms": 1000}}, id="no deadline"),
        pytest.param(
            TICK, {"timer": {"phase": "paused", "duration_ms": 5, "remaining_ms": 6}}, id="more than the whole"
        ),
        pytest.param(NOTED, {"text": None}, id="an event that does not say what changed"),
        pytest.param(NOTED, {"text": "hell\ufffd"}, id="damaged text"),
        pytest.param(NOTED, {"text": "x" * 10_001}, id="a long text"),
        pytest.param(NOTED, {"seq": 0}, id="an event before the first"),
        pytest.param(SNAPSHOT, {"seq": 8}, id="a snapshot that lacks its last event"),
        pytest.param(SNAPSHOT, {"events": SNAPSHOT["events"][::-1]}, id="events out of order"),  # type: ignore[index]
    ],
)
def test_malformed(message: dict[str, Any], other: dict[str, Any]) -> None:
    assert said(message) is not None
    assert CONTRACT.said(json.dumps({**message, **other}, ensure_ascii=False)) is None


@pytest.mark.parametrize("data", ["", "{", "null", "[]", '"tick"', "[" * 100_000, f'{{"x":"{"y" * 300_000}"}}'])
def test_no_message_at_all(data: str) -> None:
    assert CONTRACT.said(data) is None


@pytest.mark.parametrize("body", ["", "<h1>hello</h1>", "{}", '{"messages": []}', '{"messages": 3}', "[1]"])
def test_an_answer_that_is_none_is_one_malformed_message(body: str) -> None:
    assert CONTRACT.polled(body) == [body]
    assert CONTRACT.said(body) is None


@pytest.mark.parametrize(
    ("method", "url", "whose"),
    [
        ("GET", "/timer/ws?client=c&attempt=3&for=probe", Whose("c", 3, "probe")),
        ("GET", "/timer?client=c&attempt=4&for=check", Whose("c", 4, "check")),
        ("POST", "/timer/commands?client=c&attempt=5&for=live", Whose("c", 5, "command")),
        ("GET", "/client/main.js", Whose("?", 0, "asset")),
        ("GET", "/timer", Whose("?", 0, "live")),
        ("GET", "/timer?client=c&attempt=x&for=fun", Whose("c", 0, "live")),
    ],
)
def test_whose_request_it_is(method: str, url: str, whose: Whose) -> None:
    assert CONTRACT.whose(RequestSeen(0.0, 1, 1, "http", method, url, {})) == whose


def test_the_client_stands_in_the_url() -> None:
    assert client_of("ws://127.0.0.1:1/timer/ws?client=c&attempt=1") == "c"
    assert client_of("http://127.0.0.1:1/") is None
