"""The pytest plugin, in projects of its own: a user's tests, run as a user runs them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy_addons.tests.harness.projects import Done, pytest_in, some_app

STORIES = """
import urllib.request
import pytest
from proxy_addons.faults import AbortWebSocket, RespondToRequest
from proxy_addons.plan import Rule

def status(proxy):
    try:
        return urllib.request.urlopen(proxy.url).status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code

def test_sees_the_fault(proxy):
    proxy.inject(RespondToRequest(status=418))
    assert status(proxy) == 418

@pytest.mark.faults(Rule(id="teapot", fault=RespondToRequest(status=418)))
def test_sees_the_fault_of_its_marker(proxy, history):
    assert status(proxy) == 418
    assert [receipt.rule for receipt in history.receipts] == ["teapot"]

def test_proves_nothing(proxy):
    proxy.inject(AbortWebSocket())
    assert status(proxy) == 200

def test_may_prove_nothing(proxy):
    proxy.inject(AbortWebSocket(), must_fire=False)
    assert status(proxy) == 200

def test_fails_by_itself(proxy):
    assert status(proxy) == 404
"""
QUIET = "def test_is_quiet(proxy):\n    pass\n"


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with some_app() as url:
        yield url


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One story that needs nothing but a proxy."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_story.py").write_text(QUIET)
    return tmp_path


class TestRun:
    """One run of all the stories, looked at from all sides."""

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("project")
        (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
        (folder / "test_story.py").write_text(STORIES)
        return folder

    @pytest.fixture(scope="class", params=[[], ["-n", "2"]], ids=["one process", "two workers"])
    def run(self, request: pytest.FixtureRequest, folder: Path, app: str) -> Done:
        return pytest_in(folder, "--subject-url", app, *request.param)

    def test_is_red_when_one_test_failed_and_one_proved_nothing(self, run: Done) -> None:
        assert run.returncode == 1
        assert "1 failed, 4 passed, 1 error" in run.stdout

    def test_says_why_a_test_proved_nothing(self, run: Done) -> None:
        assert "inconclusive: websocket.abort-1 never fired, so nothing was proved" in run.stdout

    def test_names_what_is_not_green_and_where_the_report_is(self, run: Done, folder: Path) -> None:
        _, _, summary = run.stdout.partition(" brownout ")
        assert "5 stories: 1 failed, 1 inconclusive, 3 passed; 2 faults fired." in summary
        assert "  failed: Fails by itself  (pytest 'test_story.py::test_fails_by_itself')" in summary
        assert "  inconclusive: Proves nothing  (pytest 'test_story.py::test_proves_nothing')" in summary
        assert f"Report: {folder / 'report' / 'index.html'}" in summary

    def test_reports_the_story_the_receipt_and_the_record(self, run: Done, folder: Path) -> None:
        assert run.returncode == 1
        page = (folder / "report" / "index.html").read_text()
        assert "Sees the fault of its marker" in page
        assert "rule teapot: respond on connection 1, stream 1, 0 bytes sent [request.respond]" in page
        assert "http 1: GET / on connection 1" in page
        assert len(list((folder / "report").glob("runs/*/*/history.jsonl"))) == 5


class TestOptions:
    def test_stand_in_a_group_of_their_own(self, project: Path) -> None:
        _, _, group = pytest_in(project, "--help").stdout.partition("\nbrownout: real browsers")
        options, _, _ = group.partition("\n\n")
        assert [word for word in options.split() if word.startswith("--")] == [
            "--subject-url=URL",
            "--plan=FILE",
            "--brownout-report=DIR",
            "--brownout-traces={on,off}",
            "--shard=N/M",
            "--brownout-gate",
            "--brownout-gate-baseline=FILE",
        ]

    def test_give_every_proxy_the_plan_and_the_report_its_place(self, project: Path, app: str) -> None:
        (project / "plan.toml").write_text('[[rules]]\nid = "down"\nfault = {kind = "connection.refuse"}\n')
        done = pytest_in(project, "--subject-url", app, "--plan", "plan.toml", "--brownout-report", "out")
        assert "1 story: 1 passed; 1 fault fired." in done.stdout
        assert "rule down: refuse on the listener" in (project / "out" / "index.html").read_text()

    @pytest.mark.parametrize(
        ("plan", "complaint"),
        [
            pytest.param(
                '[[rules]]\nfault = {kind = "websocket.abrt"}\n',
                "ERROR: plan.toml: rules[0].fault.kind: unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?",
                id="unknown kind",
            ),
            pytest.param(None, "ERROR: plan.toml: No such file or directory", id="no such file"),
        ],
    )
    def test_end_the_run_with_one_line_when_the_plan_is_bad(
        self, project: Path, plan: str | None, complaint: str
    ) -> None:
        if plan is not None:
            (project / "plan.toml").write_text(plan)
        done = pytest_in(project, "--plan", "plan.toml")
        assert done.returncode == pytest.ExitCode.USAGE_ERROR
        assert (done.stdout + done.stderr).split("\n\n")[0].strip() == complaint

    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            pytest.param(
                ["--subject-url", "http://127.0.0.1:1"],
                "http://127.0.0.1:1 does not answer; start the app first, or check the URL: http://host:port",
                id="unreachable",
            ),
            pytest.param(
                [], "no app to test: give --subject-url URL, or a fixture `subject` in conftest.py", id="not given"
            ),
        ],
    )
    def test_end_the_run_with_one_line_when_there_is_no_app(
        self, project: Path, words: list[str], complaint: str
    ) -> None:
        done = pytest_in(project, *words)
        assert done.returncode == 3
        assert f"Exit: {complaint} !" in done.stdout
        assert "Traceback" not in done.stdout + done.stderr


APP_THAT_ENDS = """
import sys
import pytest
from proxy_addons.harness.subject import SubjectProcess

@pytest.fixture(scope="session")
def subject():
    with SubjectProcess([sys.executable, "-c", "exit('no database')"], "http://127.0.0.1:1") as app:
        yield app
"""


class TestShards:
    def played(self, project: Path, *words: str) -> list[str]:
        done = pytest_in(project, "-v", *words)
        return sorted(
            re.findall(r"::(test_\w+)\[?.* PASSED", done.stdout) or re.findall(r"PASSED .*::(test_\w+)", done.stdout)
        )

    @pytest.fixture
    def ten(self, project: Path) -> Path:
        stories = "".join(f"def test_{letter}(): pass\n" for letter in "abcdefghij")
        (project / "test_story.py").write_text(stories)
        return project

    @pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
    def test_each_test_is_played_in_one_part_whatever_the_workers(self, ten: Path, workers: list[str]) -> None:
        parts = [self.played(ten, "--shard", f"{number}/3", *workers) for number in (1, 2, 3)]
        assert parts == [
            ["test_a", "test_d", "test_g", "test_j"],
            ["test_b", "test_e", "test_h"],
            ["test_c", "test_f", "test_i"],
        ]

    def test_a_part_that_is_none_ends_the_run_with_one_line(self, ten: Path) -> None:
        done = pytest_in(ten, "--shard", "4/3")
        assert done.returncode == 4
        assert "--shard 4/3: is no part of a whole; 2/4 would be the second of four" in done.stderr


def test_ends_the_run_once_when_the_app_of_a_project_does_not_start(project: Path) -> None:
    (project / "conftest.py").write_text(APP_THAT_ENDS)
    done = pytest_in(project)
    assert done.returncode == 3
    assert done.stdout.count("ended with exit code 1; it said:") == 1
    assert "no database" in done.stdout
    assert "Traceback" not in done.stdout


APP_THAT_CAN_BE_RESTARTED = """
import pytest
from proxy_addons.harness.subject import RunningSubject

class Restartable(RunningSubject):
    def restarted(self, wanted):
        raise OSError(f"asked to {wanted.how}")

@pytest.fixture(scope="session")
def subject():
    return Restartable("http://127.0.0.1:1")
"""
RESTARTS = """
from proxy_addons.faults import RestartUpstream
from proxy_addons.records import OriginRestarted

def test_restarts(proxy):
    proxy.inject(RestartUpstream(how="kill"))
    done = proxy.history.wait_for(lambda record: isinstance(record, OriginRestarted), 20)
    assert done.error == "asked to kill"
"""


def test_lets_faults_restart_a_subject_that_can_be(project: Path) -> None:
    (project / "conftest.py").write_text(APP_THAT_CAN_BE_RESTARTED)
    (project / "test_story.py").write_text(RESTARTS)
    assert "1 passed" in pytest_in(project).stdout


def test_is_loaded_by_itself_and_leaves_a_project_alone_that_does_not_use_it(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    done = pytest_in(tmp_path, autoload=True)
    assert "brownout" in next(line for line in done.stdout.splitlines() if line.startswith("plugins:"))
    assert "1 passed" in done.stdout
    assert not (tmp_path / "report").exists()


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
OBSERVED = """
import pytest

def test_shows_a_page_that_is_right(observe, page, proxy):
    observe(page, "mine")
    page.goto(proxy.url)

def test_shows_a_page_that_throws(observe, page, proxy):
    observe(page, "mine")
    page.goto(proxy.url)
    page.evaluate("setTimeout(() => { throw new Error('never mind') })")

@pytest.mark.limits(slow_s=7, scale=0.5)
def test_has_limits_of_its_own(limits):
    assert (limits.slow_s, limits.scale, limits.clock_error_s) == (7, 0.5, 0.05)

def test_has_the_usual_limits(limits):
    assert (limits.slow_s, limits.scale) == (0, 1)
"""


class TestObserved:
    """A page that a test has observed is judged by its record when the test is over."""

    @pytest.fixture(scope="class")
    def run(self, tmp_path_factory: pytest.TempPathFactory, app: str) -> Done:
        folder = tmp_path_factory.mktemp("observed")
        (folder / "conftest.py").write_text(CONTRACT)
        (folder / "test_pages.py").write_text(OBSERVED)
        return pytest_in(folder, f"--subject-url={app}", autoload=True)

    def test_what_breaks_a_statement_fails_and_nothing_else_does(self, run: Done) -> None:
        assert "4 passed" in run.stdout
        assert "1 error" in run.stdout
        assert "ERROR test_pages.py::test_shows_a_page_that_throws" in run.stdout

    def test_the_check_says_what_it_saw(self, run: Done) -> None:
        assert "S14 (no uncaught error) broken" in run.stdout
        assert "page mine threw an error that nothing caught: Error: never mind" in run.stdout

    def test_the_report_knows_it(self, run: Done) -> None:
        assert "2 stories: 1 failed, 1 passed" in run.stdout
        assert "failed: Shows a page that throws" in run.stdout


def test_without_a_contract_nothing_is_judged(tmp_path: Path, app: str) -> None:
    (tmp_path / "test_pages.py").write_text(OBSERVED)
    done = pytest_in(tmp_path, f"--subject-url={app}", "-k", "throws", autoload=True)
    assert "1 passed" in done.stdout
