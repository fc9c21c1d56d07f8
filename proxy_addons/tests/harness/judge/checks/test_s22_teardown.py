from proxy_addons.harness.judge.checks.s22_teardown import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed
from proxy_addons.tests.harness.judge.stories import Story, Told, found, healthy, snapshot, texts, undecided


def closed() -> tuple[Story, Told]:
    """A page that is closed at 10 s; its socket has no end yet."""
    story = Story().opens(0.0).looks(0.5)
    socket = story.websocket(0.1).says(0.2, snapshot(1))
    return story.add(PageClosed(10.0, "a")).step(30.0, "over"), socket


def test_a_page_that_takes_its_connection_with_it_is_right() -> None:
    story, socket = closed()
    socket.ends(10.02)

    assert texts(CHECK, story) == []


def test_a_connection_that_outlives_its_page_is_wrong() -> None:
    story, _ = closed()

    (difference,) = found(CHECK, story)

    assert difference.text == "websocket 1 of page a was still open 1.050 s after its end; it should be closed"


def test_a_request_after_the_end_is_wrong() -> None:
    story, socket = closed()
    socket.ends(10.02)
    story.refused(14.0)

    assert texts(CHECK, story) == ["websocket 2 of page a came 4.000 s after its end, and 0 more; none is right"]


def test_the_requests_of_the_next_life_are_its_own() -> None:
    story, socket = closed()
    socket.ends(10.02)
    story.opens(12.0, "a2").looks(12.5, "a2").websocket(12.1, client="a2").says(12.2, snapshot(1))

    assert texts(CHECK, story) == []


def test_a_page_that_comes_back_lives_on() -> None:
    story, socket = closed()
    socket.ends(10.02)
    story.looks(14.0).websocket(14.1).says(14.2, snapshot(1))

    assert texts(CHECK, story) == []


def test_the_end_of_a_stalled_connection_is_not_seen() -> None:
    story, socket = closed()
    socket.fault(9.0, "stall")

    assert texts(CHECK, story) == []


def test_a_slow_machine_has_more_time() -> None:
    story, socket = closed()
    socket.ends(11.5)

    assert len(texts(CHECK, story)) == 1
    assert texts(CHECK, story, Limits(slow_s=1.0)) == []


def test_a_page_that_lives_to_the_end_shows_nothing() -> None:
    assert undecided(CHECK, healthy()) == "no page ended while the record went on for long enough"
