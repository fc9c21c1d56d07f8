"""Directions as a setting."""

import pytest

from proxy_addons.events import Direction
from proxy_addons.faults.directions import Way, directions


@pytest.mark.parametrize(
    ("way", "expected"),
    [("both", {"to_client", "to_server"}), ("to_client", {"to_client"}), ("to_server", {"to_server"})],
)
def test_one_word_names_one_direction_or_both(way: Way, expected: set[Direction]) -> None:
    assert directions(way) == expected
