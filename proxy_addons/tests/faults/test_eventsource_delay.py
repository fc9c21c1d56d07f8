"""`eventsource.delay`."""

from proxy_addons.actions import Delay, Forward
from proxy_addons.faults import DelayEventSource
from proxy_addons.tests.play import play, sse_events


def test_makes_the_nth_event_late_and_no_other() -> None:
    assert play(DelayEventSource(nth_event=1, ms=250), *sse_events("a", "b")) == [Delay(250), Forward()]
