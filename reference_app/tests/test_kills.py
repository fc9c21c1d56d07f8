"""A server that is killed again and again under load forgets nothing that it acknowledged, and does nothing twice."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

KILLS = 50 if os.environ.get("BROWNOUT_NIGHTLY") else 6
WRITERS = 4
MAX_ANSWERS = 40
"""How many commands are answered at most before the next kill."""
MAX_START_SECONDS = 1.5
"""Kills that come while the server starts come within this time."""
TIMERS = {"default": "timer.sqlite3", "other": "timer-other.sqlite3"}
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class KilledServer:
    """The real process on one port and one directory, killed and started anew."""

    def __init__(self, data: Path) -> None:
        self._port = free_port()
        self._data = data
        self.address = f"127.0.0.1:{self._port}"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        command = [sys.executable, "-m", "reference_app", "--port", str(self._port), "--data", str(self._data)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def wait_until_it_serves(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("Timer at ")

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


class Writers:
    """Clients that give notes, each until it is answered, and write down what they were told."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._over = threading.Event()
        self._answered = threading.Condition()
        self.told: dict[tuple[str, str], set[tuple[str, int]]] = {}
        """(timer, id) -> all (epoch, seq) that it was said to have."""
        self.repeated = 0

    @contextmanager
    def working(self) -> Iterator[None]:
        with ThreadPoolExecutor(WRITERS) as pool:
            writing = [pool.submit(self._write, number) for number in range(WRITERS)]
            try:
                yield
            finally:
                self._over.set()
        for each in writing:
            each.result()

    def wait_for_answers(self, more: int) -> None:
        with self._answered:
            enough = len(self.told) + more
            assert self._answered.wait_for(lambda: len(self.told) >= enough, PATIENCE_SECONDS)

    def _write(self, number: int) -> None:
        give = self._over_websocket if number % 2 else self._over_http
        timer = [*TIMERS][number // 2 % 2]
        for id in count():
            if self._over.is_set():
                return
            name = f"w{number}-{id}"
            command = {"kind": "command", "id": name, "name": "note", "args": {"text": name}}
            while (result := give(timer, command)) is None:
                if self._over.is_set():
                    return
                self.repeated += 1
                time.sleep(0.01)  # it is down
            # Every third answer is asked for again: the same is said.
            for answer in (result, give(timer, command) if id % 3 == 0 else None):
                if answer is not None:
                    with self._answered:
                        self.told.setdefault((timer, name), set()).add((answer["epoch"], answer["event_seq"]))
                        self._answered.notify_all()

    def _over_http(self, timer: str, command: dict[str, Any]) -> dict[str, Any] | None:
        url = f"http://{self._address}/timer/commands?timer={timer}"
        try:
            response = httpx.post(url, json=command, timeout=5, trust_env=False, verify=False)
            result: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError):
            return None
        return result if response.status_code == 200 else None

    def _over_websocket(self, timer: str, command: dict[str, Any]) -> dict[str, Any] | None:
        try:
            with connect(f"ws://{self._address}/timer/ws?timer={timer}", open_timeout=5, proxy=None) as link:
                link.send(json.dumps(command))
                while (message := json.loads(link.recv(timeout=5))).get("id") != command["id"]:
                    pass
        except (OSError, WebSocketException, TimeoutError):
            return None
        result: dict[str, Any] = message
        return result


def logged(file: Path) -> tuple[str, list[dict[str, Any]]]:
    """The epoch of a log and all that is in it, from its beginning."""
    with closing(sqlite3.connect(file)) as database:
        [(epoch,)] = database.execute("SELECT epoch FROM log")
        return epoch, [json.loads(body) for (body,) in database.execute("SELECT body FROM events ORDER BY seq")]


@pytest.mark.parametrize("seed", [50])
def test_forgets_nothing_that_it_acknowledged_and_does_nothing_twice(tmp_path: Path, seed: int) -> None:
    # given clients that give commands on two timers, over HTTP and WebSocket
    draw = random.Random(seed)
    with KilledServer(tmp_path) as server:
        server.start()
        writers = Writers(server.address)
        with writers.working():
            # when the server is killed between any two instructions of its own, as it works or as it starts
            for _ in range(KILLS):
                server.wait_until_it_serves()
                writers.wait_for_answers(draw.randint(1, MAX_ANSWERS))
                server.kill()
                if draw.random() < 0.5:
                    server.start()
                    time.sleep(draw.uniform(0, MAX_START_SECONDS))  # the fault itself: at any instant of a start
                    server.kill()
                server.start()
            server.wait_until_it_serves()
            writers.wait_for_answers(WRITERS)
    # then each log has its first epoch, no hole, every event that was acknowledged, and each command once
    for timer, file in TIMERS.items():
        epoch, events = logged(tmp_path / file)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        at = {event["text"]: (epoch, event["seq"]) for event in events}
        assert len(at) == len(events)
        told = {id: places for (name, id), places in writers.told.items() if name == timer}
        assert told == {id: {at.get(id)} for id in told}
    assert writers.repeated > 0  # or no kill came in between
