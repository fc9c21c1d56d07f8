"""What a run of pytest leaves in the report of a test that failed, proved nothing, or was traced."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proxy_addons.tests.harness.projects import Done, pytest_in, some_app

CONTRACT = """
import pytest
from proxy_addons.harness.judge.facts import Whose

class Contract:
    offers = frozenset()
    def said(self, data): return None
    def polled(self, body): return []
    def whose(self, request): return Whose("page", 0, "asset")

@pytest.fixture(scope="session")
def contract():
    return Contract()
"""


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with some_app() as url:
        yield url


def outcomes(folder: Path) -> dict[str, Any]:
    """By story."""
    told = json.loads((folder / "report" / "results.json").read_text(encoding="utf-8"))
    return {each["story"]: each for each in told["outcomes"]}


TRACED = """
def test_fails(page, browser, proxy):
    page.goto(proxy.url)
    further = browser.new_context().new_page()
    further.goto(proxy.url)
    assert further.title() == "Closed"

def test_fails_when_it_is_judged(observe, page, proxy):
    observe(page)
    page.goto(proxy.url)
    page.evaluate("setTimeout(() => { throw new Error('never mind') })")

def test_passes(page, proxy):
    page.goto(proxy.url)

def test_traces_by_itself(context, proxy, tmp_path):
    context.tracing.start()
    context.new_page().goto(proxy.url)
    context.tracing.stop(path=tmp_path / "own.zip")
    assert (tmp_path / "own.zip").is_file()
"""


class TestTraces:
    """Of Playwright's, in one run."""

    @pytest.fixture(scope="class", params=["off", "on"])
    def other(self, request: pytest.FixtureRequest) -> str:
        """Whether pytest-playwright traces as well."""
        return str(request.param)

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory, app: str, other: str) -> Path:
        folder = tmp_path_factory.mktemp("traced")
        (folder / "conftest.py").write_text(CONTRACT)
        (folder / "test_pages.py").write_text(TRACED)
        words = ["--brownout-traces=on", f"--tracing={other}", f"--subject-url={app}"]
        done = pytest_in(folder, *words, *(["-k", "fails"] if other == "on" else []), autoload=True)
        assert "1 failed" in done.stdout
        assert "1 error" in done.stdout
        return folder

    def test_are_linked_where_a_test_failed_even_in_its_teardown(self, folder: Path, other: str) -> None:
        traces = {story: outcome["trace"] for story, outcome in outcomes(folder).items() if outcome["trace"]}
        assert sorted(traces) == (["Fails"] if other == "on" else ["Fails", "Fails when it is judged"])
        page = (folder / "report" / "index.html").read_text(encoding="utf-8")
        assert all(f'href="{trace}"' in page and (folder / "report" / trace).is_file() for trace in traces.values())

    def test_are_kept_of_what_failed_only(self, folder: Path, other: str) -> None:
        kept = sorted(path.name for path in folder.glob("report/runs/*/*/*.zip"))
        assert kept == (["trace.zip"] if other == "on" else ["trace-2.zip", "trace.zip", "trace.zip"])


INCONCLUSIVE = """
import pytest
from dataclasses import replace
from proxy_addons.faults import AbortWebSocket
from proxy_addons.harness.report import keeping

def test_waits_for_a_fault_that_never_fires(proxy):
    proxy.inject(AbortWebSocket())

def divide(run, limits):
    return [1 / 0]

def test_is_judged_by_a_check_that_throws(monkeypatch, observe, page, proxy):
    monkeypatch.setattr(keeping, "CHECKS", [replace(keeping.CHECKS[0], needs=frozenset(), find=divide, own_run=False)])
    observe(page)
    page.goto(proxy.url)
"""


class TestInconclusive:
    """What proves nothing is not green, and the summary says why."""

    @pytest.fixture(scope="class")
    def done(self, tmp_path_factory: pytest.TempPathFactory, app: str) -> Done:
        folder = tmp_path_factory.mktemp("inconclusive")
        (folder / "conftest.py").write_text(CONTRACT)
        (folder / "test_pages.py").write_text(INCONCLUSIVE)
        return pytest_in(folder, f"--subject-url={app}", autoload=True)

    def test_ends_a_run_in_red(self, done: Done) -> None:
        assert done.returncode == pytest.ExitCode.TESTS_FAILED
        assert "2 stories: 2 inconclusive; 0 faults fired." in done.stdout

    @pytest.mark.parametrize(
        "words",
        ["    websocket.abort-1 never fired, so nothing was proved", "crashed: ZeroDivisionError: division by zero"],
        ids=["a fault that never fires", "a check that throws"],
    )
    def test_says_why_in_one_line(self, done: Done, words: str) -> None:
        _, _, summary = done.stdout.partition(" brownout ")
        assert any(words in line for line in summary.splitlines())
