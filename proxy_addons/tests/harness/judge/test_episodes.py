"""Differences for people."""

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Difference
from proxy_addons.tests.harness.judge.stories import Story


def test_makes_one_difference_of_those_that_follow_each_other() -> None:
    run = Story().looks(10.0).run()
    wrong = {t: Difference(t, f"wrong at {t}", 0, int(t)) for t in (11.0, 12.0, 14.0)}
    found = episodes(run, [(t, wrong.get(t)) for t in (10.0, 11.0, 12.0, 13.0, 14.0)])
    assert [each.text for each in found] == ["wrong at 11.0 (and so on until 2.000 s)", "wrong at 14.0"]


def test_gives_the_smallest_slice() -> None:
    wrong = [(t, Difference(t, "wrong", 1, int(t))) for t in (5.0, 6.0)]
    (found,) = episodes(Story().run(), wrong)
    assert (found.first, found.last) == (1, 5)


def test_counts_time_from_the_start_of_the_record() -> None:
    assert at(Story().looks(10.0).run(), 12.5) == "at 2.500 s"
