"""S8: a replaced connection has no say."""

from proxy_addons.harness.judge.checks.s08_no_ghost import CHECK
from proxy_addons.tests.harness.judge.stories import Story, event, snapshot, texts, undecided


def replaced(late: str) -> Story:
    """A WebSocket that has another one after it at 5 s, and says something at 8 s all the same."""
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).says(8.0, late)
    story.websocket(5.0).says(5.1, snapshot(2))
    return story


def test_holds_where_the_ghost_is_not_heard() -> None:
    assert texts(CHECK, replaced(event(3)).looks(8.5, epoch="e", seq=2)) == []


def test_tells_of_a_ghost_that_is_heard() -> None:
    (text,) = texts(CHECK, replaced(event(3)).looks(8.5, epoch="e", seq=3))
    assert "page a at 8.500 s shows event e.3, which only websocket 1 had told it (at 8.000 s)" in text


def test_tells_of_a_ghost_of_another_epoch() -> None:
    assert len(texts(CHECK, replaced(snapshot(1, "f")).looks(8.5, epoch="f", seq=1))) == 1


def test_holds_where_the_new_connection_has_told_it_too() -> None:
    story = replaced(event(3))
    story.websocket(8.1).says(8.2, snapshot(3))
    assert texts(CHECK, story.looks(8.5, epoch="e", seq=3)) == []


def test_lets_the_old_connection_speak_for_a_moment_after_the_switch() -> None:
    story = Story()
    story.eventsource(0.0).says(0.1, snapshot(1)).says(5.5, event(3)).says(9.0, event(3))
    story.websocket(5.0, purpose="probe").says(5.1, snapshot(2))
    assert texts(CHECK, story.looks(5.6, epoch="e", seq=3)) == []


def test_is_undecided_where_no_ghost_ever_spoke() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).ends(4.0)
    story.websocket(5.0).says(5.1, snapshot(2))
    assert undecided(CHECK, story.looks(5.5, epoch="e", seq=2)) is not None
