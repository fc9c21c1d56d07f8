"""What takes its time is announced, and goes on where it was broken off."""

from pathlib import Path

import pytest

from e2e.nightly import Passed, announcement

pytest_plugins = ["pytester"]
ALONE = ("-p", "no:brownout", "-p", "no:playwright")
TESTS = """
def test_good(): pass
def test_bad(): assert False
"""
CONFTEST = """
from pathlib import Path
from e2e.nightly import Passed, Resuming
def pytest_configure(config): config.pluginmanager.register(Resuming(Passed(Path("passed/commit"))))
"""


def test_what_is_left_and_how_long_it_takes_is_said() -> None:
    durations = {"a": 3600.0, "b": 3600.0, "c": 480.0}
    words = announcement(durations, ["a"], "0123456789abcdef")
    assert words.startswith("2 tests to play, with 2 workers in about 0 h 34 min; 1 of 3 were passed before")
    assert words.endswith("at commit 0123456789ab")


def test_sources_that_are_no_commits_are_played_as_a_whole() -> None:
    assert announcement({"a": 60.0}, [], None).endswith("of sources that are no commit's, so all are played")


def test_what_was_passed_is_known_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "nightly" / "commit"
    assert Passed(file).names == frozenset()
    Passed(file).add("test_a")
    Passed(file).add("test_b")
    assert Passed(file).names == {"test_a", "test_b"}


def test_only_what_was_not_passed_is_played_again(pytester: pytest.Pytester) -> None:
    # given two tests, one of which was passed
    pytester.makepyfile(TESTS)
    pytester.makeconftest(CONFTEST)
    pytester.runpytest_inprocess(*ALONE).assert_outcomes(passed=1, failed=1)
    # when they are played again, then it is only the other one
    again = pytester.runpytest_inprocess(*ALONE, "-rs")
    again.assert_outcomes(skipped=1, failed=1)
    again.stdout.fnmatch_lines(["*passed before, at this commit*"])
