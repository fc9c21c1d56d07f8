"""`eventsource.duplicate`."""

from proxy_addons.actions import Duplicate, Forward
from proxy_addons.faults import DuplicateEventSource
from proxy_addons.tests.play import play, sse_events


def test_sends_the_nth_event_again_at_once() -> None:
    assert play(DuplicateEventSource(nth_event=2), *sse_events("a", "b")) == [Forward(), Duplicate(1, 0)]


def test_sends_it_several_times_apart() -> None:
    assert play(DuplicateEventSource(copies=3, apart_ms=40), *sse_events("a")) == [Duplicate(3, 40)]
