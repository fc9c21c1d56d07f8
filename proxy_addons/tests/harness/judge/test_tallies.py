from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.tallies import Range, Wire
from proxy_addons.records import FaultFired
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, tick


def wire(story: Story, t: float = 60.0) -> Wire:
    return Wire(story.run(), "a", t, Limits())


def test_links_that_lived_count_for_sure() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1)).ends(10.0, "end", "origin")
    story.eventsource(12.0).says(12.1, snapshot(1))
    story.refused(11.0, "eventsource")

    ranges = wire(story).ranges()

    assert ranges["sse_attempts"] == Range(3, 3)
    assert ranges["sse_successes"] == Range(2, 2)
    assert ranges["reconnect_count"] == Range(1, 1)
    assert ranges["stream_errors"] == Range(1, 2)


def test_what_came_with_the_end_may_have_been_read_or_not() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1), "{").ends(0.2, "end", "origin")

    ranges = wire(story).ranges()

    assert ranges["sse_successes"] == Range(0, 1)
    assert ranges["malformed_total"] == Range(0, 1)


def test_a_stream_in_a_buffer_counts_from_what_it_lets_out() -> None:
    story = Story()
    buffered = story.eventsource(0.0).fault(0.0, "buffer").says(0.1, snapshot(1), delivered=False)
    assert wire(story).ranges()["sse_successes"] == Range(0, 0)

    buffered.says(1.0, tick(1), delivered=False).releases(1.1)

    assert wire(story).ranges()["sse_successes"] == Range(1, 1)


def test_a_stream_that_is_compressed_may_have_come_or_not() -> None:
    story = Story()
    stream = story.eventsource(0.0).fault(0.0, "buffer", detail="not flushed")
    stream.says(0.1, snapshot(1), delivered=False).ends(10.0, "end", "origin")

    ranges = wire(story).ranges()

    assert ranges["sse_successes"] == Range(0, 1)
    assert ranges["stream_errors"] == Range(0, 1)
    assert wire(story).switches() is None


def test_a_number_that_is_skipped_is_a_gap_and_one_that_returns_a_duplicate() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(1.0, event(2)).says(2.0, event(2)).says(3.0, event(5))

    ranges = wire(story).ranges()

    assert ranges["gaps_total"].low == 1
    assert ranges["duplicates_total"] == Range(0, 1)


def test_changes_of_transport_are_told_by_the_links_that_worked() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).ends(10.0, "rst", "rule")
    story.eventsource(20.0).says(20.1, snapshot(1)).says(21.0, tick(1))

    assert wire(story).switches() == {"websocket>eventsource": 1}
    assert wire(story, 20.2).switches() is None


def test_a_redirected_poll_may_have_brought_what_is_no_message() -> None:
    story = Story()
    story.poll(0.0, tick(1))
    story.poll(1.0, status=302)

    assert wire(story).ranges()["malformed_total"] == Range(0, 1)


def test_a_poll_on_a_connection_that_is_cut_may_look_like_an_empty_one() -> None:
    story = Story()
    poll = story.poll(0.0, tick(1))
    story.poll(5.0, tick(1))
    story.add(FaultFired(0.0, "r", "connection.cut_after", "limit", poll.connection, None, None, 0, "", ""))

    assert wire(story).ranges()["malformed_total"] == Range(0, 1)
