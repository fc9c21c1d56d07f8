"""The budgets of the rungs against a model: three failures where the network is there lead on, an outage never does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property_tests.node import NodeModule

BUDGET = 3
RUNGS = ["websocket", "eventsource", "polling"]


def expected(there: list[str], network: list[bool]) -> list[str]:
    """The rung of each attempt, if every one fails."""
    place, failed, tried = 0, 0, []
    for reachable in network:
        tried.append(there[place])
        failed += 1
        last = place == len(there) - 1
        if failed >= BUDGET and (reachable or last):
            place, failed = (place + 1) % len(there), 0
    return tried


@pytest.fixture(scope="module")
def rig() -> Iterator[NodeModule]:
    with NodeModule(Path(__file__).with_name("budget_rig.js")) as module:
        yield module


@given(there=st.sets(st.sampled_from(RUNGS[:2])), network=st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_rung_is_left_when_its_budget_is_spent_and_the_network_is_there(
    rig: NodeModule, there: set[str], network: list[bool]
) -> None:
    supported = [rung for rung in RUNGS if rung in there or rung == "polling"]
    assert rig.call("rungs", supported, network) == expected(supported, network)
