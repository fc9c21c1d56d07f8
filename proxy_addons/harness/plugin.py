"""The pytest plugin: fixtures, options and markers. What they do lives elsewhere."""

import gc
import warnings
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page

from proxy_addons.errors import PlanError, SubjectError
from proxy_addons.harness import browser_fixtures, scenario_fixtures
from proxy_addons.harness.gate.baseline import BASELINE
from proxy_addons.harness.judge.facts import Contract, Limits
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.probe import Probe
from proxy_addons.harness.report import reporter
from proxy_addons.harness.report.keeping import Inconclusive, judge_record, trace_of
from proxy_addons.harness.shards import Shard
from proxy_addons.harness.subject import RunningSubject, Subject, require_answer
from proxy_addons.harness.vitals import vitals_of, watch
from proxy_addons.history import History
from proxy_addons.plan import Plan, load_plan

if TYPE_CHECKING:
    from proxy_addons.proxy import FaultProxy

_PLAN = pytest.StashKey[Plan]()
_SHARD = pytest.StashKey[Shard]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("brownout", "brownout: real browsers in front of really broken connections")
    group.addoption("--subject-url", metavar="URL", help="the app under test, already running (its origin)")
    group.addoption("--plan", metavar="FILE", help="a plan of faults that every proxy starts with")
    group.addoption(
        "--brownout-report", metavar="DIR", default="report", help="where the report goes (default: %(default)s)"
    )
    group.addoption(
        "--brownout-traces",
        choices=["on", "off"],
        default="off",
        help="keep Playwright's traces of what is not green, for a third more of the processor (default: %(default)s)",
    )
    group.addoption("--shard", metavar="N/M", help="play the Nth of M parts of the tests, such as 2/4")
    group.addoption(
        "--brownout-gate",
        action="store_true",
        help="scenarios that the baseline knows must recover as it says: attempts, switches, waits",
    )
    group.addoption(
        "--brownout-gate-baseline",
        metavar="FILE",
        default=str(BASELINE),
        help="the figures that are right (default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "faults(*rules): rules that the test's proxy starts with")
    config.addinivalue_line("markers", "limits(**bounds): the bounds of the checks, where this test has its own")
    # Late, so that these win over pytest-playwright's, in whichever order the two plugins were loaded.
    config.pluginmanager.register(browser_fixtures, "brownout-browser")
    config.pluginmanager.register(scenario_fixtures, "brownout-scenarios")
    watch(config)
    reporter.begin(config)
    try:
        config.stash[_PLAN] = load_plan(path) if (path := config.getoption("--plan")) else Plan()
    except PlanError as error:
        raise pytest.UsageError(*str(error).splitlines()) from error
    try:
        config.stash[_SHARD] = Shard.parse(text) if (text := config.getoption("--shard")) else Shard(1, 1)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before anybody puts them into another order, which may depend on the machine."""
    items[:], others = config.stash[_SHARD].share(items)
    if others:
        config.hook.pytest_deselected(items=others)


# -- fixtures ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def subject(request: pytest.FixtureRequest) -> Subject:
    """The app under test: the one that `--subject-url` names, unless a conftest says otherwise."""
    url = request.config.getoption("--subject-url")
    if not url:
        pytest.exit("no app to test: give --subject-url URL, or a fixture `subject` in conftest.py", returncode=3)
    require_answer(url)
    return RunningSubject(url)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """An app that does not start is one error, not one for each test that wanted it."""
    try:
        return (yield)
    except SubjectError as error:
        if fixturedef.argname != "subject":
            raise
        pytest.exit(str(error), returncode=3)


@pytest.fixture(scope="session")
def _carrier() -> Iterator[None]:
    """Keeps mitmproxy running between tests: a proxy then starts in a tenth of the time."""
    _fault_proxy()  # also keeps the warnings of mitmproxy's own imports out of the run
    from proxy_addons.carrier import Carrier

    Carrier.acquire()
    # What is imported by now stays: a full collection that need not look at it holds the proxy up for a third as long.
    gc.collect()
    gc.freeze()
    yield
    Carrier.release()


@pytest.fixture
def proxy(request: pytest.FixtureRequest, subject: Subject, _carrier: None) -> Iterator["FaultProxy"]:
    """A proxy of this test's own in front of the subject. A planned fault that never fires fails the test."""
    marked = tuple(rule for mark in request.node.iter_markers("faults") for rule in mark.args)
    plan = request.config.stash[_PLAN]
    whole = Plan(seed=plan.seed, rules=(*plan.rules, *marked))
    with _fault_proxy()(subject.url, whole, restart=getattr(subject, "restarted", None)) as proxy:
        trace = trace_of(request.node)
        trace.proxies.append(proxy)
        yield proxy
    lost = vitals_of(request.config).losses([proxy])
    if doubts := [*(lost if trace.is_green else []), *(each for each in proxy.doubts() if each not in lost)]:
        raise Inconclusive(f"inconclusive: {'; '.join(doubts)}, so nothing was proved")


@pytest.fixture
def history(proxy: "FaultProxy") -> History:
    """What crossed the wire in this test."""
    return proxy.history


@pytest.fixture
def limits(request: pytest.FixtureRequest, usual_limits: Limits) -> Limits:
    """The bounds of the checks in this test: the usual ones, but for those that its marker `limits` names."""
    marked = [mark.kwargs for mark in reversed([*request.node.iter_markers("limits")])]
    return replace(usual_limits, **{name: bound for kwargs in marked for name, bound in kwargs.items()})


@pytest.fixture
def observe(
    request: pytest.FixtureRequest, history: History, contract: Contract, limits: Limits
) -> Iterator[Callable[..., Probe]]:
    """Has what a page displays in the record: `observe(page, "name", ...)`, before it is opened; a `Probe`.

    When such a test is over, its record is judged: by all checks that say something of any run.
    """
    probes: list[Probe] = []

    def attach(page: Page, name: str = "page", **more: Any) -> Probe:
        probes.append(Probe(page, history, name, **more))
        return probes[-1]

    yield attach
    for probe in probes:
        probe.finish()
    trace = trace_of(request.node)
    if probes and not vitals_of(request.config).losses(trace.proxies):
        judge_record(trace, Run(history.records, contract), limits)


def _fault_proxy() -> type["FaultProxy"]:
    """Imported when first needed: mitmproxy takes half a second, and warns of outdated names in its own libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from proxy_addons.proxy import FaultProxy
    return FaultProxy
