"""In which order tests begin where workers (pytest-xdist) share them: a run is as long as its longest worker."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

LONGEST = ("many-clients/", "timing/quiet-websocket", "timing/forty-losses", "test_scenarios.py::")
"""Words in the names of tests that take long, the longest first: if one began last, it would end alone."""


def shared_out(
    tests: Sequence[T], workers: int, name_of: Callable[[T], str], is_skipped: Callable[[T], bool] = lambda _: False
) -> list[T]:
    """The same tests, so that each worker gets its share of each file: xdist cuts the list in as many equal parts.

    What is skipped comes first: who has nothing more to do takes over half of another's tests, and those should be
    tests. Then come the longest. Then every second worker goes through the files from the other end, so that while some
    wait for what takes its time, others have something to compute; the tests of a file stay together and in order, for
    the sake of what they share. With one worker nothing changes. Names are those of pytest: `FILE::TEST`.
    """
    if workers < 2:
        return list(tests)
    skipped = [test for test in tests if is_skipped(test)]
    played = [test for test in tests if not is_skipped(test)]
    longest = sorted((test for test in played if _rank(name_of(test)) < len(LONGEST)), key=lambda t: _rank(name_of(t)))
    rest = [test for test in played if _rank(name_of(test)) == len(LONGEST)]
    queue = [*skipped, *longest, *rest]
    shares = [queue[number::workers] for number in range(workers)]
    for number, share in enumerate(shares):
        if number % 2:
            begin = len([*skipped, *longest][number::workers])
            share[begin:] = _files_from_the_end(share[begin:], name_of)
    # The cuts of xdist round down, so that the shorter parts come first.
    return [test for share in sorted(shares, key=len) for test in share]


def _rank(name: str) -> int:
    return next((place for place, word in enumerate(LONGEST) if word in name), len(LONGEST))


def _files_from_the_end(tests: Sequence[T], name_of: Callable[[T], str]) -> list[T]:
    by_file: dict[str, list[T]] = {}
    for test in tests:
        by_file.setdefault(name_of(test).partition("::")[0], []).append(test)
    return [test for file in reversed(by_file.values()) for test in file]
