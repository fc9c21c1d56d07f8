"""After a run in Firefox that was interrupted or killed, nothing of it is left, just as in Chromium."""

import os
import signal
from pathlib import Path

import pytest

from e2e.nightly import nightly
from proxy_addons.tests.harness.processes import PROC, run
from proxy_addons.tests.harness.test_leaves_nothing import LONG

IN_FIREFOX = ("--browser", "firefox")
CONTENT = "-contentproc"
"""Each process of Firefox that shows a page is started with it."""

pytestmark = [
    pytest.mark.skipif(not PROC.is_dir(), reason="finds processes by their environment in /proc"),
    pytest.mark.usefixtures("browser_type_launch_args"),  # which skips it where there is no Firefox
    nightly(20),
]


def test_leaves_no_process_after_ctrl_c(tmp_path: Path) -> None:
    with run(tmp_path, LONG, *IN_FIREFOX) as story:
        story.wait_for(CONTENT)
        story.interrupt()
        story.output()
        assert story.process.returncode == 2
        assert story.alive() == []


def test_leaves_no_process_after_it_was_killed(tmp_path: Path) -> None:
    with run(tmp_path, LONG, *IN_FIREFOX) as story:
        story.wait_for(CONTENT)
        os.kill(story.process.pid, signal.SIGKILL)
        story.process.wait()
        story.expect_nothing_left()
