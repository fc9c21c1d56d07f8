"""What of pytest-playwright is different here."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

PROC = Path("/proc")


def children() -> list[int]:
    """The processes that this one has started."""
    tasks = (PROC / "self" / "task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


@pytest.mark.skipif(not (PROC / "self" / "task").is_dir(), reason="finds processes in /proc")
def test_the_driver_does_not_hear_ctrl_c(playwright: Playwright) -> None:
    assert playwright.chromium.name == "chromium"
    drivers = [pid for pid in children() if b"run-driver" in (PROC / str(pid) / "cmdline").read_bytes()]
    assert len(drivers) == 1
    assert os.getsid(drivers[0]) != os.getsid(0)


def test_a_browser_is_found_for_the_launch(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> None:
    executable = browser_type_launch_args.get("executable_path", playwright.chromium.executable_path)
    assert Path(executable).exists()
