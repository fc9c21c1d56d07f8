"""Every scenario that is shipped, in front of the reference app: each is passed, some by `make nightly` alone."""

from collections.abc import Callable

import pytest

from e2e.nightly import nightly
from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import shipped

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
            ],
        )
        for name in shipped()
    ],
)
def test_scenario(scenario: Callable[[str], Ruling], name: str) -> None:
    scenario(name)


def test_only_scenarios_that_are_shipped_are_named() -> None:
    assert {*NOT_YET, *LONG, *SMOKE} <= set(shipped())
