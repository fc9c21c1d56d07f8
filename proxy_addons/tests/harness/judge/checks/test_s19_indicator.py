"""S19: live is said only of a living connection."""

from proxy_addons.harness.judge.checks.s19_indicator import CHECK
from proxy_addons.tests.harness.judge.stories import Story, snapshot, texts, tick, undecided


def silent_after(t: float) -> Story:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(t, tick(1))
    return story


def test_holds_while_messages_come_and_when_the_page_gives_up() -> None:
    assert texts(CHECK, silent_after(5.0).looks(10.0, connection="live").looks(11.0, connection="connecting")) == []


def test_tells_of_a_page_that_says_live_for_too_long() -> None:
    (text,) = texts(CHECK, silent_after(5.0).looks(10.8, connection="live").looks(12.0, connection="live"))
    assert "page a at 10.800 s says 'live', but nothing valid had reached it for 5.800 s" in text


def test_tells_of_a_page_that_says_live_when_the_socket_opens() -> None:
    story = Story()
    story.websocket(0.0).story.looks(0.1, connection="connected")
    (text,) = texts(CHECK, story)
    assert "nothing valid had reached it ever" in text


def test_is_undecided_where_no_page_ever_said_live() -> None:
    assert undecided(CHECK, silent_after(5.0).looks(20.0, connection="connecting")) is not None
    assert undecided(CHECK, silent_after(5.0).looks(20.0, stale="fresh")) is not None
