"""One seed, one sequence: the same plan, seed and traffic leave the same receipts, through real sockets."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from proxy_addons.framing.websocket import TEXT, encode_frame
from proxy_addons.plan import Plan, parse_plan
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import ConnectionEnded, MessageSeen, Record, StreamBegan, StreamEnded
from proxy_addons.tests.origin import LAST_CHUNK, STREAMING, SUBSCRIBE, SWITCHED, TIMEOUT_S, UPGRADE, Peer, chunk

MESSAGES = 8
POLL = b"GET /timer HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n"
ROUNDS = (UPGRADE, SUBSCRIBE, POLL) * 2
FRAMES = b"".join(encode_frame(TEXT, b'{"seq": %d}' % seq) for seq in range(MESSAGES))
EVENTS = b"".join(chunk(b'data: {"seq": %d}\n\n' % seq) for seq in range(MESSAGES))
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"seq": 99}'

PLAN = """
[[rules]]
id = "drop"
when = { probability = 0.2 }
fault = { kind = "websocket.drop" }

[[rules]]
id = "corrupt"
when = { probability = 0.3 }
fault = { kind = "websocket.corrupt" }

[[rules]]
id = "cut-websocket"
when = { probability = 0.5 }
fault = { kind = "websocket.abort", after_messages = 5 }

[[rules]]
id = "twice"
times = 3
when = { probability = 0.3, every = 2 }
fault = { kind = "eventsource.duplicate" }

[[rules]]
id = "splice"
when = { probability = 0.2, payload = { pointer = "/seq", op = ">", value = 3 } }
fault = { kind = "eventsource.corrupt" }

[[rules]]
id = "cut-stream"
when = { probability = 0.5 }
fault = { kind = "connection.reset", after_messages = 6 }

[[rules]]
id = "busy"
when = { probability = 0.4, transport = "http" }
fault = { kind = "request.respond", status = 503 }

[[rules]]
id = "turned-away"
when = { probability = 0.1 }
fault = { kind = "connection.reset", on = "accept" }
"""

Receipts = dict[str, list[tuple[int | None, int | None, int | None, str]]]


class ScriptedOrigin:
    """Answers each connection by its first request, always in the same way."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            with Peer(connection) as peer:
                head = peer.read_head()
                if head.startswith(b"STOP"):
                    return
                self._answer(peer, head)

    def _answer(self, peer: Peer, head: bytes) -> None:
        try:
            if head.startswith(b"GET /ws"):
                peer.send(SWITCHED + FRAMES)
                peer.rest()
            elif head.startswith(b"GET /stream"):
                peer.send(STREAMING + EVENTS + LAST_CHUNK)
                peer.rest()
            elif head:
                peer.send(ANSWER)
        except OSError:  # the proxy has hung up, as a rule wanted
            return

    def close(self) -> None:
        with Peer.connect(self.url) as peer:
            peer.send(b"STOP\r\n\r\n")
            self._thread.join(TIMEOUT_S)
        self._listening.close()


@pytest.fixture(scope="module")
def origin() -> Iterator[ScriptedOrigin]:
    origin = ScriptedOrigin()
    yield origin
    origin.close()


def visit(proxy: FaultProxy, connection: int, request: bytes) -> None:
    """One connection, from its beginning to its end in the record."""

    def said_or_over(record: Record) -> bool:
        """the last message of the stream, or its end"""
        said = isinstance(record, MessageSeen) and record.index == MESSAGES
        return said or isinstance(record, StreamEnded) or is_over(record)

    def is_over(record: Record) -> bool:
        """the end of the connection"""
        return isinstance(record, ConnectionEnded) and record.connection == connection

    since = len(proxy.history)
    with Peer.connect(proxy.url) as client:
        try:
            client.send(request)
            if request is POLL:
                client.rest()
            else:
                proxy.history.wait_for(said_or_over, TIMEOUT_S, since=since)
        except ConnectionError:
            pass  # reset, as a rule wanted
    proxy.history.wait_for(is_over, TIMEOUT_S, since=since)


def receipts_of(origin: ScriptedOrigin, plan: Plan) -> Receipts:
    """By rule: connection, stream, message and effect of everything that it did; times, ids and bytes aside."""
    with FaultProxy(origin.url, plan) as proxy:
        for nth, request in enumerate(ROUNDS, 1):
            visit(proxy, nth, request)
        found: Receipts = {rule.id: [] for rule in plan.rules}
        for receipt in proxy.history.receipts:
            found[receipt.rule].append((receipt.connection, receipt.exchange, receipt.index, receipt.effect))
        assert proxy.history.of(StreamBegan), "a run without a single stream proves nothing"
        return found


@pytest.mark.usefixtures("_carrier")
def test_a_seed_repeats_and_seeds_differ(origin: ScriptedOrigin) -> None:
    plan = parse_plan(PLAN)
    runs = []
    for seed in range(100):
        seeded = plan.model_copy(update={"seed": seed})
        first = receipts_of(origin, seeded)
        assert receipts_of(origin, seeded) == first, f"seed {seed} did not repeat"
        runs.append(first)
    assert all(any(run[rule.id] for run in runs) for rule in plan.rules), "a rule that never fired proves nothing"
    assert len({repr(run) for run in runs}) > 90
