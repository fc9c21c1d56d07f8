"""L10: after a restart that began a new log, the page shows that log, and nothing of the old one, within `Y`."""

from proxy_addons.harness.judge.checks.l10_new_epoch import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, texts, undecided

QUICK = Limits(scale=0.1, browser_throttle_s=0.0)
"""`Y` is 2.9 s, and what it comes to must hold for 1 s."""


def restarted() -> Story:
    """A new log begins at 4 s; until then the page showed two events of the old one."""
    story = Story().truth(0.0, 1, "started").truth(1.0, 2, text="a goal").truth(4.0, 1, "started", epoch="new")
    return story.shows(1.5, 4.0, seq=2, items=["2 a goal", "1 Started"]).step(12.0, "over")


def test_holds_where_the_page_shows_the_new_log_in_time() -> None:
    story = restarted().shows(4.25, 5.0, seq=2, stale="stale", items=["2 a goal", "1 Started"])
    assert found(CHECK, story.shows(5.25, 9.0, epoch="new", seq=1, items=["1 Started"]), QUICK) == []


def test_breaks_where_the_page_stays_with_the_old_log() -> None:
    (difference,) = found(CHECK, restarted().shows(4.25, 9.0, seq=2), QUICK)
    assert difference.text == (
        "page a should have shown epoch 'new', and the truth, within 2.9 s of the restart at 4.000 s; "
        "it shows epoch 'e', the server has 'new'"
    )


def test_breaks_where_the_page_shows_the_new_epoch_and_a_wrong_time() -> None:
    (text,) = texts(CHECK, restarted().shows(4.25, 9.0, epoch="new", remaining_ms=1000), QUICK)
    assert "it shows 1000 ms left" in text


def test_breaks_where_an_old_event_stays_in_the_list() -> None:
    story = restarted().shows(5.25, 9.0, epoch="new", seq=1, items=["2 a goal"])
    (difference,) = found(CHECK, story, QUICK)
    assert difference.text == "page a shows epoch 'new', and yet its list still holds '2 a goal' of the epoch before"
    assert difference.t == 5.25


def test_breaks_where_the_list_holds_more_events_than_the_new_log() -> None:
    story = restarted().shows(5.25, 9.0, epoch="new", seq=1, items=["1 Started", "1 Started"])
    assert texts(CHECK, story, QUICK) == [
        "page a shows epoch 'new', and yet its list holds 2 events, and the new log has 1"
    ]


def test_an_event_of_the_new_log_may_have_the_text_of_an_old_one() -> None:
    story = restarted().truth(4.5, 2, text="a goal", epoch="new")
    assert found(CHECK, story.shows(5.25, 9.0, epoch="new", seq=2, items=["2 a goal", "1 Started"]), QUICK) == []


def test_nothing_can_be_asked_where_the_log_went_on() -> None:
    assert undecided(CHECK, healthy()) == "the server began no new epoch"


def test_nothing_can_be_asked_where_the_record_ends_before_the_time_is_over() -> None:
    story = Story().truth(0.0, 1).truth(4.0, 1, epoch="new").shows(1.0, 5.0)
    assert undecided(CHECK, story, QUICK) == "the record ends too early after the new epoch began"


def test_nothing_can_be_asked_of_a_page_that_was_opened_afterwards() -> None:
    story = Story().truth(0.0, 1).truth(4.0, 1, epoch="new").opens(5.0).shows(5.25, 12.0)
    assert undecided(CHECK, story, QUICK) is not None
