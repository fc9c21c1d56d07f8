"""What the headless shell never does: keeping a page that was left, and giving it back as it was.

A machine that has the headless shell alone skips this.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from e2e.left_behind import FULL_CHROMIUM_MISSING, full_chromium, that_keeps_pages
from e2e.nightly import nightly
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.history import History
from proxy_addons.records import PageLooked, PageOpened


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One that keeps pages for the way back."""
    if full_chromium(playwright.chromium) is None:
        pytest.skip(FULL_CHROMIUM_MISSING)
    with that_keeps_pages(playwright.chromium) as browser:
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
