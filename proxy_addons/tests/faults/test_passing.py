"""Which messages and events the kinds act on that act on single ones."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Drop, Forward
from proxy_addons.events import Event
from proxy_addons.faults import FAULTS, DropEventSource, DropWebSocket
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import EventFault, MessageFault, beside
from proxy_addons.tests.play import messages, opened, play, sse_events


def test_without_a_number_each_message_and_event_is_meant() -> None:
    assert play(DropWebSocket(), opened(), *messages("a", "b")) == [Forward(), Drop(), Drop()]
    assert play(DropEventSource(), opened("eventsource"), *sse_events("a", "b")) == [Forward(), Drop(), Drop()]


def test_with_a_number_only_the_nth_of_a_stream_is_meant() -> None:
    expected = [Forward(), Drop(), Forward()]
    assert play(DropWebSocket(nth_message=2), *messages("a", "b", "c")) == expected
    assert play(DropEventSource(nth_event=2), *sse_events("a", "b", "c")) == expected


def test_counts_from_one() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        DropWebSocket(nth_message=0)
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        DropEventSource(nth_event=0)


def test_a_setting_for_one_message_or_event_means_the_same_in_all_kinds() -> None:
    """`nth_...` picks one, `after_...` counts those before; no kind has a word of its own for either."""
    for kind, fault in FAULTS.items():
        if "nth_message" in fault.model_fields:
            assert issubclass(fault, MessageFault), kind
        if "nth_event" in fault.model_fields and kind != "eventsource.rewrite":  # sees more than events
            assert issubclass(fault, EventFault), kind


@pytest.mark.parametrize(
    ("after", "event", "passed", "picks", "expected"),
    [
        pytest.param(0, opened(), 0, False, True, id="0 is the opening"),
        pytest.param(0, messages("a")[0], 0, False, False, id="0 is no message"),
        pytest.param(0, messages("a")[0], 4, True, True, id="0 is any message that was picked"),
        pytest.param(0, opened(), 0, True, False, id="0 is then no opening"),
        pytest.param(2, opened(), 1, False, False, id="2 is not the opening"),
        pytest.param(2, messages("a")[0], 0, False, False, id="2 is not the first message"),
        pytest.param(2, messages("a")[0], 1, False, True, id="2 is the second message"),
        pytest.param(2, sse_events("a")[0], 1, True, True, id="2 is the second event that was picked"),
        pytest.param(2, messages("a")[0], 2, False, False, id="2 is not the third message"),
    ],
)
def test_beside_names_one_place(after: int, event: Event, passed: int, picks: bool, expected: bool) -> None:
    assert beside(event, after, Tally(messages=passed, picks_messages=picks)) is expected
