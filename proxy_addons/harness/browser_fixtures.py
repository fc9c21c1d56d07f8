"""pytest-playwright's fixtures where ours must differ: which browser is driven, and what Ctrl-C does."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import greenlet
import pytest
from playwright.sync_api import Playwright, sync_playwright

from proxy_addons.harness.browser import NO_FIREFOX, BrowserMissing, find_browser, find_firefox, launch_arguments


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, as it must be for Ctrl-C to end in an orderly way.

    Ctrl-C in a terminal reaches every process of the foreground group. A driver that dies of it cannot close its
    browsers any more, and each fixture that still wants to fails; so the driver gets a session of its own, and only
    pytest hears it.
    """
    apart = partial(asyncio.create_subprocess_exec, start_new_session=True)
    with patch("asyncio.create_subprocess_exec", apart):
        running = sync_playwright().start()
    with _interrupts_in_the_test():
        yield running
    running.stop()


@contextmanager
def _interrupts_in_the_test() -> Iterator[None]:
    """Ctrl-C is raised in the code of the test, never inside Playwright's event loop, which would not survive it.

    Playwright's sync API runs its loop in a greenlet of its own. If the signal comes while that one runs, the error
    is thrown into the test's greenlet, and the loop goes on where it was when the fixtures close what is open.
    """
    test = greenlet.getcurrent()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if greenlet.getcurrent() is test:
            signal.default_int_handler(number, frame)
        test.throw(KeyboardInterrupt)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_name: str, playwright: Playwright
) -> dict[str, Any]:
    """pytest-playwright's arguments, with the Chromium or the Firefox that this machine has.

    Without a Chromium there is no run; without a Firefox there are only no tests in Firefox.
    """
    if browser_name not in ("chromium", "firefox") or "executable_path" in browser_type_launch_args:
        return browser_type_launch_args
    find = find_firefox if browser_name == "firefox" else find_browser
    try:
        browser = find(Path(getattr(playwright, browser_name).executable_path))
    except BrowserMissing as error:
        pytest.exit(str(error), returncode=3)
    if browser is None and browser_name == "firefox":
        pytest.skip(NO_FIREFOX)
    if browser is None:
        pytest.exit("no browser to drive; type: brownout browser --install", returncode=3)
    return {**browser_type_launch_args, **launch_arguments(browser, browser_name)}
