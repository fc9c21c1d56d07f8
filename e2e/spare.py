"""What the gate (`pytest e2e`) can do without: tests of which another one is the first to notice what they would.

Scenarios that no mutant needs; what the app is said to have said, on which each verdict rests; what a browser makes of
each fault: a proxy that sends something else is noticed at the client's socket (`wire_effects`), though another browser
is noticed there alone. They play where all is asked for: `pytest e2e --in-full`, as `make test` and `make shard` do.
"""

import pytest

OPTION = "--in-full"
MARKER = "spare: another test is the first to notice what this one would; played with --in-full only"
SPARE = pytest.mark.spare


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="play what the gate leaves to other tests, too")


def is_left_out(item: pytest.Item) -> bool:
    """Whether nobody has asked for this test."""
    return item.get_closest_marker(SPARE.name) is not None and not item.config.getoption(OPTION)
