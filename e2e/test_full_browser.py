"""What the headless shell never does: keeping a page that was left, and giving it back as it was.

A machine that has the headless shell alone skips this.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from e2e.nightly import nightly
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.history import History
from proxy_addons.records import PageLooked, PageOpened

ON_THE_MACHINE = ("chromium", "google-chrome")
BACK_FORWARD_CACHE_OFF = "--disable-back-forward-cache"
"""Playwright's switch, with which pages that are left are not kept (its `chromiumSwitches.ts`)."""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One that keeps pages for the way back."""
    own = Path(playwright.chromium.executable_path)
    found = next(filter(None, map(shutil.which, ON_THE_MACHINE)), None) or (own if own.exists() else None)
    if found is None:
        pytest.skip("needs the full Chromium: sudo apt-get install chromium")
    with playwright.chromium.launch(
        executable_path=found,
        ignore_default_args=[BACK_FORWARD_CACHE_OFF],
        args=["--enable-features=BackForwardCache"],
    ) as browser:
        yield browser


@pytest.mark.only_browser("chromium")
@nightly(10)
def test_a_page_from_the_back_forward_cache_has_missed_nothing(
    timer: TimerPage, operator: Operator, history: History
) -> None:
    # given a page live over WebSocket
    timer.open()
    timer.expect_transport("websocket")
    # when somebody goes to another site, things happen, and they come back
    timer.go_elsewhere()
    operator.note("while you were away")
    timer.come_back()
    # then it is the same page, it is live again, and it has everything
    timer.expect_same_life()
    timer.expect_note("while you were away")
    timer.expect_in_sync(operator)
    # and the record has a life of it before and after, with what it displayed
    first, *_, again = history.of(PageOpened)
    assert again.url == first.url
    assert [look.page for look in history.of(PageLooked) if look.items][-1] == again.page
