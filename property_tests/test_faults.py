"""Any fault of any kind in front of any event: it does only what may be done about that, and the same each time."""

import json
from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from property_tests.faults import fault_of, faults, texts, values
from proxy_addons.actions import (
    AnswerAction,
    Buffer,
    Close,
    ConnectionAction,
    End,
    EventSourceAction,
    HeadAction,
    Insert,
    ListenerAction,
    RequestAction,
    WebSocketAction,
)
from proxy_addons.events import (
    Answer,
    ConnectionOpened,
    ControlPassing,
    Event,
    ListenerReady,
    MessagePassing,
    RequestReceived,
    ResponseReceived,
    ResponseStarting,
    SsePassing,
    SseRestPassing,
    StreamOpened,
)
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.faults.base import Tally
from proxy_addons.tests.play import answered, control, messages, opened, received, sse, sse_rest, starting

MAY: dict[type[Event], Any] = {
    ListenerReady: ListenerAction,
    ConnectionOpened: ConnectionAction,
    RequestReceived: RequestAction,
    ResponseStarting: HeadAction,
    ResponseReceived: AnswerAction,
    StreamOpened: Insert | Close | End | Buffer | ConnectionAction,
    MessagePassing: WebSocketAction,
    ControlPassing: WebSocketAction,
    SsePassing: EventSourceAction,
    SseRestPassing: EventSourceAction,
}
"""Event -> what may be done about it."""

documents = values.map(json.dumps) | texts
tallies = st.builds(
    Tally,
    nth_stream=st.integers(1, 5),
    messages=st.integers(0, 5),
    fired=st.integers(0, 5),
    key=st.text(max_size=5),
    picks_messages=st.booleans(),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """One event of any type."""
    data = draw(documents).encode()
    line = data.replace(b"\r", b"").replace(b"\n", b"")
    ending = draw(st.sampled_from([b"\n", b"\r", b"\r\n"]))
    block = b"id: 4" + ending + b"data: " + line + ending + ending
    any_of: list[Event] = [
        ListenerReady(),
        ConnectionOpened(1, standing=draw(st.booleans())),
        received(body=data, earlier=(Answer(200, (), data),) * draw(st.integers(0, 8))),
        starting(content_type=draw(st.sampled_from(["text/event-stream", "text/html"]))),
        answered(data),
        opened(draw(st.sampled_from(["websocket", "eventsource"])), standing=draw(st.booleans())),
        *messages(data.decode()),
        control("ping", data),
        *sse(block),
        sse_rest(b": " + line + ending + b"retry: 1" + ending + ending),
    ]
    return draw(st.sampled_from(any_of))


FIRST = settings(phases=[Phase.generate], database=None)
"""Finds an example and does not look for a simpler one."""


@pytest.mark.parametrize("kind", MAY, ids=lambda kind: kind.__name__)
def test_every_event_is_drawn(kind: type[Event]) -> None:
    assert isinstance(find(events(), partial(is_a, kind), settings=FIRST), kind)


def is_a(kind: type[Event], event: Event) -> bool:
    return isinstance(event, kind)


def test_it_is_known_of_every_event_what_may_be_done_about_it() -> None:
    assert set(MAY) == set(get_args(Event))


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS.keys())
def test_every_kind_is_drawn_with_each_of_its_settings(kind: type[Fault]) -> None:
    for name in kind.model_fields:
        assert isinstance(find(fault_of(kind), partial(says, name), settings=FIRST), kind)


def says(name: str, fault: Fault) -> bool:
    """Whether the setting is required, or is not as it would be anyway."""
    field = type(fault).model_fields[name]
    return field.is_required() or bool(getattr(fault, name) != field.get_default(call_default_factory=True))


@given(faults, events(), tallies)
def test_a_fault_acts_only_as_may_be(fault: Fault, event: Event, tally: Tally) -> None:
    action = fault.decide(event, tally) if isinstance(event, fault.events()) else None
    assert action is None or isinstance(action, MAY[type(event)])


@given(faults, events(), tallies)
def test_a_fault_decides_the_same_each_time(fault: Fault, event: Event, tally: Tally) -> None:
    again = type(fault).model_validate(fault.model_dump())
    assert again == fault
    assert again.decide(event, tally) == fault.decide(event, tally)
