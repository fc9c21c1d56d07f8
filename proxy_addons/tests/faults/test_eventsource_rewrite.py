"""`eventsource.rewrite`."""

from typing import Any

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Action, Drop, Forward, Replace
from proxy_addons.events import SsePassing
from proxy_addons.faults import RewriteEventSource
from proxy_addons.tests.play import opened, play, sse, sse_rest


def rewritten(raw: bytes, **settings: Any) -> Action:
    (action,) = play(RewriteEventSource.model_validate(settings), *sse(raw))
    return action


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({"id": "x"}, b"id: x\ndata: a\n\n", id="id forged"),
        pytest.param({"id": ""}, b"id: \ndata: a\n\n", id="id empty"),
        pytest.param({"id": "e.\0"}, b"id: e.\0\ndata: a\n\n", id="id with NUL"),
        pytest.param({"id_removed": True}, b"data: a\n\n", id="id removed"),
        pytest.param({"id_back": 3}, b"id: e1.9\ndata: a\n\n", id="id rolled back"),
        pytest.param({"id_back": 99}, b"id: e1.0\ndata: a\n\n", id="id rolled back, not below 0"),
        pytest.param({"retry": "0"}, b"id: e1.12\ndata: a\nretry: 0\n\n", id="retry"),
        pytest.param({"event": "x"}, b"id: e1.12\ndata: a\nevent: x\n\n", id="type"),
        pytest.param({"comments": "added"}, b"id: e1.12\ndata: a\n: comment\n\n", id="comment added"),
        pytest.param({"bom": True}, b"\xef\xbb\xbfid: e1.12\ndata: a\n\n", id="byte order mark"),
        pytest.param({"line_ending": "cr"}, b"id: e1.12\rdata: a\r\r", id="CR"),
        pytest.param({"line_ending": "crlf"}, b"id: e1.12\r\ndata: a\r\n\r\n", id="CRLF"),
        pytest.param({"id": "4", "retry": "soon"}, b"id: 4\ndata: a\nretry: soon\n\n", id="two at once"),
    ],
)
def test_rewrites_what_it_is_told_and_nothing_else(settings: dict[str, Any], expected: bytes) -> None:
    assert rewritten(b"id: e1.12\ndata: a\n\n", **settings) == Replace(expected)


def test_removes_comments() -> None:
    assert rewritten(b": hi\ndata: a\n:\n\n", comments="removed") == Replace(b"data: a\n\n")


def test_passes_what_would_stay_the_same() -> None:
    assert rewritten(b"id: 4\ndata: a\n\n", id="4") == Forward()
    assert rewritten(b"data: a\n\n", id_back=1) == Forward()
    assert rewritten(b"id: abc\ndata: a\n\n", id_back=1) == Forward()


def test_rewrites_the_nth_event_and_no_other() -> None:
    fault = RewriteEventSource(nth_event=2, retry="1")
    events = sse(b"data: a\n\n", b"data: b\n\n")
    expected = [Forward(), Forward(), Replace(b"data: b\nretry: 1\n\n")]
    assert play(fault, opened("eventsource"), *events) == expected
    assert fault.events() == (SsePassing,)


def test_rewrites_a_lone_retry_but_makes_no_other_line_of_it() -> None:
    fault = RewriteEventSource(retry="0", id="x")
    assert play(fault, sse_rest(b"retry: 9\n\n"), sse_rest(b": hi\n\n")) == [Replace(b"retry: 0\n\n"), Forward()]


def test_drops_a_block_of_which_nothing_is_left() -> None:
    fault = RewriteEventSource(comments="removed")
    assert play(fault, sse_rest(b": hi\n\n"), sse_rest(b"\n"), sse_rest(b":\nretry: 1\n\n")) == [
        Drop(),
        Forward(),
        Replace(b"retry: 1\n\n"),
    ]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        pytest.param({}, "nothing to rewrite; retry = '0' or id_back = 1 would be right", id="nothing"),
        pytest.param({"nth_event": 2}, "nothing to rewrite", id="only which one"),
        pytest.param({"id": "a", "id_back": 1}, "exclude each other", id="two ids"),
        pytest.param({"id_removed": True, "id": ""}, "exclude each other", id="removed and empty"),
        pytest.param({"retry": "1\n"}, "must fit one line", id="line end"),
    ],
)
def test_rejects_what_makes_no_sense(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        RewriteEventSource.model_validate(settings)
