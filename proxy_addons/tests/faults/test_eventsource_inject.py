"""`eventsource.inject`."""

import json

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Insert
from proxy_addons.faults import InjectEventSource
from proxy_addons.framing.sse import SseFramer
from proxy_addons.mutations import canary
from proxy_addons.tests.play import KEY, opened, play, sse_events


def test_speaks_first_when_the_stream_opens() -> None:
    fault = InjectEventSource(data="a\nb", event="scored", id="9")
    expected = Insert(b"event: scored\nid: 9\ndata: a\ndata: b\n\n")
    assert play(fault, opened("eventsource"), *sse_events("a")) == [expected, Forward()]


def test_speaks_right_behind_the_nth_event_or_before_it() -> None:
    behind = InjectEventSource(data="x", after_events=1)
    before = InjectEventSource(data="x", after_events=1, before=True)
    assert play(behind, opened("eventsource"), *sse_events("a", "b")) == [Forward(), Insert(b"data: x\n\n"), Forward()]
    assert play(before, *sse_events("a")) == [Insert(b"data: x\n\n", before=True)]


def test_says_something_of_a_kind_that_nobody_knows_where_it_is_given_nothing() -> None:
    (action,) = play(InjectEventSource(), opened("eventsource"))
    assert isinstance(action, Insert)
    (block,) = SseFramer().feed(action.data)
    assert json.loads(block.data or b"") == {"kind": canary(KEY)}


@pytest.mark.parametrize("setting", ["event", "id"])
def test_rejects_a_field_that_fits_no_line(setting: str) -> None:
    with pytest.raises(ValidationError, match="must fit one line"):
        InjectEventSource.model_validate({setting: "a\nb"})
