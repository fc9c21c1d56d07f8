"""`eventsource.reset`."""

from proxy_addons.actions import Forward, Reset
from proxy_addons.faults import ResetEventSource
from proxy_addons.tests.play import opened, play, sse_events


def test_resets_as_soon_as_the_stream_is_open() -> None:
    assert play(ResetEventSource(), opened("eventsource"), *sse_events("a")) == [Reset(), Forward()]


def test_resets_after_the_last_allowed_event() -> None:
    fault = ResetEventSource(after_events=1)
    assert play(fault, opened("eventsource"), *sse_events("a", "b")) == [Forward(), Forward(), Reset()]
