"""Half-open channels."""

from proxy_addons.harness.judge.run import NEVER
from proxy_addons.harness.judge.silences import silences
from proxy_addons.records import FaultFired, Released
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick


def spans(story: Story) -> list[tuple[float, float]]:
    return [(each.begin, each.end) for each in silences(story.run())]


def test_a_silence_begins_with_the_last_delivery_before_a_message_that_is_kept() -> None:
    story = Story()
    story.websocket(0.5).says(1.0, snapshot(1)).says(2.0, tick(1), delivered=False).says(3.0, tick(1), delivered=False)
    assert spans(story) == [(1.0, NEVER)]


def test_it_ends_with_the_next_delivery() -> None:
    story = Story()
    socket = story.websocket(0.5).says(1.0, snapshot(1)).says(2.0, tick(1), delivered=False)
    socket.says(3.0, tick(1)).says(4.0, tick(1))
    assert spans(story) == [(1.0, 3.0)]


def test_it_ends_where_what_was_held_is_released() -> None:
    story = Story().add(Released(4.0, "r", 1, 1))
    story.websocket(0.5).says(1.0, snapshot(1)).fault(1.5, "stall").says(2.0, tick(1), delivered=False)
    assert spans(story) == [(1.0, 4.0)]


def test_it_ends_where_the_server_ends_the_channel_but_not_where_the_client_does() -> None:
    for by, end in (("origin", 5.0), ("client", NEVER)):
        story = Story()
        story.websocket(0.5).says(1.0, snapshot(1)).fault(1.5, "stall").ends(5.0, by=by)
        assert spans(story) == [(1.0, end)]


def test_a_request_that_is_held_is_silent_from_its_beginning() -> None:
    story = Story()
    story.request(0.5).fault(0.6, "stall")
    assert spans(story) == [(0.5, NEVER)]


def stalled(detail: str) -> Story:
    """A WebSocket that goes on to deliver, on a connection that a rule stalls from 1.5 s on."""
    story = Story().add(FaultFired(1.5, "r", "connection.stall", "stall", 1, 1, None, 0, detail))
    story.websocket(0.5).says(1.0, snapshot(1)).says(2.0, tick(1)).says(3.0, tick(1))
    return story


def test_a_stall_of_the_whole_connection_keeps_what_comes_for_as_long_as_its_receipt_says() -> None:
    assert spans(stalled("to_client and to_server, until healed")) == [(1.0, NEVER)]
    assert spans(stalled("to_client, for 1200 ms")) == [(1.0, 1.5 + 1.2)]


def test_a_stall_towards_the_server_keeps_nothing_from_the_client() -> None:
    assert spans(stalled("to_server, until healed")) == []
    story = Story()
    socket = story.websocket(0.5).says(1.0, snapshot(1)).hears(1.5, "ping").fault(1.5, "stall", index=1)
    socket.says(9.0, tick(1))
    assert spans(story) == []


def test_a_browser_that_is_offline_hears_nothing_by_a_websocket() -> None:
    story = Story().looks(0.0).moved(1.5, "offline").moved(4.0, "online")
    story.websocket(0.5).says(1.0, snapshot(1)).says(2.0, tick(1)).says(5.0, tick(1))
    assert spans(story) == [(1.0, 4.0)]


def test_a_quiet_server_is_no_silence() -> None:
    story = Story()
    story.websocket(0.5).says(1.0, snapshot(1)).says(30.0, tick(1))
    assert spans(story) == []


def test_it_ends_where_a_message_that_was_delayed_comes() -> None:
    story = Story().add(Released(4.0, "r", 1, 1))
    story.websocket(0.5).says(1.0, snapshot(1)).says(2.0, tick(1), delivered=False).fault(2.0, "delay", index=2)
    assert spans(story) == [(1.0, 4.0)]


def test_what_may_have_come_is_not_taken_for_kept() -> None:
    story = Story()
    stream = story.eventsource(0.5).says(1.0, snapshot(1)).fault(1.5, "buffer", detail="not flushed")
    stream.says(2.0, tick(1), delivered=False)
    assert spans(story) == []


def test_what_a_buffer_holds_is_kept_until_it_lets_it_out() -> None:
    story = Story()
    stream = story.eventsource(0.5).says(1.0, snapshot(1)).fault(1.5, "buffer")
    stream.says(2.0, tick(1), delivered=False).releases(4.0)
    assert spans(story) == [(1.0, 4.0)]


def test_a_connection_that_is_stalled_is_silent() -> None:
    story = Story().add(FaultFired(1.5, "r", "connection.stall", "stall", 1, None, None, 0, ""))
    story.websocket(0.5, connection=1).says(1.0, snapshot(1))
    story.websocket(0.5, connection=2).says(1.1, snapshot(1))
    assert spans(story) == [(1.0, NEVER)]
