"""How it ends: with a goodbye, the right close code, and soon."""

import json
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from reference_app.app import create_app
from reference_app.server import MAX_HEAD_BYTES, SEND_BUFFER_BYTES, TimerServer, new_listener, serving
from reference_app.settings import Settings

STOP_SECONDS = 2


class Stoppable:
    """A server in a thread; `stop` it and see how long that takes."""

    def __init__(self, client_dir: Path) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{listener.getsockname()[1]}"
        self._started = threading.Event()
        self._server = TimerServer(create_app(Settings(scale=0.1, client_dir=client_dir)), self._started.set)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        assert self._started.wait(5)

    def ask_to_stop(self) -> None:
        self._server.handle_exit(2, None)

    def stop(self) -> float:
        before = time.monotonic()
        self.ask_to_stop()
        self._thread.join()
        return time.monotonic() - before


@contextmanager
def stopping(client_dir: Path) -> Iterator[Stoppable]:
    server = Stoppable(client_dir)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(client_dir: Path) -> Iterator[Stoppable]:
    with stopping(client_dir) as server:
        yield server


def test_a_websocket_is_told_goodbye_and_closed_with_1012(server: Stoppable) -> None:
    last = None
    with connect(f"ws://{server.address}/timer/ws") as reader:
        assert json.loads(reader.recv(timeout=5))["kind"] == "snapshot"
        server.ask_to_stop()
        with suppress(ConnectionClosed):
            while True:
                last = json.loads(reader.recv(timeout=5))
    assert last is not None
    assert (last["kind"], last["spread_ms"], reader.close_code) == ("goodbye", 200, 1012)


def test_a_stream_is_told_goodbye_and_ended(server: Stoppable) -> None:
    with httpx.stream("GET", f"http://{server.address}/timer/stream") as response:
        lines = response.iter_lines()
        next(lines)
        server.ask_to_stop()
        *_, last = (line for line in lines if line.startswith("data: "))
    assert json.loads(last.removeprefix("data: "))["kind"] == "goodbye"


def test_stops_soon_when_readers_read_nothing(server: Stoppable) -> None:
    # given a stream and a WebSocket that nobody reads, and a connection that asks for nothing
    host, port = server.address.split(":")
    with (
        httpx.stream("GET", f"http://{server.address}/timer/stream"),
        connect(f"ws://{server.address}/timer/ws"),
        socket.create_connection((host, int(port))),
    ):
        assert server.stop() < STOP_SECONDS


def test_accepts_nobody_once_it_is_stopped(server: Stoppable) -> None:
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{server.address}/healthz")


def test_says_so_when_it_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(RuntimeError, match="did not start"), serving(Settings(data=tmp_path / "taken")):
        pass


def test_reads_no_more_of_an_endless_head_than_it_needs(server: Stoppable) -> None:
    host, port = server.address.split(":")
    sent = 0
    with socket.create_connection((host, int(port)), timeout=5) as client:
        client.sendall(b"GET /timer HTTP/1.1\r\nX-Long: ")
        # It is answered with 400 and ended, and what is under way by then is answered with a reset.
        with suppress(ConnectionError):
            while sent < 100 * MAX_HEAD_BYTES and not select.select([client], [], [], 0.01)[0]:
                client.sendall(b"x" * MAX_HEAD_BYTES)
                sent += MAX_HEAD_BYTES
            assert client.recv(1024).startswith(b"HTTP/1.1 400 ")
    assert sent < 100 * MAX_HEAD_BYTES


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="needs TCP_USER_TIMEOUT, which Linux has")
def test_the_kernel_gives_up_a_connection_whose_reader_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after the app has ended it: nobody can be told of an end that is queued behind what is not taken."""
    monkeypatch.setattr("reference_app.server.UNTAKEN_SECONDS", 0.5)
    with new_listener(socket.AF_INET) as listener, socket.socket() as reader:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        # given a reader with small buffers that reads nothing
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listener.getsockname())
        connection, _ = listener.accept()
        with connection:
            connection.setblocking(False)
            sent = 0
            # when more is written than the kernel holds for it, which is little
            with suppress(BlockingIOError):
                while True:
                    sent += connection.send(b"x" * 65536)
            assert sent < 4 * SEND_BUFFER_BYTES
            # then the connection breaks by itself
            broken = select.poll()
            broken.register(connection, select.POLLERR)
            assert broken.poll(20_000)


def test_a_process_that_serves_collects_less_often() -> None:
    """In a process of its own, for it holds for all of one."""
    asked = """
import gc
from reference_app.server import COLLECT_AFTER, collect_less_often
collect_less_often()
assert gc.get_threshold()[0] == COLLECT_AFTER
assert gc.get_freeze_count() > 10_000
"""
    subprocess.run([sys.executable, "-c", asked], check=True)
