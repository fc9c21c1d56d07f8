"""`eventsource.abort`."""

from proxy_addons.actions import Abort, Forward
from proxy_addons.faults import AbortEventSource
from proxy_addons.framing.sse import SseFramer
from proxy_addons.tests.play import opened, play, sse_events


def test_cuts_as_soon_as_the_stream_is_open() -> None:
    assert play(AbortEventSource(), opened("eventsource")) == [Abort()]


def test_cuts_after_the_last_allowed_event() -> None:
    assert play(AbortEventSource(after_events=1), opened("eventsource"), *sse_events("a", "b", "c")) == [
        Forward(),
        Forward(),
        Abort(),
        Forward(),
    ]


def test_lets_the_first_bytes_of_the_next_event_out() -> None:
    fault = AbortEventSource(partial_bytes=8)
    assert play(fault, opened("eventsource"), *sse_events("a", "b")) == [Forward(), Abort(b"id: 1\nda"), Forward()]


def test_never_lets_a_whole_event_out() -> None:
    (action,) = play(AbortEventSource(partial_bytes=1000), *sse_events("a"))
    assert isinstance(action, Abort)
    assert SseFramer().feed(action.parting) == []
