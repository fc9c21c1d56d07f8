"""Scenarios in a user's own tests, run as a user runs them."""

from pathlib import Path

import pytest

from proxy_addons.tests.harness.little_app import running
from proxy_addons.tests.harness.projects import Done, pytest_in

CONFTEST = """
import pytest
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Limits

@pytest.fixture(scope="session")
def guide():
    return Guide(limits=Limits(scale=0.01, browser_throttle_s=0))
"""
TESTS = """
import pytest

@pytest.mark.parametrize("name", ["mine.toml", "vain.toml", "doing.toml", "nowhere"])
def test_scenario(scenario, name):
    scenario(name)
"""
HEAD = 'title = "t"\nwhy = "w"\n'
CUT = '[[rules]]\nid = "cut"\ntimes = 1\nfault = { kind = "websocket.abort" }\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def done(folder: Path) -> Done:
    """A run of four scenarios: one is passed, one proves nothing, one can't be played, one is not there."""
    files = {
        "pytest.ini": "[pytest]\n",
        "conftest.py": CONFTEST,
        "test_mine.py": TESTS,
        "mine.toml": HEAD + CUT,
        "vain.toml": HEAD + CUT.replace("websocket.abort", "eventsource.abort"),
        "doing.toml": HEAD + '[[steps]]\ndo = "command"\nwhat = "shout"\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    with running() as app:
        return pytest_in(folder, "--subject-url", app.url, "-rs", autoload=True)


def test_each_has_its_verdict(done: Done) -> None:
    assert "2 failed, 1 passed, 1 skipped" in done.stdout
    assert done.returncode == 1


def test_one_that_proves_nothing_says_why(done: Done) -> None:
    assert "inconclusive, by the record of vain (t)" in done.stdout
    assert "cut never fired" in done.stdout


def test_one_that_the_subject_does_not_offer_is_listed(done: Done) -> None:
    assert "not applicable: nobody knows how to do 'shout' on the page" in done.stdout


def test_one_that_is_not_there_is_one_line(done: Done) -> None:
    assert "nowhere: there is no such scenario, and no such file" in done.stdout


@pytest.mark.usefixtures("done")
def test_each_that_was_played_stands_in_the_report(folder: Path) -> None:
    assert len([*folder.glob("report/runs/*/*/history.jsonl")]) == 2


class TestGate:
    """One scenario, beside a baseline that knows it."""

    def gated(self, folder: Path, recoveries: int) -> Done:
        figures = f'{{"recoveries": {recoveries}, "attempts": 99, "switches": 99}}'
        (folder / "gate.json").write_text(f'{{"scenarios": {{"mine": {figures}}}}}')
        words = ["--brownout-gate", "--brownout-gate-baseline", "gate.json", "-k", "mine"]
        with running() as app:
            return pytest_in(folder, "--subject-url", app.url, *words, autoload=True)

    @pytest.mark.usefixtures("done")
    def test_what_recovers_as_the_baseline_says_is_passed(self, folder: Path) -> None:
        assert "1 passed" in self.gated(folder, recoveries=0).stdout

    @pytest.mark.usefixtures("done")
    def test_what_does_not_fails_and_says_in_what(self, folder: Path) -> None:
        said = self.gated(folder, recoveries=99).stdout
        assert "1 failed" in said
        assert "worse, beside the baseline, in mine: recoveries " in said
        assert "instead of 99" in said

    @pytest.mark.usefixtures("done")
    def test_without_a_baseline_nothing_is_played(self, folder: Path) -> None:
        with running() as app:
            done = pytest_in(folder, "--subject-url", app.url, "--brownout-gate", "-k", "mine", autoload=True)
        assert done.returncode == 3
        assert "write one with brownout gate --update" in done.stdout + done.stderr
