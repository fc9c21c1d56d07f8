"""A run of pytest in processes of its own, on stories of its own, and which of these processes are still there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

PROC = Path("/proc")
MARK = "BROWNOUT_RUN"
PATIENCE_S = 120
PYTEST = """
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main(sys.argv[1:]))
"""
"""A shell that starts us in the background has SIGINT ignored, and children inherit that."""


CONFTEST = """
import pytest
from proxy_addons.tests.harness.little_app import started

@pytest.fixture(scope="session")
def subject():
    with started() as app:
        yield app

@pytest.fixture
def live(page, proxy, observe):
    observe(page)
    page.goto(proxy.url, wait_until="commit")
    live = page.locator("[data-connection=live]")
    live.wait_for(timeout=15_000)
    return live
"""
"""All that a story needs, and no more: these runs cost little but what Python and the libraries take to load."""


class Run:
    """A run of pytest whose processes can be told, also when their parents are gone: by a mark in the environment
    that they inherit, and for those that blank theirs (Chromium's renderers) by having been seen as descendants."""

    def __init__(self, folder: Path, stories: str, *arguments: str) -> None:
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "test_stories.py").write_text(stories)
        here = [f"--rootdir={folder}", f"--config-file={folder}/pytest.ini", f"--brownout-report={folder}/report"]
        self._mark = uuid4().hex
        self._seen: set[int] = set()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PYTEST, "-q", *here, *arguments, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            cwd=Path(__file__).parents[3],
            env={key: text for key, text in os.environ.items() if not key.startswith("PYTEST_")} | {MARK: self._mark},
        )

    def alive(self) -> list[str]:
        """The command lines of this run's processes."""
        found = {int(each.name): each for each in PROC.iterdir() if each.name.isdigit()}
        parents = {pid: _parent(each) for pid, each in found.items()}
        marked = f"{MARK}={self._mark}".encode()
        own = {pid for pid, each in found.items() if marked in _read(each / "environ")} | {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in own} - own:
            own |= more
        self._seen |= own
        return [line for pid in self._seen & found.keys() if (line := _command_line(found[pid]))]

    def wait_for(self, word: str) -> None:
        """Until a process whose command line has this word runs."""
        deadline = time.monotonic() + PATIENCE_S
        while not any(word in line for line in self.alive()):
            assert time.monotonic() < deadline, f"never started {word}"
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)
                raise AssertionError(f"ended before it had started {word}: {self.output()}")

    def expect_nothing_left(self) -> None:
        """What a killed parent leaves behind takes a moment to notice it."""
        deadline = time.monotonic() + PATIENCE_S
        while left := self.alive():
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(0.05)

    def interrupt(self) -> None:
        """Ctrl-C: SIGINT to the whole process group, as a terminal sends it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def output(self) -> str:
        """What it said, once it has ended."""
        return self.process.communicate(timeout=PATIENCE_S)[0]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it ended while we looked, or belongs to somebody else
        return b""


def _parent(process: Path) -> int:
    """Field 4 of proc_pid_stat(5), counted behind the name in parentheses, which may hold anything."""
    fields = _read(process / "stat").rpartition(b")")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def _command_line(process: Path) -> str:
    """Empty for a process that has ended and waits for its parent to notice."""
    return _read(process / "cmdline").replace(b"\0", b" ").decode(errors="replace")


@contextmanager
def run(folder: Path, stories: str, *arguments: str) -> Iterator[Run]:
    """pytest with these arguments, on these stories, written to the folder, where the report is put as well."""
    started = Run(folder, stories, *arguments)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            os.killpg(started.process.pid, signal.SIGKILL)
            started.process.wait()
        if started.process.stdout is not None:
            started.process.stdout.close()


def descendants(pid: int) -> list[tuple[int, str]]:
    """The processes below this one, with their command lines."""
    found = {int(each.name): each for each in PROC.iterdir() if each.name.isdigit()}
    parents = {each: _parent(folder) for each, folder in found.items()}
    own = {pid}
    while more := {each for each, parent in parents.items() if parent in own} - own:
        own |= more
    return [(each, _command_line(found[each])) for each in sorted(own - {pid})]
