"""`eventsource.cut`."""

from typing import Any

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Abort, Action, End, Forward, Replace, Reset, Stall
from proxy_addons.faults import CutEventSource
from proxy_addons.tests.play import opened, play, sse

EVENT = "id: 7\r\ndata: später\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        pytest.param({"where": "field"}, b"id: 7\r\ndata: s", id="halfway into the last data line"),
        pytest.param({"where": "utf8"}, b"id: 7\r\ndata: sp\xc3", id="within a character"),
        pytest.param({"where": "crlf"}, b"id: 7\r", id="between CR and LF"),
        pytest.param({"where": "blank_line"}, "id: 7\r\ndata: später\r\n".encode(), id="before the blank line"),
        pytest.param({"where": "bytes", "after_bytes": 3}, b"id:", id="after some bytes"),
    ],
)
def test_cuts_an_event_where_it_is_told(settings: dict[str, Any], part: bytes) -> None:
    assert play(CutEventSource.model_validate(settings), opened("eventsource"), *sse(EVENT)) == [Forward(), Abort(part)]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("end", End(b"da")),
        ("abort", Abort(b"da")),
        ("reset", Reset(b"da")),
        ("stall", Stall(frozenset({"to_client"}), parting=b"da")),
        ("continue", Replace(b"da")),
    ],
)
def test_goes_on_as_it_is_told(then: str, expected: Action) -> None:
    fault = CutEventSource.model_validate({"where": "bytes", "after_bytes": 2, "then": then})
    assert play(fault, *sse(b"data: a\n\n")) == [expected]


@pytest.mark.parametrize(
    "settings", [{"where": "utf8"}, {"where": "crlf"}, {"where": "bytes", "after_bytes": 9}], ids=str
)
def test_passes_an_event_that_has_no_such_place_and_tries_the_next(settings: dict[str, Any]) -> None:
    fault = CutEventSource.model_validate(settings)
    passed, cut = play(fault, *sse(b"data: a\n\n", "data: später\r\n\r\n".encode()))
    assert passed == Forward()
    assert isinstance(cut, Abort)


def test_lets_the_first_events_pass() -> None:
    fault = CutEventSource(where="blank_line", after_events=1)
    assert play(fault, *sse(b"data: a\n\n", b"data: b\n\n")) == [Forward(), Abort(b"data: b\n")]


@pytest.mark.parametrize("settings", [{"where": "bytes"}, {"after_bytes": 3}], ids=str)
def test_rejects_a_count_without_its_place(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="where = 'bytes' and after_bytes need each other"):
        CutEventSource.model_validate(settings)
