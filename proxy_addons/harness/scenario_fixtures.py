"""The fixtures by which a test runs scenarios: `guide`, and `scenario`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from proxy_addons.errors import PlanError
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


@pytest.fixture
def scenario(
    request: pytest.FixtureRequest,
    subject: Subject,
    guide: Guide,
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
        ruling = run(chosen, where, guide, browser)
        _tell(request.node, ruling)
        return ruling

    return play


def _tell(item: pytest.Item, ruling: "Ruling") -> None:
    """Puts it down for the report and raises what the verdict is, unless it is passed."""
    __tracebackhide__ = True
    trace = trace_of(item)
    trace.proxies.append(ruling.proxy)
    trace.run, trace.findings, trace.screenshot = ruling.run, list(ruling.findings), ruling.screenshot
    if ruling.verdict == "passed":
        return
    error = Broken if ruling.verdict == "failed" else Inconclusive
    raise error(f"{ruling.verdict}, by the record of {ruling.scenario.name} ({ruling.scenario.title}):\n{ruling.why}")
