"""What dies in the middle of a run ends one test with a clear verdict; the next has a new one, and nothing is left."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from proxy_addons.tests.harness.processes import PROC, run

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="finds processes by their parents in /proc")

STORIES = """
import os, signal, sys
from proxy_addons.tests.harness.processes import descendants
from proxy_addons.events import RequestReceived
from proxy_addons.tests.throwaway import rule_that

def test_loses_its_browser(live):
    for pid, line in descendants(os.getpid()):
        if "--remote-debugging-pipe" in line and "--type=" not in line:
            os.kill(pid, signal.SIGKILL)
    live.wait_for(state="detached", timeout=15_000)

def test_loses_its_app(live, subject):
    os.killpg(subject.pid, signal.SIGKILL)
    live.wait_for(state="detached", timeout=15_000)

def test_loses_its_proxy(live, proxy):
    proxy.add(rule_that(RequestReceived, lambda _: sys.exit("out of sorts"), scope="request", id="fatal"))
    live.page.reload()

def test_has_all_of_them_again(live):
    live.page.reload()
    live.wait_for(timeout=15_000)
"""


LOSSES = (
    "    the browser is gone",
    "    the app is gone: `python -m proxy_addons.tests.harness.little_app",
    "    the proxy is gone: mitmproxy ended with SystemExit('out of sorts')",
)


class Done(NamedTuple):
    code: int
    output: str
    left: list[str]
    folder: Path

    def verdicts(self) -> dict[str, str]:
        outcomes = json.loads((self.folder / "report" / "results.json").read_text())["outcomes"]
        return {each["story"]: each["verdict"] for each in outcomes}


def run_in(folder: Path) -> Done:
    with run(folder, STORIES, "-n", "1") as killed:
        output = killed.output()
        return Done(killed.process.returncode, output, killed.alive(), folder)


def test_what_dies_in_the_middle_ends_one_test_with_a_clear_verdict(tmp_path: Path) -> None:
    """One run with a worker, in which browser, app and proxy die in turn; it takes long, so it is looked at once."""
    done = run_in(tmp_path)
    # each loss is one inconclusive test, and what comes after has all of them again
    assert done.verdicts() == {
        "Loses its browser": "inconclusive",
        "Loses its app": "inconclusive",
        "Loses its proxy": "inconclusive",
        "Has all of them again": "passed",
    }
    assert done.code == pytest.ExitCode.TESTS_FAILED
    # the summary says what was lost, and the app how it ended
    _, _, summary = done.output.partition(" brownout ")
    assert [words for words in LOSSES if words not in summary] == []
    assert "ended with exit code -9 (SIGKILL)" in done.output
    # a page whose proxy is gone does not wait for it
    assert "Page.reload: net::ERR_" in done.output
    # nobody has to read two errors for one loss: the page bears the loss of the app, so that is found out at the end
    assert re.search(r"^2 failed, 2 passed,.* 1 error in", done.output, re.MULTILINE)
    assert done.left == []
