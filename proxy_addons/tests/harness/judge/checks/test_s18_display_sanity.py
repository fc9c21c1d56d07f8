"""S18: the time shown runs down."""

from proxy_addons.harness.judge.checks.s18_display_sanity import CHECK
from proxy_addons.tests.harness.judge.stories import Story, found, snapshot, texts, undecided


def running() -> Story:
    """A timer of 60 s from 0 on, adjusted at 10 s."""
    story = Story().truth(0.0, 1, "started").truth(10.0, 2, "adjusted", ends_t=50.0, duration_ms=50_000)
    story.websocket(0.0).says(0.1, snapshot(1))
    return story


def test_holds_where_it_runs_down_with_small_corrections() -> None:
    story = (
        running().looks(1.0, epoch="e", seq=1, remaining_ms=59_000).looks(2.0, epoch="e", seq=1, remaining_ms=58_000)
    )
    assert texts(CHECK, story.looks(2.1, epoch="e", seq=1, remaining_ms=58_200)) == []


def test_tells_of_a_time_that_grows() -> None:
    story = (
        running().looks(2.0, epoch="e", seq=1, remaining_ms=58_000).looks(2.1, epoch="e", seq=1, remaining_ms=58_500)
    )
    (difference,) = found(CHECK, story)
    assert "shows 0.500 s more than the look before, after no adjustment" in difference.text
    records = story.run().records
    assert (records[difference.first].t, records[difference.last].t) == (2.0, 2.1)


def test_lets_the_text_grow_by_one_unit_and_not_by_two() -> None:
    story = running().looks(2.0, epoch="e", seq=1, remaining="00:57").looks(2.1, epoch="e", seq=1, remaining="00:58")
    assert texts(CHECK, story) == []
    assert len(texts(CHECK, story.looks(2.2, epoch="e", seq=1, remaining="01:00"))) == 1


def test_lets_an_adjustment_change_it() -> None:
    story = running().looks(9.0, epoch="e", seq=1, remaining_ms=20_000)
    assert texts(CHECK, story.looks(10.1, epoch="e", seq=2, remaining_ms=39_900)) == []


def test_tells_of_less_than_nothing() -> None:
    (text,) = texts(CHECK, running().looks(1.0, epoch="e", seq=1, remaining_ms=-20))
    assert "there can't be less than nothing" in text


def test_tells_of_more_than_the_whole() -> None:
    (text,) = texts(CHECK, running().looks(11.0, epoch="e", seq=2, remaining_ms=50_001))
    assert "the whole is 50.000 s" in text


def test_tells_of_what_is_no_number() -> None:
    (text,) = texts(CHECK, running().looks(11.0, epoch="e", seq=2, remaining_ms="12px"))
    assert "'12px'" in text


def test_tells_of_a_time_that_is_up_too_early() -> None:
    story = running().looks(49.8, epoch="e", seq=2, state="expired", remaining_ms=0)
    assert texts(CHECK, story) == []
    (text,) = texts(CHECK, story.looks(48.0, epoch="e", seq=2, state="expired", remaining_ms=0))
    assert "says that the time is up, 2.000 s before it is" in text


def test_is_undecided_where_no_time_is_shown_or_no_truth_known() -> None:
    assert undecided(CHECK, running().looks(1.0, epoch="e", seq=1)) is not None
    assert undecided(CHECK, running().looks(1.0, epoch="x", seq=1, remaining_ms=5)) is not None
