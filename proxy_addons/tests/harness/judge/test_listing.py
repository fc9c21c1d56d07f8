"""What a page must list."""

import pytest

from proxy_addons.harness.judge.listing import Omissions, what_is_missing
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.harness.judge.run import Look
from proxy_addons.tests.harness.judge.stories import Story, snapshot


def looked(*items: str) -> tuple[Story, Look]:
    story = Story().truth(0.0, 1, "started").truth(1.0, 2, text="a goal").truth(2.0, 3, text="corner")
    story.shows(2.5, 2.5, epoch="e", seq=3, items=list(items))
    (look, *_) = story.run().looks_of("a")
    return story, look


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["3 corner", "2 a goal", "1 Started"], ""),
        (["3 corner", "1 Started"], "lacks 'a goal'"),
        (["1 Started"], "lacks 'a goal' and 1 more"),
        (["3 corner", "2 a goal"], "lists 2"),
    ],
)
def test_what_is_missing_is_put_in_words(items: list[str], words: str) -> None:
    story, look = looked(*items)
    assert what_is_missing(look, [told for _, told in story.run().truth], 200) == words


def test_only_the_latest_need_be_listed() -> None:
    story, look = looked("3 corner", "2 a goal")
    assert what_is_missing(look, [told for _, told in story.run().truth], 2) == ""


def test_a_page_that_was_kept_goes_on_with_what_it_was_told() -> None:
    story = Story().opens(0.0).shows(0.75, 0.75).opens(3.0).shows(3.5, 3.5)
    story.websocket(0.5, client="a").says(1.0, snapshot(3, since=2))
    *_, again = lives_of(story.run())
    assert (again.begin, Omissions(story.run(), again).up_to("e", 4.0)) == (3.0, 2)


def test_a_snapshot_says_what_it_left_out_from_when_it_came() -> None:
    story, _ = looked("3 corner")
    story.websocket(4.0, client="a").says(4.1, snapshot(3, since=2))
    (life,) = lives_of(story.run())
    omissions = Omissions(story.run(), life)
    assert [omissions.up_to("e", 4.0), omissions.up_to("e", 4.2), omissions.up_to("other", 4.2)] == [0, 2, 0]
