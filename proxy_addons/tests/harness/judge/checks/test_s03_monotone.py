"""S3: what was applied never goes back."""

from proxy_addons.harness.judge.checks.s03_monotone import CHECK
from proxy_addons.tests.harness.judge.stories import Story, snapshot, texts, undecided


def test_holds_where_numbers_rise_or_stay() -> None:
    story = Story().looks(1.0, epoch="", seq=0)
    assert (
        texts(CHECK, story.looks(2.0, epoch="e", seq=4).looks(3.0, epoch="e", seq=4).looks(4.0, epoch="e", seq=9)) == []
    )


def test_tells_of_a_display_that_goes_back() -> None:
    (text,) = texts(CHECK, Story().looks(1.0, epoch="e", seq=9).looks(2.0, epoch="e", seq=8))
    assert "page a at 1.000 s shows e.8 after e.9" in text


def test_tells_of_a_trace_that_goes_back() -> None:
    story = Story().looks(0.0, epoch="e", seq=9)
    story.traces(1.0, "applied", kind="event", epoch="e", seq=9).traces(2.0, "applied", kind="event", epoch="e", seq=5)
    (text,) = texts(CHECK, story)
    assert "says it applied e.5 after e.9" in text


def test_holds_where_a_new_epoch_begins_anew() -> None:
    assert texts(CHECK, Story().looks(1.0, epoch="e", seq=9).looks(2.0, epoch="f", seq=1)) == []


def test_tells_of_an_epoch_that_comes_back_by_itself() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(9, "e"))
    story.looks(1.0, epoch="e", seq=9).looks(2.0, epoch="f", seq=1).looks(3.0, epoch="e", seq=9)
    (text,) = texts(CHECK, story)
    assert "it had left that epoch at 2.000 s" in text


def test_holds_where_an_epoch_comes_back_by_a_connection_opened_anew() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(9, "e"))
    story.websocket(2.5).says(2.6, snapshot(8, "e"))
    story.looks(1.0, epoch="e", seq=9).looks(2.0, epoch="f", seq=1).looks(3.0, epoch="e", seq=8)
    assert texts(CHECK, story) == []


def test_begins_anew_with_a_new_page_life() -> None:
    story = Story().opens(0.0).looks(1.0, epoch="e", seq=9).opens(2.0).looks(3.0, epoch="e", seq=2)
    assert texts(CHECK, story) == []


def test_is_undecided_where_nothing_shows_a_place() -> None:
    assert undecided(CHECK, Story().looks(1.0, state="running")) is not None
