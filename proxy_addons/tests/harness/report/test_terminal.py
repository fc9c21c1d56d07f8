"""What a terminal shows of a run."""

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.terminal import told


def test_says_in_one_line_that_all_is_well() -> None:
    assert told([Outcome("t", "passed", 1), Outcome("u", "skipped", 1)]) == [
        "2 stories: 1 skipped, 1 passed; 0 faults fired."
    ]


def test_says_what_is_not_green_why_and_how_to_see_it_again() -> None:
    outcome = Outcome(
        "a.py::test_a", "inconclusive", 1, "Tells", "E   inconclusive: the browser\n  is gone", replay="again"
    )
    assert told([outcome])[1:] == ["  inconclusive: Tells  (again)", "    the browser"]


def test_keeps_to_one_line() -> None:
    outcome = Outcome("a.py::test_a", "failed", 1, "Tells", "E   " + "long " * 100)
    *_, why = told([outcome])
    assert why.endswith(" …")
    assert len(why) <= 164


def test_says_nothing_where_nothing_is_known() -> None:
    assert told([Outcome("t", "failed", 1, "Tells")])[1:] == ["  failed: Tells  (pytest 't')"]


def test_says_of_many_tests_which_were_slowest_and_what_they_waited_for() -> None:
    waits = {"live pages": 0.51, "the time that the scenario gives": 3.0, "rules to fire": 0.01}
    slow = Outcome("a.py::test_slow", "passed", 4.2, "Slow", waits=waits)
    quick = [Outcome(f"a.py::test_{number}", "passed", number / 10, f"Quick {number}") for number in range(10)]

    _, heading, first, second, *others = told([*quick, slow])

    assert heading == "The slowest, and what they waited for:"
    assert first == "    4.2 s  Slow: 3.0 s for the time that the scenario gives, 0.5 s for live pages"
    assert second == "    0.9 s  Quick 9"
    assert len(others) == 8


def test_says_nothing_of_the_slowest_of_a_few() -> None:
    assert len(told([Outcome("a.py::test_a", "passed", 4.2)] * 10)) == 1
