"""What was found, as plain text for a terminal."""

from proxy_addons.harness.judge.facts import Difference, Finding
from proxy_addons.harness.judge.rendering import LONGEST, MOST_DIFFERENCES, MOST_LINES, as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.tests.harness.judge.stories import Story


def run_of(looks: int = 3) -> Run:
    story = Story()
    for n in range(looks):
        story.looks(10.0 + n, stale="fresh")
    return story.run()


def test_what_held_takes_one_line() -> None:
    assert as_text([Finding("S1", "held"), Finding("S2", "held")], run_of()) == "S1 held\nS2 held"


def test_says_why_something_was_not_judged() -> None:
    findings = [Finding("L3", "undecided", why="no fault"), Finding("L4", "not applicable", why="no attempts")]
    assert as_text(findings, run_of()) == "L3 undecided: no fault\nL4 not applicable: no attempts"


def test_what_is_broken_comes_with_the_lines_of_its_slice() -> None:
    finding = Finding("S2", "broken", (Difference(11.5, "shown as fresh", 1, 2),))
    assert as_text([finding], run_of(), {"S2": "old data is marked"}) == (
        "S2 (old data is marked) broken\n"
        "  +1.500 s  shown as fresh\n"
        "        1  +1.000 s  page a shows client a, stale fresh\n"
        "        2  +2.000 s  page a shows client a, stale fresh"
    )


def test_a_long_slice_shows_its_ends_and_how_much_is_between() -> None:
    lines = as_text([Finding("S2", "broken", (Difference(11.5, "wrong", 0, 99),))], run_of(100)).splitlines()[2:]
    assert len(lines) == MOST_LINES + 1
    assert lines[0].split()[0] == "0"
    assert lines[MOST_LINES // 2].strip() == f"({100 - MOST_LINES} records)"
    assert lines[-1].split()[0] == "99"


def test_a_slice_of_just_what_fits_leaves_nothing_out() -> None:
    finding = Finding("S2", "broken", (Difference(11.5, "wrong", 0, MOST_LINES - 1),))
    assert "records)" not in as_text([finding], run_of(100))


def test_many_differences_are_counted() -> None:
    many = tuple(Difference(10.0, f"wrong {n}", 0, 0) for n in range(MOST_DIFFERENCES + 3))
    text = as_text([Finding("S2", "broken", many)], run_of())
    assert text.count("wrong") == MOST_DIFFERENCES
    assert text.endswith("  and 3 more")


def test_a_long_record_is_cut() -> None:
    run = Story().looks(1.0, note="x" * 1000).run()
    *_, last = as_text([Finding("S2", "broken", (Difference(1.0, "wrong", 0, 0),))], run).splitlines()
    assert len(last.strip()) <= LONGEST
    assert last.endswith(" …")


def test_a_crash_comes_with_where_it_was() -> None:
    finding = Finding("S2", "crashed", why="KeyError: 'x'", details={"traceback": "Traceback\n  line 3"})
    assert as_text([finding], run_of()) == "S2 crashed: KeyError: 'x'\n    Traceback\n      line 3"
