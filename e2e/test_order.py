"""How the workers of a run share the tests."""

from itertools import pairwise

import pytest

from e2e.order import LONGEST, shared_out
from proxy_addons.harness.scenario import shipped

TESTS = [f"e2e/{file}.py::test[{n}]" for file in ("a/test_a", "test_b", "test_z") for n in range(8)]
LONG = [f"e2e/test_c.py::test[{LONGEST[0]}{n}]" for n in range(6)]


def file_of(test: str) -> str:
    return test.partition("::")[0]


def parts(workers: int) -> list[list[str]]:
    """As xdist cuts the list (`WorkStealingScheduling.check_schedule`)."""
    return parts_of(shared_out([*TESTS, *LONG], workers, str), workers)


def parts_of(left: list[str], workers: int) -> list[list[str]]:
    cut = []
    for number in range(workers):
        size = len(left) // (workers - number)
        cut.append(left[:size])
        left = left[size:]
    return cut


@pytest.mark.parametrize("workers", [0, 1])
def test_one_worker_takes_them_as_they_come(workers: int) -> None:
    assert shared_out([*TESTS, *LONG], workers, str) == [*TESTS, *LONG]


@pytest.mark.parametrize("workers", [2, 3, 4, 5, 7, 30])
def test_each_test_is_there_once(workers: int) -> None:
    assert sorted(shared_out([*TESTS, *LONG], workers, str)) == sorted([*TESTS, *LONG])


@pytest.mark.parametrize("workers", [2, 3, 4, 5])
def test_each_worker_begins_with_the_longest(workers: int) -> None:
    for part in parts(workers):
        longest = [test in LONG for test in part]
        assert longest == sorted(longest, reverse=True)
        assert longest[0]


@pytest.mark.parametrize("workers", [2, 3, 4, 5])
def test_what_is_skipped_comes_before_all_else(workers: int) -> None:
    skipped = {*LONG[:2], *TESTS[::2]}
    order = shared_out([*TESTS, *LONG], workers, str, skipped.__contains__)
    for part in parts_of(order, workers):
        told = [test in skipped for test in part]
        assert told == sorted(told, reverse=True)
        assert any(told)


@pytest.mark.parametrize("workers", [2, 3, 4, 5])
def test_the_tests_of_a_file_stay_together_and_in_order(workers: int) -> None:
    for part in parts(workers):
        files = [file_of(test) for test in part]
        assert sum(one != other for one, other in pairwise(files)) == len(set(files)) - 1
        assert all(one < other for one, other in pairwise(part) if file_of(one) == file_of(other))


def test_half_of_the_workers_go_through_the_files_from_the_other_end() -> None:
    ends = sorted(file_of(part[-1]) for part in parts(4))
    assert ends == ["e2e/a/test_a.py"] * 2 + ["e2e/test_z.py"] * 2


def test_the_longest_are_there() -> None:
    names = [f"test_scenarios.py::test_scenario[{name}]" for name in shipped()]
    assert [word for word in LONGEST if not any(word in name for name in names)] == []
