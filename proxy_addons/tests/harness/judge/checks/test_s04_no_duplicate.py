"""S4: no event takes effect twice."""

from proxy_addons.harness.judge.checks.s04_no_duplicate import CHECK
from proxy_addons.tests.harness.judge.stories import Story, texts, undecided


def logged() -> Story:
    """A start, and two notes ten seconds apart."""
    story = Story().truth(0.0, 1, "started")
    return story.truth(10.0, 2, text="a goal", home=1).truth(20.0, 3, text="a goal", home=1)


def test_holds_where_each_event_is_listed_once() -> None:
    story = logged().looks(21.0, epoch="e", seq=3, home=1, items=["12:00:20 a goal", "12:00:10 a goal", "12:00:00 Go"])
    assert texts(CHECK, story) == []


def test_holds_where_alike_events_are_listed_without_their_times() -> None:
    assert texts(CHECK, logged().looks(21.0, epoch="e", seq=3, items=["a goal", "a goal", "Go"])) == []


def test_tells_of_an_event_that_is_listed_twice() -> None:
    story = logged().looks(21.0, epoch="e", seq=3, items=["12:00:20 a goal", "12:00:20 a goal"])
    (text,) = texts(CHECK, story)
    assert "lists '12:00:20 a goal' 2 times; no event that looks like this came more than 1 times" in text


def test_tells_of_more_events_than_there_were() -> None:
    story = logged().looks(21.0, epoch="e", seq=3, items=["one", "two", "three", "four"])
    (text,) = texts(CHECK, story)
    assert "lists 4 events at event 3" in text


def test_tells_of_points_that_were_counted_twice() -> None:
    (text,) = texts(CHECK, logged().looks(11.0, epoch="e", seq=2, home=2))
    assert "shows home 2 at event 2; the server had counted 1" in text


def test_lets_two_alike_events_of_one_second_look_the_same() -> None:
    story = logged().truth(20.5, 4, text="a goal")
    story.looks(21.0, epoch="e", seq=4, items=["12:00:20 a goal", "12:00:20 a goal"])
    assert texts(CHECK, story) == []


def test_tells_once_of_what_goes_on() -> None:
    story = logged()
    for t in (11.0, 12.0, 13.0):
        story.looks(t, epoch="e", seq=2, home=2)
    assert len(texts(CHECK, story)) == 1


def test_is_undecided_where_the_epoch_is_not_known() -> None:
    assert undecided(CHECK, logged().looks(21.0, epoch="other", seq=3, items=["a", "a"])) is not None
