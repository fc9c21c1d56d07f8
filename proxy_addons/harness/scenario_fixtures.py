"""The fixtures by which a test runs scenarios: `guide`, and `scenario`."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate.baseline import Baseline, load_baseline
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.harness.guide import Guide, Restarting
from proxy_addons.harness.judge.facts import Contract, Limits
from proxy_addons.harness.report.keeping import Broken, Inconclusive, trace_of
from proxy_addons.harness.scenario import Scenario, find_scenario
from proxy_addons.harness.subject import Subject

if TYPE_CHECKING:
    from proxy_addons.harness.runner import Ruling


@pytest.fixture(scope="session")
def guide() -> Guide:
    """What is known of the subject beyond where it is: nothing, unless a conftest says otherwise."""
    return Guide()


@pytest.fixture(scope="session")
def contract(guide: Guide) -> Contract:
    """How the subject's traffic is read."""
    return guide.contract


@pytest.fixture(scope="session")
def usual_limits(guide: Guide) -> Limits:
    """The bounds of the checks, but for those that a marker `limits` names."""
    return guide.limits


@pytest.fixture(scope="session")
def restarting() -> Restarting | None:
    """Gives a subject that may be restarted; None: there is none, and scenarios that want one are skipped."""
    return None


@pytest.fixture(scope="session")
def gate_baseline(request: pytest.FixtureRequest) -> Baseline:
    """The figures that scenarios must have, with `--brownout-gate`; without it, none."""
    config = request.config
    if not config.getoption("--brownout-gate"):
        return Baseline()
    try:
        return load_baseline(config.rootpath / str(config.getoption("--brownout-gate-baseline")))
    except PlanError as error:
        pytest.exit(str(error), returncode=3)


@pytest.fixture
def scenario(
    request: pytest.FixtureRequest,
    subject: Subject,
    guide: Guide,
    gate_baseline: Baseline,
    restarting: Restarting | None,
    browser: Browser,
    _carrier: None,
) -> Callable[[str | Scenario], "Ruling"]:
    """Runs a scenario, by its name, its file or as it is, in front of the subject: `scenario("transport/cut")`.

    The test fails unless it is passed. Where the subject does not offer what the scenario needs, it is skipped.
    """

    from proxy_addons.harness.runner import missing, run  # mitmproxy is slow to import; `_carrier` has done it

    def play(wanted: str | Scenario) -> "Ruling":
        __tracebackhide__ = True
        try:
            chosen = find_scenario(wanted) if isinstance(wanted, str) else wanted
        except PlanError as error:
            pytest.fail(str(error), pytrace=False)
        if lacks := missing(chosen, guide, restarts=restarting is not None, browser=browser.browser_type.name):
            pytest.skip(f"not applicable: {'; '.join(lacks)}")
        where = restarting(chosen.given.keeps_its_log) if chosen.restarts and restarting else subject
        known = gate_baseline.scenarios.get(chosen.name)
        how = replace(guide, seed=gate_baseline.seed) if known else guide
        ruling = run(chosen, where, how, browser)
        _tell(request.node, ruling)
        if known:
            _compare(chosen.name, known, ruling, lambda: run(chosen, where, how, browser))
        return ruling

    return play


def _compare(name: str, known: Figures, ruling: "Ruling", again: "Callable[[], Ruling]") -> None:
    """Raises what is worse about its recoveries, or why that can't be told."""
    __tracebackhide__ = True
    from proxy_addons.harness.gate.playing import exactly

    result = exactly(name, known, ruling, again)
    if result.answer != "no worse":
        error = Broken if result.answer == "worse" else Inconclusive
        raise error(f"{result.answer}, beside the baseline, in {name}: {'; '.join(result.why)}")


def _tell(item: pytest.Item, ruling: "Ruling") -> None:
    """Puts it down for the report and raises what the verdict is, unless it is passed."""
    __tracebackhide__ = True
    trace = trace_of(item)
    trace.proxies.append(ruling.proxy)
    trace.waits = ruling.waits
    trace.run, trace.findings, trace.screenshot = ruling.run, list(ruling.findings), ruling.screenshot
    if ruling.verdict == "passed":
        return
    error = Broken if ruling.verdict == "failed" else Inconclusive
    raise error(f"{ruling.verdict}, by the record of {ruling.scenario.name} ({ruling.scenario.title}):\n{ruling.why}")
