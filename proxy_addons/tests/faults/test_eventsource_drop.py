"""`eventsource.drop`."""

from proxy_addons.actions import Drop, Forward
from proxy_addons.faults import DropEventSource
from proxy_addons.tests.play import opened, play, sse_events


def test_loses_the_nth_event_and_no_other() -> None:
    fault = DropEventSource(nth_event=2)
    assert play(fault, opened("eventsource"), *sse_events("a", "b", "c")) == [Forward(), Forward(), Drop(), Forward()]
