"""`eventsource.splice`."""

from proxy_addons.actions import Forward, Insert
from proxy_addons.faults import SpliceEventSource
from proxy_addons.framing.sse import SseFramer
from proxy_addons.mutations import canary
from proxy_addons.tests.play import KEY, opened, play, sse_events


def test_puts_text_before_the_first_event_exactly_as_it_is_given() -> None:
    fault = SpliceEventSource(text="<br>\r\n")
    assert play(fault, opened("eventsource"), *sse_events("a")) == [Insert(b"<br>\r\n"), Forward()]


def test_puts_it_behind_the_nth_event_or_before_it() -> None:
    behind = SpliceEventSource(text="x", after_events=2)
    before = SpliceEventSource(text="x", after_events=2, before=True)
    assert play(behind, *sse_events("a", "b", "c")) == [Forward(), Insert(b"x"), Forward()]
    assert play(before, *sse_events("a", "b")) == [Forward(), Insert(b"x", before=True)]


def test_writes_a_warning_that_is_no_event_where_it_is_given_nothing() -> None:
    (action,) = play(SpliceEventSource(), opened("eventsource"))
    assert isinstance(action, Insert)
    (block,) = SseFramer().feed(action.data)
    assert block.data is None
    assert canary(KEY).encode() in block.raw
