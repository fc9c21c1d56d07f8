"""`brownout scenarios` and `brownout run`: what is shipped, and what becomes of a page in it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from proxy_addons.errors import PlanError
from proxy_addons.harness.browser import BrowserMissing, find_browser
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.report.folders import slug
from proxy_addons.harness.report.keeping import Trace, keep_in
from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.results import save_report
from proxy_addons.harness.runner import missing, run
from proxy_addons.harness.scenario import Scenario, find_scenario, shipped
from proxy_addons.harness.subject import RunningSubject

STYLES = {"passed": "green", "failed": "bold red", "inconclusive": "bold yellow", "not applicable": "dim"}


def chosen(names: Sequence[str]) -> list[Scenario]:
    """The scenarios of these names, files and folders of the shipped ones; without any, all that are shipped.

    Raises:
        PlanError: one of them is none; a line for each problem.
    """
    known = shipped()
    wanted = [each for name in names for each in _in_folder(name, known) or [name]] if names else list(known)
    return [find_scenario(name) for name in wanted]


def _in_folder(name: str, known: Iterable[str]) -> list[str]:
    return [each for each in known if each.startswith(f"{name.rstrip('/')}/")]


def overview(scenarios: Iterable[Scenario]) -> Table:
    """Name and title of each."""
    table = Table("scenario", "what happens")
    for scenario in scenarios:
        table.add_row(scenario.name, scenario.title)
    return table


def as_markdown(scenarios: Iterable[Scenario]) -> str:
    """docs/scenarios.md: each with its reason and its sources."""
    return "\n".join(["# Scenarios", "", *(line for scenario in scenarios for line in _described(scenario))])


def _described(scenario: Scenario) -> Iterator[str]:
    yield from (f"## {scenario.name}", "", f"**{scenario.title}**", "", scenario.why.strip(), "")
    if scenario.source:
        yield from (f"Source: {', '.join(scenario.source)}", "")


def load_guide(where: str | None, scale: float) -> Guide:
    """The guide at `package.module:NAME`; without one, that of a page of which nothing is known, at this scale.

    Raises:
        PlanError: there is none.
    """
    if where is None:
        return Guide(limits=Limits(scale=scale))
    module, _, name = where.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise PlanError(f"--guide {where}: {error}; package.module:NAME of a Guide would be right") from error
    if not isinstance(found, Guide):
        raise PlanError(f"--guide {where}: is no Guide; package.module:NAME of one would be right")
    return found


def play(
    scenarios: Sequence[Scenario],
    url: str,
    guide: Guide,
    browser: Browser,
    report: Path,
    tell: Callable[[str, str, str], None],
) -> list[Outcome]:
    """Runs them in turn in front of the app at a URL and writes the report; `tell` gets name, verdict and what there is
    to say of each."""
    outcomes, folder = [], report / "runs" / uuid4().hex
    for scenario in scenarios:
        if lacks := missing(scenario, guide, restarts=False, browser=browser.browser_type.name):
            tell(scenario.name, "not applicable", "; ".join(lacks))
            continue
        started = time.monotonic()
        ruling = run(scenario, RunningSubject(url), guide, browser)
        trace = Trace(
            proxies=[ruling.proxy],
            verdict=ruling.verdict,
            reason=ruling.why,
            screenshot=ruling.screenshot,
            run=ruling.run,
            findings=list(ruling.findings),
            replay=f"brownout run {scenario.name} --target {url}",
            started=started,
        )
        outcomes.append(keep_in(folder / slug(scenario.name), report, scenario.name, scenario.title, trace))
        tell(scenario.name, ruling.verdict, ruling.why)
    if outcomes:
        save_report(outcomes, report)
    return outcomes


@contextmanager
def launched(*, headed: bool) -> Iterator[Browser]:
    """The browser that this machine has.

    Raises:
        BrowserMissing: it has none.
    """
    with sync_playwright() as playwright:
        found = find_browser(Path(playwright.chromium.executable_path))
        if found is None:
            raise BrowserMissing("no browser to drive; type: brownout browser --install")
        browser = playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None, headless=not headed
        )
        try:
            yield browser
        finally:
            browser.close()


def show(console: Console) -> Callable[[str, str, str], None]:
    """Says on a terminal what becomes of each."""

    def tell(name: str, verdict: str, why: str) -> None:
        console.print(f"{verdict:>14}  {name}", style=STYLES[verdict], markup=False, soft_wrap=True)
        if why:
            console.print(why, markup=False, soft_wrap=True)

    return tell
