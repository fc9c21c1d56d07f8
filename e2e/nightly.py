"""What takes its time: `python -m e2e.nightly` plays all of it, and goes on where it was broken off.

A test that was passed is not played again at the same commit. Where the sources differ from their commit, nothing is
known to have been passed, and nothing is written down.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ASKED = bool(os.environ.get("BROWNOUT_NIGHTLY"))
WORKERS = 2
_PASSED = Path("report") / "nightly"
_SELECTED = ("e2e", "-m", "nightly")


def nightly(seconds: float) -> pytest.MarkDecorator:
    """For a test that takes so long: it is played where somebody asks for it."""
    return pytest.mark.nightly(seconds=seconds)


def duration_of(item: pytest.Item) -> float | None:
    """How long it takes, in seconds; None for a test that is none of these."""
    mark = item.get_closest_marker("nightly")
    return None if mark is None else float(mark.kwargs["seconds"])


# -- what was passed ----------------------------------------------------------------------------------------------


def commit() -> str | None:
    """Of the sources as they are; None where they are not those of any."""
    if _git("status", "--porcelain") != "":
        return None
    return _git("rev-parse", "HEAD") or None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


class Passed:
    """The tests that were passed, one a line in a file that several processes write to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.names = frozenset(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else frozenset()

    def add(self, name: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")


class Resuming:
    """A plugin that skips what was passed and writes down what is."""

    def __init__(self, passed: Passed) -> None:
        self._passed = passed
        self._fine: set[str] = set()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if item.nodeid in self._passed.names:
            pytest.skip("passed before, at this commit")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self._fine.add(report.nodeid)
        elif report.when == "teardown" and report.passed and report.nodeid in self._fine:
            self._passed.add(report.nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """As a plugin: in each process that plays tests, not in the one that only hands them out."""
    known = commit()
    if known and (hasattr(config, "workerinput") or not getattr(config.option, "tx", None)):
        config.pluginmanager.register(Resuming(Passed(_PASSED / known)))


# -- the command --------------------------------------------------------------------------------------------------


class _Collected:
    """A plugin that keeps which tests there are."""

    def __init__(self) -> None:
        self.durations: dict[str, float] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.durations = {item.nodeid: duration_of(item) or 0.0 for item in session.items}


def announcement(durations: dict[str, float], passed: Iterable[str], known: str | None) -> str:
    """How much there is to do, and how long it will take."""
    left = [seconds for name, seconds in durations.items() if name not in set(passed)]
    minutes = round(sum(left) / WORKERS / 60)
    where = f"at commit {known[:12]}" if known else "of sources that are no commit's, so all are played"
    return (
        f"{len(left)} tests to play, with {WORKERS} workers in about {minutes // 60} h {minutes % 60:02} min; "
        f"{len(durations) - len(left)} of {len(durations)} were passed before, {where}"
    )


def main() -> None:
    """Says what is to be done and does it; further arguments are pytest's."""
    os.environ["BROWNOUT_NIGHTLY"] = "1"
    collected, known = _Collected(), commit()
    nothing_else = ("--collect-only", "-p", "no:terminal")
    if pytest.main([*_SELECTED, *nothing_else], plugins=[collected]) != pytest.ExitCode.OK:
        sys.exit("the tests can't be collected; pytest e2e --collect-only says why")
    passed = Passed(_PASSED / known).names if known else ()
    sys.stdout.write(announcement(collected.durations, passed, known) + "\n")
    sys.stdout.flush()
    command = ("-m", "pytest", *_SELECTED, "-p", "e2e.nightly", "-n", str(WORKERS), *sys.argv[1:])
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main()
