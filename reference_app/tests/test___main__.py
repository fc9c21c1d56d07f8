"""The real process, from its start-up line to its exit code."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from reference_app.__main__ import _listen, cli
from reference_app.store import Store

COMMAND = [sys.executable, "-m", "reference_app"]
STOP_SECONDS = 2

Start = Callable[..., "Process"]


class Process:
    """A server that has said where it is."""

    def __init__(self, *args: str) -> None:
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.popen = subprocess.Popen([*COMMAND, "--port", "0", *args], **pipes)
        assert self.popen.stdout is not None
        self.line = self.popen.stdout.readline()
        self.url = (re.findall(r"http://\S+", self.line) or [""])[0]

    def end(self, how: int) -> tuple[int, str]:
        """The exit code, and what was written to stderr."""
        self.popen.send_signal(how)
        _, errors = self.popen.communicate(timeout=10)
        return self.popen.returncode, errors


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def start(*args: str) -> Process:
            process = Process(*args)
            stack.callback(process.popen.communicate)
            stack.callback(process.popen.kill)
            return process

        yield start


def note(url: str, id: str) -> dict[str, Any]:
    body = {"id": id, "name": "note", "args": {"text": id}}
    answer: dict[str, Any] = httpx.post(f"{url}/timer/commands", json=body).json()
    return answer


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_says_where_it_is_and_exits_cleanly_and_soon_when_it_is_told_to_stop(start: Start, how: int) -> None:
    # given a server with an open stream
    process = start()
    assert re.fullmatch(r"Timer at http://127\.0\.0\.1:\d+ \(state in memory, lost on exit\)\n", process.line)
    with httpx.stream("GET", f"{process.url}/timer/stream") as response:
        next(response.iter_lines())
        # when it is told to stop
        before = time.monotonic()
        code, errors = process.end(how)
    # then it does
    assert time.monotonic() - before < STOP_SECONDS
    assert (code, "Traceback" in errors) == (0, False)


def test_logs_who_asked_for_what(start: Start) -> None:
    process = start()
    httpx.get(f"{process.url}/timer", params={"client": "c1", "attempt": "3", "for": "live"})
    _, errors = process.end(signal.SIGTERM)
    [line] = [json.loads(line) for line in errors.splitlines()]
    wanted = {"transport": "polling", "client": "c1", "attempt": "3", "for": "live", "status": 200, "end": "answered"}
    assert line | wanted == line


def test_serves_the_page_that_it_is_told_to(start: Start, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("another one", encoding="utf-8")
    assert httpx.get(start("--client", str(tmp_path)).url).text == "another one"


def test_forgets_nothing_that_it_acknowledged_when_it_is_killed(start: Start, tmp_path: Path) -> None:
    # given a server with its state in a file
    process = start("--data", str(tmp_path))
    assert process.line.endswith(f"(state in {tmp_path / 'timer.sqlite3'})\n")
    # when it is killed at once after it answered
    answer = note(process.url, "a")
    process.end(signal.SIGKILL)
    # then the next one knows of it, and counts on
    process = start("--data", str(tmp_path))
    [snapshot] = httpx.get(f"{process.url}/timer").json()["messages"]
    assert (snapshot["epoch"], [event["text"] for event in snapshot["events"]]) == (answer["epoch"], ["a"])
    assert [note(process.url, id)["event_seq"] for id in ("a", "b")] == [1, 2]


def test_stops_cleanly_when_it_is_told_twice(start: Start) -> None:
    process = start()
    os.kill(process.popen.pid, signal.SIGINT)
    code, errors = process.end(signal.SIGINT)
    assert (code, "Traceback" in errors) == (0, False)


# --- what it cannot do, without a process of its own ------------------------------------------------------------------


def failing(*args: str) -> str:
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_says_so_in_one_line_when_the_port_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = f"port {port} on 127.0.0.1 is busy; choose another with --port\n"
        assert failing("--port", str(port)) == line


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_says_so_in_one_line_when_it_cannot_listen_there(host: str) -> None:
    assert re.fullmatch(rf"cannot listen on port 0 of {re.escape(host)}: .+\n", failing("--host", host, "--port", "0"))


def test_says_so_in_one_line_when_there_is_no_page_in_the_directory_of_the_client(tmp_path: Path) -> None:
    assert failing("--client", str(tmp_path)) == f"--client: there is no index.html in {tmp_path}\n"


def test_says_so_in_one_line_when_the_directory_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    line = failing("--port", "0", "--data", str(tmp_path / "taken"))
    assert re.fullmatch(rf"--data: {re.escape(str(tmp_path))}.+\n", line)


def test_says_so_in_one_line_when_another_server_uses_the_directory(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path, "ab", 1000)):
        assert re.fullmatch(r"--data: .+timer\.sqlite3: database is locked\n", failing("--data", str(tmp_path)))


def test_refuses_a_scale_out_of_range() -> None:
    assert CliRunner().invoke(cli, ["--scale", "0"]).exit_code == 2


def test_names_tcp_so_that_answers_do_not_wait_for_an_acknowledgement() -> None:
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
