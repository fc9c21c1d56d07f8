"""Marks at times of a run."""

from proxy_addons.harness.report.lanes.marks import since, span
from proxy_addons.tests.harness.judge.stories import Story

RUN = Story().truth(100.0, 1).truth(110.0, 2).run()


def test_counts_from_the_start_of_the_run_to_the_millisecond() -> None:
    assert since(RUN, 101.23456) == 1.235


def test_ends_with_the_run_what_is_not_over() -> None:
    mark = span(RUN, 101.0, float("inf"), "open", "x", 3)
    assert (mark.t, mark.end) == (1.0, 10.0)
