"""`eventsource.end`."""

from proxy_addons.actions import End, Forward
from proxy_addons.faults import EndEventSource
from proxy_addons.tests.play import opened, play, sse_events


def test_ends_as_soon_as_the_stream_is_open() -> None:
    assert play(EndEventSource(), opened("eventsource"), *sse_events("a")) == [End(), Forward()]


def test_ends_after_the_last_allowed_event() -> None:
    assert play(EndEventSource(after_events=1), opened("eventsource"), *sse_events("a", "b")) == [
        Forward(),
        Forward(),
        End(),
    ]
