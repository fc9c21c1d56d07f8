"""`eventsource.reorder`."""

from proxy_addons.actions import Forward, Reorder
from proxy_addons.faults import ReorderEventSource
from proxy_addons.tests.play import play, sse_events


def test_puts_the_nth_event_behind_those_that_follow() -> None:
    fault = ReorderEventSource(nth_event=1, behind=2)
    assert play(fault, *sse_events("a", "b", "c")) == [Reorder(2), Forward(), Forward()]
