"""The addon in mitmproxy's own tools, in processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from mitmproxy.test.tflow import tclient_conn

from proxy_addons import addon
from proxy_addons.addon import FaultAddon, StockAddon
from proxy_addons.harness.ports import free_port
from proxy_addons.history import History, load_history
from proxy_addons.plan import Plan
from proxy_addons.records import FaultFired, RequestSeen
from proxy_addons.tests.origin import TIMEOUT_S, Origin, Peer
from proxy_addons.wire.listener import Listener

MITMDUMP = shutil.which("mitmdump", path=str(Path(sys.executable).parent))
GET = b"GET /timer HTTP/1.1\r\nHost: app.test\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def mitmdump(tmp_path: Path) -> Iterator[Start]:
    """Starts mitmdump with the addon and these settings."""
    running: list[subprocess.Popen[str]] = []

    def start(target: str, port: int, **settings: str | Path) -> subprocess.Popen[str]:
        assert MITMDUMP is not None
        options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        mode = ["--mode", f"reverse:{target}@127.0.0.1:{port}", "--set", f"confdir={tmp_path / 'mitmproxy'}"]
        running.append(
            subprocess.Popen(
                [MITMDUMP, "-s", str(addon.__file__), *mode, *options],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """What the process says, up to the line with these words."""
    said = ""
    for line in process.stdout or ():
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}, but:\n{said}")


def plan_file(folder: Path, rules: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(rules, encoding="utf-8")
    return path


def interrupt(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=2 * TIMEOUT_S)
    return process.returncode


def test_breaks_what_the_plan_says_and_writes_the_record(mitmdump: Start, origin: Origin, tmp_path: Path) -> None:
    # given a plan that answers the second request
    plan = plan_file(tmp_path, '[[rules]]\nwhen = {nth = 2}\nfault = {kind = "request.respond", status = 429}\n')
    port, record = free_port(), tmp_path / "record.jsonl"
    process = mitmdump(origin.url, port, plan=plan, history=record)
    wait_for(process, "listening at")
    # when two requests are sent
    with Peer.connect(f"http://127.0.0.1:{port}") as client:
        client.send(GET)
        server = origin.accept()
        server.read_head()
        server.send(OK)
        assert client.read(len(OK)) == OK
        client.send(GET)
        assert client.read_until(b"\r\n") == b"HTTP/1.1 429 Too Many Requests\r\n"
    # then the record has them both, and the receipt
    assert interrupt(process) == 0
    history = load_history(record)
    assert [request.url for request in history.of(RequestSeen)] == ["/timer", "/timer"]
    (receipt,) = history.of(FaultFired)
    assert (receipt.rule, receipt.exchange) == ("request.respond-1", 2)


def test_lets_the_tool_show_the_exchanges(mitmdump: Start, origin: Origin) -> None:
    port = free_port()
    process = mitmdump(origin.url, port, plan=os.devnull)
    wait_for(process, "listening at")
    client, _ = origin.exchange(f"http://127.0.0.1:{port}", GET, OK)
    assert client.read(len(OK)) == OK
    assert "GET" in wait_for(process, "<< 200 OK")


def test_refuses_connections_when_the_plan_says_so(mitmdump: Start, origin: Origin, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, '[[rules]]\nfault = {kind = "connection.refuse"}\n')
    port, record = free_port(), tmp_path / "record.jsonl"
    process = mitmdump(origin.url, port, plan=plan, history=record)
    wait_for(process, "stopped")
    with pytest.raises(ConnectionRefusedError):
        Peer.connect(f"http://127.0.0.1:{port}")
    assert interrupt(process) == 0
    assert [receipt.effect for receipt in load_history(record).receipts] == ["refuse"]


def test_ends_with_one_line_when_the_plan_is_bad(mitmdump: Start, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, '[[rules]]\nfault = {kind = "websocket.abrt"}\n')
    process = mitmdump("http://127.0.0.1:9", free_port(), plan=plan)
    said, _ = process.communicate(timeout=2 * TIMEOUT_S)
    assert process.returncode != 0
    assert "plan.toml: rules[0].fault.kind: unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?" in said
    assert "Traceback" not in said


def test_complains_of_a_plan_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mitmproxy.ctx.options", SimpleNamespace(plan="nowhere.toml"), raising=False)
    StockAddon().configure({"plan"})
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "nowhere.toml: No such file or directory")
    ]


def test_leaves_connections_alone_without_a_plan() -> None:
    assert StockAddon().listener_of(tclient_conn()) is None


def test_tells_proxies_apart_by_the_port_of_the_connection() -> None:
    ours = FaultAddon()
    ours.listeners[8000] = listener = Listener(Plan(), History(), lambda: 0.0)
    client = tclient_conn()
    client.sockname = ("127.0.0.1", 8000)
    assert ours.listener_of(client) is listener
    client.sockname = ("127.0.0.1", 8001)
    assert ours.listener_of(client) is None
