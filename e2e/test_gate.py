"""The gate's own scenarios, in which a page recovers again and again: `pytest e2e --brownout-gate`."""

from collections.abc import Callable

import pytest

from proxy_addons.harness.gate.baseline import Baseline
from proxy_addons.harness.gate.command import chosen, own_scenarios
from proxy_addons.harness.runner import Ruling
from proxy_addons.harness.scenario import Scenario


@pytest.mark.parametrize("name", own_scenarios())
def test_recovers_as_the_baseline_says(
    request: pytest.FixtureRequest, scenario: Callable[[Scenario], Ruling], gate_baseline: Baseline, name: str
) -> None:
    if not request.config.getoption("--brownout-gate"):
        pytest.skip("takes 10 s; asked for with --brownout-gate")
    assert name in gate_baseline.scenarios, "write it with brownout gate --update"
    scenario(chosen([name])[0])
