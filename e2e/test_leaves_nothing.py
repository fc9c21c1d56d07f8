"""After a run, finished or interrupted, nothing of it is left: no process, and so no port and no thread."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

PROC = Path("/proc")
MARK = "BROWNOUT_RUN"
PATIENCE_S = 30
STORY = "e2e/test_comes_back.py::test_comes_back_on_websocket_and_misses_nothing[aborted]"
LONG_STORY = "e2e/test_quiet.py"

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="finds processes by their environment in /proc")


class Run:
    """A run of pytest whose every descendant can be told by a mark in its environment."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._mark = f"{MARK}={uuid4().hex}".encode()
        name, _, value = self._mark.decode().partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", f"--brownout-report={folder}", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={key: text for key, text in os.environ.items() if not key.startswith("PYTEST_")} | {name: value},
        )

    def alive(self, word: str = "") -> list[str]:
        """The command lines of this run's processes that contain the word."""
        lines = [self._command_line(each) for each in PROC.iterdir() if each.name.isdigit()]
        return [line for line in lines if line and word in line]

    def wait_for(self, word: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not self.alive(word):
            assert self.process.poll() is None, f"ended before it had started {word}: {self.output()}"
            assert time.monotonic() < deadline, f"never started {word}"

    def interrupt(self) -> None:
        """Ctrl-C: SIGINT to the whole process group, as a terminal sends it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def output(self) -> str:
        return self.process.communicate(timeout=PATIENCE_S)[0]

    def _command_line(self, process: Path) -> str:
        try:
            if self._mark not in (process / "environ").read_bytes().split(b"\0"):
                return ""
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended while we looked, or belongs to somebody else
            return ""


@contextmanager
def run(folder: Path, *arguments: str) -> Iterator[Run]:
    started = Run(folder, *arguments)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            os.killpg(started.process.pid, signal.SIGKILL)
            started.process.wait()


@pytest.mark.parametrize("workers", [pytest.param([], id="alone"), pytest.param(["-n", "2"], id="two-workers")])
def test_leaves_no_process_after_a_finished_run(tmp_path: Path, workers: list[str]) -> None:
    with run(tmp_path, *workers, STORY) as story:
        story.wait_for("chrom")
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
