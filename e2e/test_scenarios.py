"""Every scenario that is shipped, in front of the reference app: each is passed.

In the gate are those by which a mutant of the app is caught first, and of each kind of fault at least one.
"""

from collections.abc import Callable, Iterable

import pytest

from e2e.mutant import load_mutant, mutants
from e2e.nightly import nightly
from e2e.spare import SPARE
from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import find_scenario, shipped

LONG = {"timing/many-messages": 80}
"""Scenarios for the night, and how many seconds they take."""

SMOKE = (
    "azure/error-320",
    "azure/websockets-off",
    "commands/answer-lost",
    "data/truncated-message",
    "timing/half-open-websocket",
    "transport/eventsource-ended",
    "transport/websocket-aborted",
)
"""A first look: `pytest e2e -m smoke`."""

NO_OTHER = (
    "azure/bad-gateway",
    "data/event-without-id",
    "data/foreign-message",
    "data/old-poll-again",
    "data/reordered-events",
    "timing/big-snapshot-on-a-slow-link",
    "timing/buffered-for-ever",
    "timing/latency",
    "timing/offline-and-online",
    "transport/connections-refused",
    "transport/eventsource-reset-amid-garbage",
)
"""What is done in them is done in no other one of the gate, whatever the mutants need."""

GATE = {*SMOKE, *NO_OTHER, *(load_mutant(name).scenario for name in mutants())}

NOT_YET: dict[str, str] = {}
"""Scenarios that the reference client does not pass, and which check fails why."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            id=name,
            marks=[
                *([pytest.mark.xfail(reason=NOT_YET[name])] if name in NOT_YET else []),
                *([nightly(LONG[name])] if name in LONG else []),
                *([pytest.mark.smoke] if name in SMOKE else []),
                *([] if name in GATE else [SPARE]),
            ],
        )
        for name in shipped()
    ],
)
def test_scenario(scenario: Callable[[str], Ruling], name: str) -> None:
    scenario(name)


def test_only_scenarios_that_are_shipped_are_named() -> None:
    assert {*NOT_YET, *LONG, *SMOKE, *NO_OTHER} <= set(shipped())


def test_each_kind_of_fault_is_in_the_gate() -> None:
    assert kinds_in(GATE & set(shipped())) == kinds_in(shipped())


def kinds_in(names: Iterable[str]) -> set[str]:
    scenarios = map(find_scenario, names)
    return {rule.fault.kind for scenario in scenarios for rule in (*scenario.before, *scenario.rules)}
