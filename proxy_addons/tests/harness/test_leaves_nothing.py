"""After a run that was interrupted or killed, nothing of it is left: no process, and so no port and no thread.

One that has finished is looked at in `test_killed.py`.
"""

import os
import signal
from pathlib import Path

import pytest

from proxy_addons.tests.harness.processes import PROC, run

LONG = "def test_is_long(live): live.wait_for(state='detached', timeout=600_000)"

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="finds processes by their environment in /proc")


@pytest.mark.parametrize("workers", [pytest.param([], id="alone"), pytest.param(["-n", "1"], id="with-a-worker")])
def test_leaves_no_process_after_ctrl_c(tmp_path: Path, workers: list[str]) -> None:
    with run(tmp_path, LONG, *workers) as story:
        story.wait_for("--type=renderer")
        story.interrupt()
        story.output()
        assert story.process.returncode == 2
        assert story.alive() == []


def test_leaves_no_process_after_it_was_killed(tmp_path: Path) -> None:
    with run(tmp_path, LONG) as story:
        story.wait_for("--type=renderer")
        os.kill(story.process.pid, signal.SIGKILL)
        story.process.wait()
        story.expect_nothing_left()
