"""The `brownout` command, as typed."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner, Result

from proxy_addons.carrier import Carrier
from proxy_addons.faults import FAULTS
from proxy_addons.harness import cli
from proxy_addons.harness.browser import VARIABLE
from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.history import load_history
from proxy_addons.plan import Plan, parse_plan
from proxy_addons.tests.harness.little_app import running
from proxy_addons.tests.origin import TIMEOUT_S, Origin, Peer

COMMAND = Path(sys.executable).with_name("brownout")
GET = b"GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"
ANSWERED = b"HTTP/1.1 204 No Content\r\n\r\n"
CLOSED_URL = "http://127.0.0.1:1"


def brownout(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def started(*words: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the tests have a browser already."""
    return subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> Origin:
    """An app that answers, as far as the command can tell."""
    monkeypatch.setattr(cli, "require_answer", lambda _: None)
    return origin


class TestFaults:
    def test_lists_every_kind_with_its_settings(self) -> None:
        done = brownout("faults")
        assert done.exit_code == 0
        assert [kind for kind in FAULTS if kind not in done.stdout] == []

    def test_prints_the_schema_of_a_plan_as_json(self) -> None:
        done = brownout("faults", "--schema")
        schema = json.loads(done.stdout)
        assert set(schema["properties"]) == {"seed", "rules"}


class TestProxyWithBadInput:
    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            pytest.param(
                ["--fault", "websocket.abrt"],
                "websocket.abrt: unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?",
                id="unknown kind",
            ),
            pytest.param(
                ["--fault", "websocket.abort:after=1"],
                "websocket.abort:after=1: after: unknown field 'after'; there are 'after_messages'",
                id="unknown setting",
            ),
            pytest.param(
                ["--fault", "websocket.abort:rule.id=cut", "--fault", "upstream.down:when.after=ct"],
                "upstream.down:when.after=ct: when.after: unknown rule 'ct'; did you mean 'cut'?",
                id="a rule that is not there",
            ),
            pytest.param(["--plan", "nowhere.toml"], "nowhere.toml: No such file or directory", id="no such plan"),
            pytest.param(
                ["--port", "70000"],
                "cannot listen on 127.0.0.1:70000: there is no such port; choose another port, or 0",
                id="no such port",
            ),
            pytest.param(
                ["--history", "/nowhere/record.jsonl"],
                "/nowhere/record.jsonl: there is no folder '/nowhere'; make it first, or name another",
                id="no such folder",
            ),
        ],
    )
    def test_says_one_line_and_starts_nothing(self, app: Origin, words: list[str], complaint: str) -> None:
        before = Carrier._users
        done = brownout("proxy", "--target", app.url, *words)
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", complaint + "\n")
        assert Carrier._users == before

    @pytest.mark.parametrize(
        ("target", "complaint"),
        [
            pytest.param(
                CLOSED_URL,
                f"{CLOSED_URL} does not answer; start the app first, or check the URL: http://host:port",
                id="unreachable",
            ),
            pytest.param(
                "localhost:8000", "target 'localhost:8000' is not an origin; write it as http://host:port", id="no URL"
            ),
            pytest.param(
                "http://127.0.0.1/app",
                "target 'http://127.0.0.1/app' is not an origin; write it as http://host:port",
                id="a path",
            ),
        ],
    )
    def test_says_what_is_wrong_with_the_target(self, target: str, complaint: str) -> None:
        done = brownout("proxy", "--target", target)
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", complaint + "\n")

    def test_says_that_the_port_is_taken(self, app: Origin) -> None:
        taken = app.url.rpartition(":")[2]
        done = brownout("proxy", "--target", app.url, "--port", taken)
        assert done.exit_code == 2
        assert done.stderr == (
            f"cannot listen on 127.0.0.1:{taken}: Address already in use; choose another port, or 0\n"
        )


class TestRules:
    def test_lines_stand_behind_the_plan_and_the_seed_is_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "plan.toml").write_text("seed = 7\n[[rules]]\nid = 'cut'\nfault = {kind = 'websocket.abort'}")
        line = "request.respond:status=418,when.after=cut,rule.times=1"
        plan = cli._rules(tmp_path / "plan.toml", "", [line], seed=None)
        assert (plan.seed, [rule.id for rule in plan.rules]) == (7, ["cut", "request.respond-1"])
        assert (plan.rules[1].when.after, plan.rules[1].times) == ("cut", 1)

    def test_another_seed_can_be_chosen(self) -> None:
        assert cli._rules(None, "", [], seed=3) == Plan(seed=3)

    def test_a_scenario_says_what_to_break(self) -> None:
        plan = cli._rules(None, "transport/websocket-aborted", [], seed=None)
        assert [rule.fault.kind for rule in plan.rules] == ["websocket.abort"]

    def test_a_plan_and_a_scenario_are_one_too_many(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="--plan and --scenario both say what to break; give one of them"):
            cli._rules(tmp_path / "plan.toml", "transport/websocket-aborted", [], seed=None)


class TestScenarios:
    def test_lists_every_one_with_what_happens(self) -> None:
        done = brownout("scenarios")
        assert done.exit_code == 0
        assert "transport/websocket-aborted" in done.stdout

    def test_prints_the_plan_of_one(self) -> None:
        done = brownout("scenarios", "transport/websocket-aborted", "--plan")
        assert parse_plan(done.stdout).rules[0].fault.kind == "websocket.abort"

    def test_a_plan_is_that_of_one_only(self) -> None:
        done = brownout("scenarios", "transport", "--plan")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("--plan takes one scenario, and these are ")

    def test_an_unknown_one_names_the_nearest(self) -> None:
        done = brownout("scenarios", "transport/websocket-abort")
        assert done.exit_code == 2
        assert "did you mean 'transport/websocket-a" in done.stderr


NAME = "transport/websocket-aborted"


class TestRun:
    def test_a_page_is_put_through_a_scenario(self, tmp_path: Path) -> None:
        with running() as app:
            done = started("run", NAME, "--target", app.url, "--scale", "0.1", "--report", str(tmp_path))
        assert done.returncode == 0
        assert re.search(rf"passed +{NAME}\n1 story: 1 passed; 1 fault fired.", done.stdout)
        # and the report says how to run it again
        assert f"brownout run {NAME} --target {app.url}" in (tmp_path / "index.html").read_text()

    def test_one_that_is_not_passed_says_why(self, tmp_path: Path) -> None:
        with running(comes_back=False) as app:
            done = started("run", NAME, "--target", app.url, "--scale", "0.01", "--report", str(tmp_path))
        assert done.returncode == 1
        assert re.search(f"failed +{NAME}", done.stdout)
        assert "client page asked for websocket once; twice is right" in done.stdout

    def test_an_app_that_does_not_answer_is_one_error(self) -> None:
        done = brownout("run", "transport", "--target", CLOSED_URL)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{CLOSED_URL} does not answer")

    def test_a_guide_that_is_none_is_one_error(self) -> None:
        done = brownout("run", "--target", CLOSED_URL, "--guide", "json:dumps")
        assert (done.exit_code, done.stderr) == (
            2,
            "--guide json:dumps: is no Guide; package.module:NAME of one would be right\n",
        )


PIPE_BYTES = 65_536
"""What a pipe holds on Linux (pipe(7)); a request is told in more than a hundred bytes."""


class TestProxy:
    @pytest.fixture
    def running(self, origin: Origin, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
        faults = ["--fault", "request.respond:status=418,rule.id=teapot", "--fault", "websocket.abort", "--seed", "3"]
        process = subprocess.Popen(
            [COMMAND, "proxy", "--target", origin.url, *faults, "--history", str(tmp_path / "record.jsonl")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            # the command asks whether the app answers
            asked = origin.accept()
            asked.read_head()
            asked.send(ANSWERED)
            yield process
        finally:
            process.kill()
            process.communicate()

    def test_narrates_what_happens_until_it_is_interrupted(
        self, running: subprocess.Popen[str], tmp_path: Path
    ) -> None:
        # given the address that it says
        said = read_to(running, "Rules: teapot, websocket.abort-1")
        (url,) = re.findall(r"Open (http://127\.0\.0\.1:\d+) in any browser", said)
        # when a request is broken
        with Peer.connect(url) as client:
            client.send(GET)
            assert client.read_until(b"\r\n").startswith(b"HTTP/1.1 418")
        # then it says so, what never fired, and where the record is
        read_to(running, "rule teapot: respond on connection 1, stream 1")
        running.send_signal(signal.SIGINT)
        rest, complaints = running.communicate(timeout=TIMEOUT_S)
        assert (running.returncode, complaints) == (0, "")
        assert rest.splitlines()[-2:] == [f"Record: {tmp_path / 'record.jsonl'}", "websocket.abort-1 never fired."]
        assert len(load_history(tmp_path / "record.jsonl").receipts) == 1

    def test_goes_on_when_nobody_reads_what_it_says(self, running: subprocess.Popen[str]) -> None:
        # given a terminal that stands still
        said = read_to(running, "Rules: ")
        (url,) = re.findall(r"Open (http://127\.0\.0\.1:\d+) in any browser", said)
        # when more happens than the pipe to it has room for
        verbose = GET.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"x" * 2_000 + b"\r\n\r\n")
        with Peer.connect(url) as client:
            for _ in range(PIPE_BYTES // 100):
                client.send(verbose)
                # then every request is answered
                assert client.read_until(b"\r\n").startswith(b"HTTP/1.1 418")
                client.read_until(b"\r\n\r\n")


def read_to(process: subprocess.Popen[str], words: str) -> str:
    """What the process says, up to the line with these words."""
    said = ""
    for line in process.stdout or ():
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}, but:\n{said}")


class TestBrowser:
    def test_says_which_one_would_be_driven(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "locate_playwright_build", lambda: None)
        monkeypatch.setenv(VARIABLE, sys.executable)
        assert brownout("browser").stdout == f"Browser {VARIABLE}: {sys.executable}\n"

    def test_says_what_to_type_when_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "locate_playwright_build", lambda: None)
        monkeypatch.setattr(cli, "find_browser", lambda _: None)
        done = brownout("browser")
        assert (done.exit_code, done.stderr) == (2, "no browser to drive; type: brownout browser --install\n")

    def test_says_that_the_environment_names_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "locate_playwright_build", lambda: None)
        monkeypatch.setenv(VARIABLE, "/nowhere/chrome")
        done = brownout("browser")
        assert done.exit_code == 2
        assert done.stderr.startswith(f"{VARIABLE}=/nowhere/chrome: no such program")


def test_explains_itself_when_nothing_is_typed() -> None:
    assert "Put a real browser in front of a really broken connection" in brownout().output


class TestMerge:
    def test_makes_one_report_and_is_red_where_a_part_is(self, tmp_path: Path) -> None:
        for name, verdict in (("a", "passed"), ("b", "failed")):
            outcome = Outcome(name, cast(Verdict, verdict), 1.0, name, folder=f"runs/{name}/{name}")
            outcome.save(tmp_path / name / outcome.folder / "outcome.json")
        whole = tmp_path / "whole"
        done = brownout("merge", str(tmp_path / "a"), str(tmp_path / "b"), "--into", str(whole))
        assert (done.exit_code, (whole / "index.html").is_file()) == (1, True)
        assert "2 stories: 1 failed, 1 passed" in done.stdout
        assert brownout("merge", str(tmp_path / "a"), "--into", str(tmp_path / "one")).exit_code == 0

    def test_a_folder_that_is_no_report_is_one_line(self, tmp_path: Path) -> None:
        done = brownout("merge", str(tmp_path), "--into", str(tmp_path / "whole"))
        complaint = f"{tmp_path}: is no report: it has neither runs/ nor junit.xml\n"
        assert (done.exit_code, done.stderr) == (2, complaint)
