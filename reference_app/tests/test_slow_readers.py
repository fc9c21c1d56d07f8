"""Readers that read nothing, on real sockets: cut off, counted, and no memory is spent on them."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

READERS = 20
"""Of each kind."""
MAX_BYTES_EACH = 1024 * 1024
"""What a reader may cost in this process: its queue, and what uvicorn holds for its socket (64 KiB)."""
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the process's memory from /proc")


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A process of its own, ten times as quick to lose its patience."""
    command = [sys.executable, "-m", "reference_app", "--port", "0", "--scale", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        [url] = re.findall(r"http://\S+", process.stdout.readline())
        with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False, verify=False) as client:
            yield client
        process.send_signal(signal.SIGKILL)


def metric(http: httpx.Client, name: str) -> float:
    """The value of a metric, all its labels together."""
    lines = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", http.get("/metrics").text, re.MULTILINE)
    return sum(map(float, lines))


def connect_and_read_nothing(http: httpx.Client, head: str) -> socket.socket:
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect((http.base_url.host, http.base_url.port))
    reader.sendall(f"{head}\r\nHost: a\r\n".encode() + UPGRADE * ("/ws" in head) + b"\r\n")
    return reader


UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def test_readers_that_read_nothing_are_cut_off_and_cost_little(http: httpx.Client) -> None:
    # given readers of both kinds that read nothing
    with ExitStack() as readers:
        for _ in range(READERS):
            for path in ("/timer/stream", "/timer/ws"):
                readers.enter_context(connect_and_read_nothing(http, f"GET {path} HTTP/1.1"))
        until = time.monotonic() + PATIENCE_SECONDS
        while metric(http, "timer_connections_open") < 2 * READERS:
            assert time.monotonic() < until
        before, highest = metric(http, "process_resident_memory_bytes"), 0.0
        # when much happens, more than sockets hold
        number = 0
        while metric(http, "timer_slow_readers_total") < 2 * READERS:
            assert time.monotonic() < until, f"{number} events did not make the readers slow"
            for _ in range(50):
                number += 1
                note = {"id": f"slow-{number}", "name": "note", "args": {"text": "é" * 200}}
                assert http.post("/timer/commands", json=note).status_code == 200
            highest = max(highest, metric(http, "process_resident_memory_bytes"))
        # then all are cut off, and few bytes were spent on each
        assert metric(http, "timer_connections_open") == 0
        assert highest - before < 2 * READERS * MAX_BYTES_EACH
        # and the server is as quick as ever
        assert http.get("/healthz").json()["seq"] == number
