"""S2: stale data are not shown as fresh."""

from proxy_addons.harness.judge.checks.s02_staleness import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, found, snapshot, texts, tick, undecided


def silent_after(t: float) -> Story:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(t, tick(1))
    return story


def test_holds_while_messages_come() -> None:
    assert texts(CHECK, silent_after(5.0).looks(8.0, stale="fresh")) == []


def test_holds_where_silence_is_shown() -> None:
    assert texts(CHECK, silent_after(5.0).looks(20.0, stale="stale").looks(21.0, stale="offline")) == []


def test_tells_of_a_page_that_stays_fresh_in_the_silence_once() -> None:
    story = silent_after(5.0).looks(8.0, stale="fresh").looks(9.0, stale="fresh").looks(10.0, stale="fresh")
    (text,) = texts(CHECK, story)
    assert "page a at 9.000 s shows its data as fresh, but nothing valid had reached it for 4.000 s" in text
    assert "until 10.000 s" in text


def test_shows_the_slice_from_the_last_message_on() -> None:
    story = silent_after(5.0).looks(9.0, stale="fresh")
    (difference,) = found(CHECK, story)
    records = story.run().records
    assert (records[difference.first].t, records[difference.last].t) == (5.0, 9.0)


def test_allows_the_page_s_clock_to_be_behind() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(9.03, tick(1))
    assert texts(CHECK, story.looks(9.0, stale="fresh")) == []


def test_takes_no_message_for_valid_that_is_malformed_or_was_not_delivered() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(4.0, "{").says(4.5, tick(1), delivered=False)
    assert len(texts(CHECK, story.looks(5.0, stale="fresh"))) == 1


def test_tells_of_a_page_that_is_fresh_before_it_was_told_anything() -> None:
    story = Story()
    story.websocket(0.0)
    (text,) = texts(CHECK, story.looks(0.5, stale="fresh").step(9.0, "over"))
    assert "nothing valid had reached it ever" in text


def test_knows_when_what_was_held_arrives() -> None:
    story = Story()
    socket = story.websocket(0.0).says(0.1, snapshot(1)).fault(0.2, "stall")
    socket.says(1.0, tick(1), delivered=False).releases(8.0)
    assert texts(CHECK, story.looks(9.0, stale="fresh")) == []
    assert len(texts(CHECK, story.looks(7.0, stale="fresh"))) == 1


def test_accuses_nobody_where_a_slow_line_hides_when_messages_come() -> None:
    story = Story()
    socket = story.websocket(0.0).says(0.1, snapshot(1)).fault(0.2, "pace", kind="connection.latency")
    socket.says(1.0, tick(1))
    assert texts(CHECK, story.looks(9.0, stale="fresh")) == []


def test_has_bounds_that_follow_the_scale() -> None:
    story = silent_after(5.0).looks(6.0, stale="fresh")
    assert texts(CHECK, story) == []
    assert len(texts(CHECK, story, Limits(scale=0.1))) == 1


def test_knows_each_life_of_a_page_for_a_client_of_its_own() -> None:
    story = Story()
    story.websocket(0.0, client="one").says(0.1, snapshot(1)).ends(1.0)
    story.websocket(10.0, client="two").says(10.1, snapshot(1))
    assert texts(CHECK, story.looks(10.2, client="", stale="fresh")) == []
    assert len(texts(CHECK, story.looks(9.0, client="", stale="fresh"))) == 1


def test_is_undecided_without_a_page_that_says_so() -> None:
    assert undecided(CHECK, silent_after(5.0).looks(9.0, state="running")) is not None
