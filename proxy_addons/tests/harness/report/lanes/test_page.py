"""The lanes of the page."""

from proxy_addons.harness.report.timeline import draw
from proxy_addons.records import (
    PageFailed,
    PageOpened,
    PageShown,
)
from proxy_addons.tests.harness.judge.stories import Story
from proxy_addons.tests.harness.report.pictures import lane, seen


def test_draws_what_the_page_showed_as_long_as_it_was_seen_to_show_it() -> None:
    story = Story().looks(0.0, transport="websocket", state="live").looks(0.5, transport="websocket", state="live")
    story.looks(1.0, transport="polling", state="connecting").step(9.0, "over")
    marks = lane(draw(story.run()), "page")
    assert seen(marks) == [(0.0, 1.0, "shows websocket"), (1.0, 1.25, "shows polling")]
    assert [mark.label for mark in marks] == ["websocket live", "polling connecting"]


def test_prefers_what_the_page_says_of_its_connection_to_what_it_says_of_its_timer() -> None:
    story = Story().looks(0.0, transport="websocket", state="running", connection="live").step(1.0, "over")
    assert lane(draw(story.run()), "page")[0].label == "websocket live"


def test_does_not_guess_what_a_page_shows_that_nobody_sees() -> None:
    story = Story().looks(0.0, transport="websocket").looks(10.0, transport="websocket").step(11.0, "over")
    spans = [(mark.t, mark.end) for mark in lane(draw(story.run()), "page")]
    assert spans == [(0.0, 2.0), (10.0, 10.25)]


def test_a_page_s_own_words_make_no_style() -> None:
    story = Story().looks(0.0, transport="bad").step(1.0, "over")
    assert lane(draw(story.run()), "page")[0].style == "shows"


def test_draws_when_each_page_showed_itself_stale() -> None:
    story = Story().looks(0.0, stale="fresh").looks(1.0, stale="stale").looks(2.0, stale="fresh")
    story.looks(0.5, page="b", stale="stale").looks(1.5, page="b", stale="fresh")
    marks = lane(draw(story.run()), "stale")
    assert [(mark.t, mark.end, mark.row) for mark in marks] == [(1.0, 2.0, 0), (0.5, 1.5, 1)]


def test_takes_the_harness_s_word_where_the_page_was_not_observed() -> None:
    story = Story().add(PageShown(0.0, "websocket", "live"), PageShown(2.0, "eventsource", "live")).step(3.0, "over")
    picture = draw(story.run())
    assert seen(lane(picture, "page")) == [(0.0, 2.0, "shows websocket"), (2.0, 3.0, "shows eventsource")]
    assert {lane.name: lane.empty for lane in picture.lanes}["stale"] == "the page was not observed"


def test_says_where_the_page_s_own_scripts_reached_the_observer() -> None:
    story = Story().add(PageOpened(0.5, "page", "http://app/", 0.001, "main")).step(1.0, "over")
    story.add(PageOpened(0.7, "page-2", "http://app/", 0.001, "isolated"))
    words = "page page opened at http://app/, observed from the world of its scripts"
    assert [(mark.t, mark.text) for mark in lane(draw(story.run()), "page")] == [(0.0, words)]


def test_draws_errors_of_the_page() -> None:
    story = Story().looks(0.0).add(PageFailed(1.0, "a", "error", "x is undefined"))
    assert lane(draw(story.run()), "page")[-1].text == "page a error: x is undefined"
