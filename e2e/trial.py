"""What an app that may be wrong is put through: a scenario, or a story that no scenario can tell."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from e2e.guide import REFERENCE
from e2e.left_behind import left_for_another_site
from e2e.many_clients import FLOCK, HERD, Herd, judged, restarted_under
from e2e.mutant import app_of
from proxy_addons.harness.expectation import checks_of
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Finding
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.runner import run
from proxy_addons.harness.scenario import Scenario, find_scenario, shipped
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.proxy import FaultProxy

TITLES = {check.id: check.title for check in CHECKS}


@dataclass(frozen=True)
class Outcome:
    """What the checks said."""

    broken: Sequence[str]
    """The checks that found something: those that hold for every run before those of the scenario alone."""
    titles: dict[str, str]
    text: str
    """What they found, or why the run proves nothing."""


def stories() -> dict[str, Callable[[Path, Browser], Outcome]]:
    """What can't be told by a scenario: by name, played with the sources of an app."""
    return {
        "stories/restart-under-220-clients": lambda root, _: _restarted(root, HERD),
        "stories/down-for-long": lambda root, _: _restarted(root, FLOCK),
        "stories/left-for-another-site": _left,
    }


def put_through(name: str, root: Path, browser: Browser) -> Outcome:
    """The app whose sources lie at `root`, put through the scenario or the story of this name."""
    if story := stories().get(name):
        return story(root, browser)
    scenario = find_scenario(name)
    with _app(root, keeps_its_log=scenario.given.keeps_its_log) as app:
        ruling = run(scenario, app, REFERENCE, browser)
    titles = {check.id: check.title for check in ruling.checks}
    return _outcome(ruling.findings, titles, f"{ruling.verdict}: {ruling.why}")


def places() -> list[str]:
    """All that there is to be put through, stories last."""
    return [*shipped(), *stories()]


def checks_at(name: str) -> dict[str, str]:
    """The checks of this place, by id, with their titles."""
    scenario: Scenario | None = find_scenario(name) if name in shipped() else None
    own = checks_of(scenario.expect) if scenario else []
    return {check.id: check.title for check in (*own, *CHECKS)}


def _outcome(findings: Sequence[Finding], titles: dict[str, str], text: str) -> Outcome:
    broken = [finding.check for finding in findings if finding.outcome == "broken"]
    return Outcome(sorted(broken, key=lambda check: check not in TITLES), titles, text)


@contextmanager
def _app(root: Path, *arguments: str, keeps_its_log: bool) -> Iterator[SubjectProcess]:
    with TemporaryDirectory() as folder:
        data = ("--data", folder) if keeps_its_log else ()
        with app_of(root, *data, *arguments) as app:
            yield app


def _restarted(root: Path, herd: Herd) -> Outcome:
    with (
        _app(root, *herd.arguments, keeps_its_log=True) as app,
        FaultProxy(app.url, restart=app.restarted) as proxy,
    ):
        record = restarted_under(root / "client", proxy, herd)
    return _told(judged(record, herd), record)


def _left(root: Path, browser: Browser) -> Outcome:
    with _app(root, keeps_its_log=False) as app:
        findings, record = left_for_another_site(app, browser)
    return _told(findings, record)


def _told(findings: Sequence[Finding], record: Run) -> Outcome:
    return _outcome(findings, TITLES, as_text(findings, record, TITLES))
