"""The shape of what goes over the wire."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from reference_app.messages import ErrorMessage, EventMessage, Outcome, Result, Tick, cursor, encode, parse_cursor
from reference_app.timer import GameChange, RunningTimer, ScoreChange

STAMP: dict[str, Any] = {"epoch": "ab12", "seq": 7, "server_ms": 99}


def test_a_message_carries_its_envelope_and_its_own_fields() -> None:
    tick = Tick(**STAMP, timer=RunningTimer(duration_ms=5, deadline_ms=8))
    assert json.loads(encode(tick)) == {
        "v": 1,
        "epoch": "ab12",
        "seq": 7,
        "kind": "tick",
        "server_ms": 99,
        "timer": {"phase": "running", "duration_ms": 5, "deadline_ms": 8},
    }


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(
            EventMessage(**STAMP, name="scored", at_ms=1, game=GameChange(score=ScoreChange(home=3))), id="event"
        ),
        pytest.param(Result(**STAMP, id="a", **dict(Outcome(ok=True, event_seq=7))), id="result"),
        pytest.param(ErrorMessage(**STAMP, code="malformed", message="x"), id="error"),
    ],
)
def test_absent_fields_are_absent_and_never_null(message: EventMessage | Result | ErrorMessage) -> None:
    assert "null" not in encode(message)


def test_a_message_is_one_line_when_its_text_has_several() -> None:
    message = EventMessage(**STAMP, name="noted", at_ms=1, text="one\r\ntwo\rthree")
    assert encode(message).splitlines() == [encode(message)]


def test_refuses_a_message_with_a_wrong_type() -> None:
    with pytest.raises(ValidationError):
        Tick(**{**STAMP, "seq": "7"}, timer=RunningTimer(duration_ms=5, deadline_ms=8))


def test_a_cursor_can_be_read_back() -> None:
    tick = Tick(**STAMP, timer=RunningTimer(duration_ms=5, deadline_ms=8))
    assert parse_cursor(cursor(tick)) == ("ab12", 7)


@pytest.mark.parametrize(
    "text",
    [None, "", "ab12", "ab12.", ".7", "ab12.-7", "xy.7", "ab12.7.7", "ab12.7\n", "ab12.\u0667", "ab12." + "7" * 99],
)
def test_there_is_no_cursor_in_a_text_that_is_none(text: str | None) -> None:
    assert parse_cursor(text) is None
