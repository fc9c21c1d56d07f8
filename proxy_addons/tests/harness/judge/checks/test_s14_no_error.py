from proxy_addons.harness.judge.checks.s14_no_error import CHECK
from proxy_addons.records import PageFailed
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, texts, undecided


def test_a_healthy_page_throws_nothing() -> None:
    assert texts(CHECK, healthy()) == []


def test_an_uncaught_error_is_one_difference() -> None:
    (difference,) = found(CHECK, Story().opens(0.0).add(PageFailed(1.0, "a", "error", "x is not a function")))

    assert difference.text == "page a threw an error that nothing caught: x is not a function; none is right"
    assert (difference.t, difference.first, difference.last) == (1.0, 1, 1)


def test_so_is_a_rejection_that_nobody_handles() -> None:
    (text,) = texts(CHECK, Story().add(PageFailed(1.0, "a", "rejection", "TypeError")))

    assert "left a rejected promise without a handler: TypeError" in text


def test_nobody_knows_what_a_dead_page_would_have_said() -> None:
    story = Story().opens(0.0).add(PageFailed(1.0, "a", "crash", ""))

    assert undecided(CHECK, story) == "the process of page a ended, and with it what it could have said"


def test_without_a_page_nothing_is_said() -> None:
    assert undecided(CHECK, Story().truth(0.0, 1)) == "no page was observed"
