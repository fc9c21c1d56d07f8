"""Every scenario that is shipped, in front of the reference app: each is passed."""

from collections.abc import Callable

import pytest

from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import shipped

NOT_YET: dict[str, str] = {}
"""Scenarios that the reference client does not pass, and which check fails why."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=name, marks=[pytest.mark.xfail(reason=NOT_YET[name])] if name in NOT_YET else [])
        for name in shipped()
    ],
)
def test_scenario(scenario: Callable[[str], Ruling], name: str) -> None:
    scenario(name)


def test_only_scenarios_that_are_shipped_are_expected_to_fail() -> None:
    assert set(NOT_YET) <= set(shipped())
