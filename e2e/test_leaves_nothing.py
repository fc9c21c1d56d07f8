"""After a run, finished or interrupted, nothing of it is left: no process, and so no port and no thread."""

from pathlib import Path

import pytest

from e2e.processes import PROC, run

STORY = "e2e/test_commands.py::test_a_command_is_done_over_websocket"
LONG_STORY = "e2e/test_scenarios.py::test_scenario[chromium-timing/quiet-websocket]"

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="finds processes by their environment in /proc")


def test_leaves_no_process_after_a_finished_run(tmp_path: Path) -> None:
    with run(tmp_path, "-n", "2", STORY) as story:
        story.wait_for("--type=renderer")
        assert "1 passed" in story.output()
        assert story.alive() == []


@pytest.mark.parametrize("workers", [pytest.param([], id="alone"), pytest.param(["-n", "2"], id="two-workers")])
def test_leaves_no_process_after_ctrl_c(tmp_path: Path, workers: list[str]) -> None:
    with run(tmp_path, *workers, LONG_STORY) as story:
        story.wait_for("--type=renderer")
        story.interrupt()
        story.output()
        assert story.process.returncode == 2
        assert story.alive() == []
