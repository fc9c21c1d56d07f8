"""An app in a process of its own: started, restarted, killed, and what is said when it will not start."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy_addons.actions import Restart
from proxy_addons.errors import SubjectError
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import RunningSubject, SubjectProcess, require_answer, status_of
from proxy_addons.tests.origin import Origin, open_files

SERVE = """
import http.server, sys
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2]))
        self.end_headers()
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), App).serve_forever()
"""


def app(status: int = 200, *, port: int | None = None, timeout_s: float = 20.0) -> SubjectProcess:
    """A small app that answers every GET with this status."""
    port = port or free_port()
    command = [sys.executable, "-c", SERVE, str(port), str(status)]
    return SubjectProcess(command, f"http://127.0.0.1:{port}/", timeout_s=timeout_s)


def program(source: str, *, timeout_s: float = 20.0) -> SubjectProcess:
    """Something that is no app."""
    return SubjectProcess([sys.executable, "-c", source], f"http://127.0.0.1:{free_port()}", timeout_s=timeout_s)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def running() -> Iterator[SubjectProcess]:
    with app() as running:
        yield running


def pid_of(subject: SubjectProcess) -> int:
    assert subject.pid is not None
    return subject.pid


class TestStart:
    def test_returns_when_the_app_answers(self, running: SubjectProcess) -> None:
        assert status_of(running.url) == 200

    def test_counts_an_answer_that_is_no_server_error(self) -> None:
        with app(404) as running:
            assert status_of(running.url) == 404

    def test_tells_the_last_words_of_an_app_that_ends_at_once(self) -> None:
        with pytest.raises(SubjectError) as caught:
            program("print('hello'); import sys; sys.exit('port 80: permission denied')").start()
        assert str(caught.value).splitlines()[-2:] == ["  hello", "  port 80: permission denied"]
        assert "ended with exit code 1" in str(caught.value)

    def test_says_that_an_app_which_ended_said_nothing(self) -> None:
        with pytest.raises(SubjectError, match="ended with exit code 3; it said nothing"):
            program("import sys; sys.exit(3)").start()

    @pytest.mark.parametrize(
        "subject",
        [
            pytest.param(
                program("import signal; print('up', flush=True); signal.pause()", timeout_s=0.3), id="does not listen"
            ),
            pytest.param(app(503, timeout_s=0.6), id="answers 503"),
        ],
    )
    def test_gives_up_on_an_app_that_is_never_ready(self, subject: SubjectProcess) -> None:
        with pytest.raises(SubjectError, match=rf"did not answer at {subject.url}/ within 0.\d s; it said"):
            subject.start()
        assert subject.pid is None

    def test_says_that_there_is_no_such_command(self) -> None:
        subject = SubjectProcess(["no-such-server", "--port", "1"], "http://127.0.0.1:1")
        with pytest.raises(SubjectError, match=r"^`no-such-server --port 1` cannot be started: there is no "):
            subject.start()


class TestStop:
    def test_ends_the_process_and_leaves_nothing(self) -> None:
        before = threading.enumerate(), open_files()
        with app() as running:
            pid = pid_of(running)
        assert not runs(pid)
        assert running.pid is None
        assert (threading.enumerate(), open_files()) == before

    def test_does_nothing_the_second_time(self, running: SubjectProcess) -> None:
        running.stop()
        running.stop()
        assert status_of(running.url) is None

    def test_ends_what_the_app_has_started_too(self, tmp_path: Path) -> None:
        # given an app behind a shell, as with `npm run`, that notes the process which it really is
        note, port = tmp_path / "pid", free_port()
        script = f"import os; open({str(note)!r}, 'w').write(str(os.getpid()))\n{SERVE}"
        shell = ["sh", "-c", '"$@"; echo over', "sh", sys.executable, "-c", script, str(port), "200"]
        with SubjectProcess(shell, f"http://127.0.0.1:{port}") as running:
            child = int(note.read_text())
            assert child != running.pid
        assert status_of(running.url) is None

    def test_kills_an_app_that_will_not_go(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("proxy_addons.harness.subject._GRACE_S", 0.1)
        stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVE}"
        port = free_port()
        subject = SubjectProcess([sys.executable, "-c", stubborn, str(port), "200"], f"http://127.0.0.1:{port}").start()
        pid = pid_of(subject)
        subject.stop()
        assert not runs(pid)


class TestRestart:
    @pytest.mark.parametrize("kill", [False, True])
    def test_is_another_process_at_the_same_address(self, running: SubjectProcess, kill: bool) -> None:
        url, pid = running.url, running.pid
        running.restart(kill=kill)
        assert running.url == url
        assert running.pid != pid
        assert status_of(url) == 200

    def test_starts_one_that_was_killed(self, running: SubjectProcess) -> None:
        running.kill()
        assert status_of(running.url) is None
        running.restart()
        assert status_of(running.url) == 200


class TestEnd:
    """That nobody wanted."""

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
    def test_is_told_with_the_signal(self, running: SubjectProcess, number: signal.Signals) -> None:
        # The leash lives on until what it holds has ended, and passes its exit code on: 128 and the number.
        os.killpg(pid_of(running), number)
        assert (
            ended(running)
            .partition("; ")[0]
            .endswith("exit code -9 (SIGKILL)" if number == signal.SIGKILL else "exit code 143 (SIGTERM)")
        )

    def test_is_told_with_the_last_that_it_said(self, running: SubjectProcess) -> None:
        os.killpg(pid_of(running), signal.SIGKILL)
        _, _, said = ended(running).partition("; the last that it said: ")
        assert said.endswith('"GET / HTTP/1.1" 200 -')

    def test_is_none_while_it_runs(self, running: SubjectProcess) -> None:
        assert running.ended() is None

    def test_is_none_when_it_was_stopped(self, running: SubjectProcess) -> None:
        running.stop()
        assert running.ended() is None


def ended(subject: SubjectProcess) -> str:
    """Until it is noticed."""
    deadline = time.monotonic() + 20
    while (how := subject.ended()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return how


class TestRestartByAFault:
    @pytest.fixture
    def starts(self, running: SubjectProcess, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """When the app was started again."""
        starts, start = list[float](), running.start

        def noted() -> SubjectProcess:
            starts.append(time.monotonic())
            return start()

        monkeypatch.setattr(running, "start", noted)
        return starts

    def test_is_another_process_at_the_same_address(self, running: SubjectProcess) -> None:
        pid = running.pid
        running.restarted(Restart("terminate", grace_ms=5000, down_ms=0))
        assert running.pid != pid
        assert status_of(running.url) == 200

    def test_leaves_it_down_for_a_while(self, running: SubjectProcess, starts: list[float]) -> None:
        begun = time.monotonic()
        running.restarted(Restart("kill", grace_ms=0, down_ms=500))
        assert starts[-1] - begun >= 0.5

    def test_gives_a_grace_and_then_kills(self) -> None:
        stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVE}"
        port = free_port()
        with SubjectProcess([sys.executable, "-c", stubborn, str(port), "200"], f"http://127.0.0.1:{port}") as running:
            pid, begun = pid_of(running), time.monotonic()
            running.restarted(Restart("terminate", grace_ms=50, down_ms=0))
            assert not runs(pid)
            assert 0.05 <= time.monotonic() - begun < 5  # the grace of `stop`
            running.kill()

    def test_is_refused_when_it_does_not_run(self) -> None:
        with pytest.raises(SubjectError, match=r"does not run, so it cannot be restarted; call start\(\) first"):
            app().restarted(Restart("kill", grace_ms=0, down_ms=0))

    def test_is_given_up_when_it_is_stopped_meanwhile(self, running: SubjectProcess, starts: list[float]) -> None:
        restart = threading.Thread(target=running.restarted, args=(Restart("kill", grace_ms=0, down_ms=600_000),))
        pid = pid_of(running)
        restart.start()
        while runs(pid):
            pass
        running.stop()
        restart.join()
        assert running.pid is None
        assert starts == []


class TestAnswers:
    def test_are_asked_for_without_the_proxy_of_the_environment(self, running: SubjectProcess) -> None:
        ask = f"from proxy_addons.harness.subject import status_of; print(status_of({running.url!r}))"
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
        said = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout == "200\n"

    def test_are_none_where_nobody_listens(self, origin: Origin) -> None:
        origin.close()
        assert status_of(origin.url) is None

    def test_are_none_where_nobody_answers_in_time(self, origin: Origin) -> None:
        assert status_of(origin.url, timeout_s=0.05) is None

    @pytest.mark.parametrize("url", ["", "app", "127.0.0.1:1", "http://", "http://127.0.0.1:port"])
    def test_are_none_where_the_url_is_none(self, url: str) -> None:
        with pytest.raises(
            SubjectError, match="does not answer; start the app first, or check the URL: http://host:port"
        ):
            require_answer(url)

    def test_of_any_status_will_do(self) -> None:
        with app(404) as running:
            require_answer(running.url)


def test_url_has_no_slash_at_its_end() -> None:
    assert RunningSubject("http://127.0.0.1:8000/").url == "http://127.0.0.1:8000"


def test_runs_in_the_folder_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("here")
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    with SubjectProcess(command, f"http://127.0.0.1:{port}", folder=tmp_path) as app:
        assert status_of(f"{app.url}/here.txt") == 200
