"""The WebSocket, from the client's side of the socket; and as bare ASGI where a reader must not read."""

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from typing import Any

import anyio
import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import Message
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from reference_app import websocket
from reference_app.messages import MAX_REQUEST_BYTES
from reference_app.metrics import Metrics
from reference_app.server import MAX_FRAME_BYTES
from reference_app.settings import Settings
from reference_app.subscription import QUEUE_MESSAGES
from reference_app.timers import DEFAULT, Timers

IDS = count()


@pytest.fixture
def url(server: str) -> str:
    return server.replace("http://", "ws://") + "/timer/ws"


@pytest.fixture
def socket(url: str) -> Iterator[ClientConnection]:
    """A connection that has had its snapshot."""
    with connect(url) as socket:
        assert read(socket)["kind"] == "snapshot"
        yield socket


def read(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=5))
    return message


def answer(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    while (message := read(socket))["kind"] != kind:
        pass
    return message


def command(name: str, **args: object) -> dict[str, object]:
    return {"kind": "command", "id": f"ws-{next(IDS)}", "name": name, "args": args}


def close_code(socket: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=5)
    return socket.close_code


@pytest.mark.parametrize("query", ["", "?v=1", "?since=zz", "?client=c&attempt=1&for=live", "?since=%ff&v=1"])
def test_begins_with_a_snapshot(url: str, query: str) -> None:
    with connect(url + query) as socket:
        assert read(socket)["kind"] == "snapshot"


def test_begins_with_the_missed_events_when_the_client_resumes(
    url: str, socket: ClientConnection, http: httpx.Client
) -> None:
    health = http.get("/healthz").json()
    socket.send(json.dumps(command("note", text="x")))
    seq = answer(socket, "event")["seq"]
    with connect(f"{url}?since={health['epoch']}.{health['seq']}") as other:
        assert [(message["kind"], message["seq"]) for message in (read(other), read(other))] == [
            ("event", seq),
            ("tick", seq),
        ]


def test_goes_on_with_ticks(socket: ClientConnection) -> None:
    assert answer(socket, "tick")["timer"]["phase"] == "idle"


def test_answers_a_command_after_its_event(socket: ClientConnection) -> None:
    request = command("note", text="x")
    socket.send(json.dumps(request))
    event = answer(socket, "event")
    result = answer(socket, "result")
    assert (result["id"], result["ok"], result["event_seq"]) == (request["id"], True, event["seq"])


def test_shares_the_results_of_commands_with_http(socket: ClientConnection, http: httpx.Client) -> None:
    request = command("note", text="x")
    event_seq = http.post("/timer/commands", json=request).json()["event_seq"]
    socket.send(json.dumps(request))
    assert answer(socket, "result")["event_seq"] == event_seq


def test_answers_a_ping(socket: ClientConnection) -> None:
    socket.send('{"kind":"ping","echo":12.5}')
    assert answer(socket, "pong")["echo"] == 12.5


def test_catches_up_when_asked(socket: ClientConnection) -> None:
    socket.send(json.dumps(command("note", text="x")))
    event = answer(socket, "event")
    socket.send(json.dumps({"kind": "resync", "since": f"{event['epoch']}.{event['seq'] - 1}"}))
    assert answer(socket, "event") | {"server_ms": 0} == event | {"server_ms": 0}


@pytest.mark.parametrize(
    ("frame", "code", "id"),
    [
        pytest.param("", "malformed", None, id="empty"),
        pytest.param("{", "malformed", None, id="no JSON"),
        pytest.param("[]", "malformed", None, id="no object"),
        pytest.param("[" * 9000, "malformed", None, id="deep"),
        pytest.param('"\\ud800"', "malformed", None, id="lone surrogate"),
        pytest.param('{"kind":"ping","echo":NaN}', "malformed", None, id="NaN"),
        pytest.param('{"kind":"fly","id":"a"}', "malformed", "a", id="unknown kind"),
        pytest.param('{"kind":"command","id":"a","name":"fly","args":{}}', "malformed", "a", id="unknown command"),
        pytest.param('{"kind":"command","id":{},"name":"start","args":{}}', "malformed", None, id="wrong type"),
        pytest.param('{"kind":"ping","echo":' + "9" * 4000 + "}", "malformed", None, id="huge number"),
        pytest.param(b"\x00\xff", "malformed", None, id="binary"),
        pytest.param("x" * (MAX_REQUEST_BYTES + 1), "too_large", None, id="too large"),
        pytest.param("é" * (MAX_REQUEST_BYTES // 2 + 1), "too_large", None, id="too large in bytes"),
    ],
)
def test_says_what_is_wrong_and_stays_open(
    socket: ClientConnection, frame: str | bytes, code: str, id: str | None
) -> None:
    socket.send(frame)
    error = answer(socket, "error")
    assert (error["code"], error.get("id")) == (code, id)
    socket.send('{"kind":"ping","echo":1}')
    assert answer(socket, "pong")["echo"] == 1


def test_rejects_another_command_under_a_used_id(socket: ClientConnection) -> None:
    request = command("note", text="x")
    socket.send(json.dumps(request))
    socket.send(json.dumps(request | {"args": {"text": "y"}}))
    error = answer(socket, "error")
    assert (error["code"], error["id"]) == ("conflict", request["id"])


@pytest.mark.parametrize("version", ["2", "0", "x", ""])
def test_refuses_an_unsupported_version_after_accepting(url: str, version: str) -> None:
    with connect(f"{url}?v={version}") as socket:
        assert close_code(socket) == 4400


def test_says_that_a_plain_request_should_be_a_websocket(http: httpx.Client) -> None:
    response = http.get("/timer/ws")
    assert (response.status_code, response.headers["upgrade"]) == (426, "websocket")


def test_compresses_nothing_even_if_asked(socket: ClientConnection) -> None:
    assert socket.protocol.extensions == []


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param("x" * (MAX_FRAME_BYTES + 1), 1009, id="far too large"),
        pytest.param(b"\xff", 1007, id="text that is not UTF-8"),
    ],
)
def test_closes_when_a_frame_breaks_the_protocol(socket: ClientConnection, frame: str | bytes, code: int) -> None:
    socket.send(frame, text=True)
    assert close_code(socket) == code


def test_serves_others_when_a_client_disappears(url: str) -> None:
    gone = connect(url)
    gone.socket.close()
    with connect(url) as socket:
        assert answer(socket, "tick")


# --- as bare ASGI -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocked", "sent"),
    [
        pytest.param({"websocket.send"}, ["websocket.accept", "websocket.close"], id="takes only the close"),
        pytest.param({"websocket.send", "websocket.close"}, ["websocket.accept"], id="takes nothing at all"),
    ],
)
def test_cuts_off_a_reader_that_takes_nothing(blocked: set[str], sent: list[str]) -> None:
    scope = {"type": "websocket", "headers": [], "path": "/", "query_string": b"", "server": ("a", 1)}
    messages: list[Message] = []
    connecting = iter([{"type": "websocket.connect"}])

    async def receive() -> Message:
        for message in connecting:
            return message
        await anyio.sleep_forever()
        raise AssertionError

    async def act() -> None:
        async def send(message: Message) -> None:
            if message["type"] in blocked:
                for _ in range(QUEUE_MESSAGES + 1):
                    list(timers.get().tick())
                await anyio.sleep_forever()
            messages.append(message)

        metrics = Metrics()
        with closing(Timers(Settings(), lambda: 0, metrics)) as timers, anyio.fail_after(5):
            await websocket.serve(timers, WebSocket(scope, receive, send), DEFAULT, "")
            assert metrics.registry.get_sample_value("timer_slow_readers_total", {"transport": "websocket"}) == 1

    with start_blocking_portal() as portal:
        portal.call(act)
    assert [message["type"] for message in messages] == sent
    assert messages[-1].get("code") in (None, 1013)
