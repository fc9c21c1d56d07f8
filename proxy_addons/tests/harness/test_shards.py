"""A part of the tests."""

import pytest

from proxy_addons.harness.shards import Shard


@pytest.mark.parametrize("count", [0, 1, 3, 4, 150])
@pytest.mark.parametrize("of", [1, 2, 4, 7])
def test_all_parts_together_are_all_tests_and_none_is_in_two(count: int, of: int) -> None:
    tests = list(range(count))
    parts = [Shard(number, of).share(tests)[0] for number in range(1, of + 1)]
    assert sorted(test for part in parts for test in part) == tests


@pytest.mark.parametrize("of", [2, 4, 7])
def test_no_part_has_more_than_one_test_more_than_another(of: int) -> None:
    sizes = [len(Shard(number, of).share(range(150))[0]) for number in range(1, of + 1)]
    assert max(sizes) - min(sizes) <= 1


def test_what_stands_together_is_spread_over_the_parts() -> None:
    assert Shard(2, 3).share(["a1", "a2", "a3", "b1", "b2", "b3"]) == (["a2", "b2"], ["a1", "a3", "b1", "b3"])


def test_is_written_as_people_write_it() -> None:
    assert Shard.parse("2/4") == Shard(2, 4)


@pytest.mark.parametrize("text", ["0/4", "5/4", "2", "2/0", "a/b", "-1/4", ""])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2/4 would be the second of four"):
        Shard.parse(text)
