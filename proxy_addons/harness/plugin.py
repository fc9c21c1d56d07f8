"""The pytest plugin: fixtures, options and markers. What they do lives elsewhere."""

import hashlib
import os
import shutil
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from proxy_addons.errors import PlanError, SubjectError
from proxy_addons.harness import browser_fixtures
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Contract, Finding, Limits
from proxy_addons.harness.judge.judging import judge, verdict_of
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.probe import Probe
from proxy_addons.harness.report.figures import measure
from proxy_addons.harness.report.found import tell
from proxy_addons.harness.report.github import publish
from proxy_addons.harness.report.junit import properties
from proxy_addons.harness.report.outcome import Outcome, Verdict, sentence
from proxy_addons.harness.report.page import is_green, summarise
from proxy_addons.harness.report.results import save_report
from proxy_addons.harness.report.timeline import draw
from proxy_addons.harness.subject import RunningSubject, Subject, require_answer
from proxy_addons.history import History
from proxy_addons.plan import Plan, load_plan
from proxy_addons.records import PageLooked, PageSaid, TruthTold, line

if TYPE_CHECKING:
    from proxy_addons.proxy import FaultProxy

_TRACE = pytest.StashKey["Trace"]()
_PLAN = pytest.StashKey[Plan]()
_RUN = pytest.StashKey[str]()
_RUNS = "runs"
_DONE = "done"
_LAST_LINES = 15
"""How much of the record the report shows in words; the whole of it stands beside."""
_MANY = (PageLooked, PageSaid, TruthTold)
"""Too many to be listed; they stand in the saved history."""


class Inconclusive(AssertionError):
    """The test passed without proving anything: a planned fault never fired, or crashed."""


class Broken(AssertionError):
    """The record of the test breaks a statement that holds for every run."""


class Trace:
    """What a test used, for its outcome."""

    def __init__(self) -> None:
        self.proxies: list[FaultProxy] = []
        self.started = time.monotonic()
        self.verdict: Verdict = "passed"
        self.reason = ""
        self.screenshot: bytes | None = None
        self.run: Run | None = None
        self.findings: list[Finding] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("brownout", "brownout: real browsers in front of really broken connections")
    group.addoption("--subject-url", metavar="URL", help="the app under test, already running (its origin)")
    group.addoption("--plan", metavar="FILE", help="a plan of faults that every proxy starts with")
    group.addoption(
        "--brownout-report", metavar="DIR", default="report", help="where the report goes (default: %(default)s)"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "faults(*rules): rules that the test's proxy starts with")
    config.addinivalue_line("markers", "limits(**bounds): the bounds of the checks, where this test has its own")
    # Late, so that these win over pytest-playwright's, in whichever order the two plugins were loaded.
    config.pluginmanager.register(browser_fixtures, "brownout-browser")
    config.stash[_RUN] = getattr(config, "workerinput", {}).get("brownout_run") or uuid4().hex
    try:
        config.stash[_PLAN] = load_plan(path) if (path := config.getoption("--plan")) else Plan()
    except PlanError as error:
        raise pytest.UsageError(*str(error).splitlines()) from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist's: one run, however many workers."""
    node.workerinput["brownout_run"] = node.config.stash[_RUN]


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
    yield
    Carrier.release()


@pytest.fixture
def proxy(request: pytest.FixtureRequest, subject: Subject, _carrier: None) -> Iterator["FaultProxy"]:
    """A proxy of this test's own in front of the subject. A planned fault that never fires fails the test."""
    marked = tuple(rule for mark in request.node.iter_markers("faults") for rule in mark.args)
    plan = request.config.stash[_PLAN]
    whole = Plan(seed=plan.seed, rules=(*plan.rules, *marked))
    with _fault_proxy()(subject.url, whole, restart=getattr(subject, "restarted", None)) as proxy:
        _trace(request.node).proxies.append(proxy)
        yield proxy
    if doubts := proxy.doubts():
        raise Inconclusive(f"inconclusive: {'; '.join(doubts)}, so nothing was proved")


@pytest.fixture
def history(proxy: "FaultProxy") -> History:
    """What crossed the wire in this test."""
    return proxy.history


@pytest.fixture(scope="session")
def contract() -> Contract | None:
    """How the subject's traffic is read. Nothing is judged until a conftest says it."""
    return None


@pytest.fixture(scope="session")
def usual_limits() -> Limits:
    """The bounds of the checks, for a conftest to say otherwise."""
    return Limits()


@pytest.fixture
def limits(request: pytest.FixtureRequest, usual_limits: Limits) -> Limits:
    """The bounds of the checks in this test: the usual ones, but for those that its marker `limits` names."""
    marked = [mark.kwargs for mark in reversed([*request.node.iter_markers("limits")])]
    return replace(usual_limits, **{name: bound for kwargs in marked for name, bound in kwargs.items()})


@pytest.fixture
def observe(
    request: pytest.FixtureRequest, history: History, contract: Contract | None, limits: Limits
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
    if probes and contract is not None:
        _judge(_trace(request.node), Run(history.records, contract), limits)


# -- outcomes and report ------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    trace = _trace(item)
    if report.failed:
        inconclusive = call.excinfo is not None and call.excinfo.errisinstance(Inconclusive)
        if trace.verdict == "passed":
            trace.verdict = "inconclusive" if inconclusive else "failed"
            trace.reason = report.longreprtext
            trace.screenshot = _screenshot(item)
    elif report.skipped and trace.verdict == "passed":
        trace.verdict = "skipped"
    if call.when == "teardown" and trace.proxies:
        report.user_properties += properties(_save(item, trace))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    outcomes = [Outcome.load(path) for path in sorted(_run_folder(config).glob("*/outcome.json"))]
    if not outcomes or hasattr(config, "workerinput"):
        return
    page = save_report(outcomes, _report(config))
    for earlier in page.parent.glob(f"{_RUNS}/*/{_DONE}"):
        shutil.rmtree(earlier.parent)
    (_run_folder(config) / _DONE).touch()
    terminalreporter.section("brownout", green=is_green(outcomes), red=not is_green(outcomes))
    terminalreporter.write_line(summarise(outcomes))
    for outcome in outcomes:
        if not outcome.is_green:
            terminalreporter.write_line(f"  {outcome.verdict}: {outcome.story}  ({outcome.command})")
    for annotation in publish(outcomes, os.environ):
        terminalreporter.write_line(annotation)
    terminalreporter.write_line(f"Report: {page}")


def _judge(trace: Trace, run: Run, limits: Limits) -> None:
    """Raises what the verdict is, unless it is passed."""
    __tracebackhide__ = True
    trace.run, trace.findings = run, judge(run, limits, [check for check in CHECKS if not check.own_run])
    wrong = [finding for finding in trace.findings if finding.outcome in ("broken", "crashed")]
    verdict = verdict_of(wrong)
    if verdict != "passed":
        text = as_text(wrong, run, {check.id: check.title for check in CHECKS})
        raise (Broken if verdict == "failed" else Inconclusive)(f"{verdict}, by the record:\n{text}")


def _save(item: pytest.Item, trace: Trace) -> Outcome:
    folder = _run_folder(item.config) / _slug(item.nodeid)
    folder.mkdir(parents=True, exist_ok=True)
    relative = folder.relative_to(_report(item.config)).as_posix()
    records = [record for proxy in trace.proxies for record in proxy.history.records if not isinstance(record, _MANY)]
    receipts = [receipt for proxy in trace.proxies for receipt in proxy.history.receipts]
    start = records[0].t if records else 0.0
    trace.proxies[0].history.save(folder / "history.jsonl")
    if trace.screenshot:
        (folder / "failure.png").write_bytes(trace.screenshot)
    outcome = Outcome(
        test=item.nodeid,
        verdict=trace.verdict,
        duration_s=round(time.monotonic() - trace.started, 3),
        story=sentence(item.nodeid),
        reason=trace.reason,
        receipts=[line(receipt, start) for receipt in receipts],
        record=[line(record, start) for record in records[-_LAST_LINES:]],
        folder=relative,
        screenshot=f"{relative}/failure.png" if trace.screenshot else "",
        seed=trace.proxies[0].plan.seed,
        findings=tell(trace.findings, trace.run) if trace.run else [],
        picture=draw(trace.run, trace.findings) if trace.run else None,
        figures=measure(trace.run) if trace.run else None,
    )
    outcome.save(folder / "outcome.json")
    return outcome


def _screenshot(item: pytest.Item) -> bytes | None:
    """The page as it is, if the test has one that still answers."""
    page = cast("dict[str, object]", getattr(item, "funcargs", {})).get("page")
    if not isinstance(page, Page) or page.is_closed():
        return None
    try:
        return page.screenshot(timeout=2000)
    except Exception:  # noqa: BLE001  # a picture of a failure must never hide the failure
        return None


def _trace(item: pytest.Item) -> Trace:
    return item.stash.setdefault(_TRACE, Trace())


def _fault_proxy() -> type["FaultProxy"]:
    """Imported when first needed: mitmproxy takes half a second, and warns of outdated names in its own libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from proxy_addons.proxy import FaultProxy
    return FaultProxy


def _report(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getoption("--brownout-report"))


def _run_folder(config: pytest.Config) -> Path:
    """This run's own folder, so that runs side by side do not mix."""
    return _report(config) / _RUNS / config.stash[_RUN]


def _slug(test: str) -> str:
    """A name for a folder that people can read and that no other test has."""
    words = "".join(letter if letter.isalnum() else "-" for letter in test.rpartition("/")[2])
    return f"{words[:100]}-{hashlib.blake2b(test.encode(), digest_size=4).hexdigest()}"
