"""`eventsource.stall`."""

from proxy_addons.actions import Forward, Stall
from proxy_addons.faults import StallEventSource
from proxy_addons.tests.play import opened, play, sse_events

SILENCE = Stall(frozenset({"to_client"}))


def test_silences_as_soon_as_the_stream_is_open() -> None:
    assert play(StallEventSource(), opened("eventsource"), *sse_events("a")) == [SILENCE, Forward()]


def test_silences_for_a_time() -> None:
    assert play(StallEventSource(for_ms=500), opened("eventsource")) == [Stall(frozenset({"to_client"}), 500)]


def test_silences_after_the_last_allowed_event() -> None:
    assert play(StallEventSource(after_events=1), opened("eventsource"), *sse_events("a", "b")) == [
        Forward(),
        Forward(),
        SILENCE,
    ]
