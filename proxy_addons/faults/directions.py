"""Which way a kind acts, as a setting: one word for one direction or for both."""

from typing import Literal

from proxy_addons.actions import BOTH
from proxy_addons.events import Direction

Way = Literal["both", "to_client", "to_server"]


def directions(way: Way) -> frozenset[Direction]:
    """The directions that the word names."""
    return BOTH if way == "both" else frozenset({way})
