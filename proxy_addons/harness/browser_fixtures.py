"""pytest-playwright's fixtures where ours must differ: which Chromium is driven, and what Ctrl-C does."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Playwright, sync_playwright

from proxy_addons.harness.browser import BrowserMissing, find_browser


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, whose driver runs in a session of its own.

    Ctrl-C in a terminal reaches every process of the foreground group. A driver that dies of it cannot close its
    browsers any more, and each fixture that still wants to fails; so only pytest hears it, and closes them in order.
    """
    apart = partial(asyncio.create_subprocess_exec, start_new_session=True)
    with patch("asyncio.create_subprocess_exec", apart):
        running = sync_playwright().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_name: str, playwright: Playwright
) -> dict[str, Any]:
    """pytest-playwright's arguments, with the Chromium that this machine has."""
    if browser_name != "chromium" or "executable_path" in browser_type_launch_args:
        return browser_type_launch_args
    try:
        browser = find_browser(Path(playwright.chromium.executable_path))
    except BrowserMissing as error:
        pytest.exit(str(error), returncode=3)
    if browser is None:
        pytest.exit("no browser to drive; type: brownout browser --install", returncode=3)
    if browser.path is None:
        return browser_type_launch_args
    return {**browser_type_launch_args, "executable_path": str(browser.path)}
