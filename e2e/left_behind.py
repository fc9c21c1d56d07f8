"""A page that is left for another site, in a browser that keeps it for the way back: nothing of it stays connected."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserType

from e2e.app import LIMITS
from e2e.contract import ITEMS, MARKS, ReferenceContract, client_of
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Finding
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.probe import Probe
from proxy_addons.harness.subject import Subject
from proxy_addons.proxy import FaultProxy

ON_THE_MACHINE = ("chromium", "google-chrome")
BACK_FORWARD_CACHE_OFF = "--disable-back-forward-cache"
"""Playwright's switch, with which pages that are left are not kept (its `chromiumSwitches.ts`)."""
FULL_CHROMIUM_MISSING = "needs the full Chromium: sudo apt-get install chromium"
ELSEWHERE = "data:text/html,elsewhere"
AWAY_S = 3.0
"""More than S22 gives a page for its leaving."""
PATIENCE_S = 15.0
CHECKED = [check for check in CHECKS if check.id == "S22"]


def full_chromium(chromium: BrowserType) -> Path | None:
    """One on this machine, or Playwright's own build; the headless shell keeps no pages."""
    found = next(filter(None, map(shutil.which, ON_THE_MACHINE)), None)
    return next((path for path in (Path(found or ""), Path(chromium.executable_path)) if path.is_file()), None)


@contextmanager
def that_keeps_pages(chromium: BrowserType) -> Iterator[Browser]:
    """A browser that keeps pages for the way back; raises FileNotFoundError where the machine has none."""
    found = full_chromium(chromium)
    if found is None:
        raise FileNotFoundError(FULL_CHROMIUM_MISSING)
    with chromium.launch(
        executable_path=found,
        ignore_default_args=[BACK_FORWARD_CACHE_OFF],
        args=["--enable-features=BackForwardCache"],
    ) as browser:
        yield browser


def left_for_another_site(app: Subject, like: Browser) -> tuple[list[Finding], Run]:
    """What S22 says of a page that was live when it was left, and the record."""
    with that_keeps_pages(like.browser_type) as browser, FaultProxy(app.url) as proxy:
        page = browser.new_page()
        probe = Probe(page, proxy.history, marks=MARKS, items=ITEMS, client=client_of)
        page.goto(proxy.url, wait_until="commit")
        live = probe.wait_for(lambda: _shows(probe, "live"), PATIENCE_S)
        assert live, "the page never went live"
        page.goto(ELSEWHERE, wait_until="load")
        probe.pump(AWAY_S)
        probe.finish()
    record = Run(proxy.history.records, ReferenceContract())
    return judge(record, LIMITS, CHECKED), record


def _shows(probe: Probe, connection: str) -> bool:
    return probe.latest is not None and probe.latest.marks.get("connection") == connection
