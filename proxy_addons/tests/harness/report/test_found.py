"""Findings with the slices of the record that show them."""

from proxy_addons.harness.judge.facts import Difference, Finding
from proxy_addons.harness.report.found import LINE_LIMIT, MOST_BREAKS, Break, Found, tell
from proxy_addons.tests.harness.judge.stories import Story


def story(events: int = 3) -> Story:
    told = Story()
    for number in range(events):
        told.truth(10.0 + number, number)
    return told


def test_shows_the_slice_with_its_lines_in_the_raw_history() -> None:
    (found,) = tell([Finding("S1", "broken", (Difference(11.5, "off by 2 s", 1, 2),))], story().run())
    lines = ["2: +1.000 s  server e.1: noted", "3: +2.000 s  server e.2: noted"]
    assert found == Found("S1", "broken", "", [Break(1.5, "off by 2 s", 1, 2, lines)])


def test_shows_the_two_ends_of_a_long_slice() -> None:
    (found,) = tell([Finding("S1", "broken", (Difference(11.5, "off", 0, 99),))], story(100).run())
    lines = found.breaks[0].lines
    assert len(lines) == 13
    assert lines[5].startswith("6: ")
    assert lines[6] == "... 88 more ..."
    assert lines[7].startswith("95: ")


def test_cuts_a_long_line() -> None:
    (found,) = tell([Finding("S1", "broken", (Difference(0, "x", 0, 0),))], Story().truth(0, 1, "n" * 999).run())
    assert len(found.breaks[0].lines[0]) == len("1: ") + LINE_LIMIT


def test_counts_the_differences_that_it_leaves_out() -> None:
    many = tuple(Difference(10.0, "x", 0, 0) for _ in range(MOST_BREAKS + 5))
    (found,) = tell([Finding("S1", "broken", many)], story().run())
    assert (len(found.breaks), found.more) == (MOST_BREAKS, 5)


def test_keeps_why_a_check_did_not_decide() -> None:
    (found,) = tell([Finding("L7", "undecided", why="it was never hidden")], story().run())
    assert found == Found("L7", "undecided", "it was never hidden")
