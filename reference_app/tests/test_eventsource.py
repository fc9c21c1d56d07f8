"""The stream, read from a real socket; and as bare ASGI where a reader must not read."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.requests import Request
from starlette.types import Message

from reference_app import eventsource
from reference_app.hub import Hub
from reference_app.metrics import Metrics
from reference_app.settings import Settings
from reference_app.store import Store
from reference_app.subscription import QUEUE_MESSAGES

IDS = count()


def send_note(http: httpx.Client) -> int:
    body = {"id": f"stream-{next(IDS)}", "name": "note", "args": {"text": "x"}}
    seq: int = http.post("/timer/commands", json=body).json()["event_seq"]
    return seq


@contextmanager
def stream(http: httpx.Client, **request: Any) -> Iterator[Iterator[dict[str, str]]]:
    """The blocks of a stream, each as its fields."""
    with http.stream("GET", "/timer/stream", **request) as response:
        yield blocks(response)


def blocks(response: httpx.Response) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            yield fields
            fields = {}


def kinds(blocks: Iterator[dict[str, str]], amount: int) -> list[str]:
    return [json.loads(next(blocks)["data"])["kind"] for _ in range(amount)]


def test_begins_at_once_with_a_snapshot_in_one_block(http: httpx.Client) -> None:
    with stream(http) as received:
        block = next(received)
    snapshot = json.loads(block["data"])
    assert set(block) == {"retry", "id", "data"}
    assert int(block["retry"]) >= 1000
    assert (snapshot["kind"], block["id"]) == ("snapshot", f"{snapshot['epoch']}.{snapshot['seq']}")


@pytest.mark.parametrize("resume", [False, True], ids=["new", "resumes, missed nothing"])
def test_the_first_bytes_do_not_wait_for_something_to_happen(
    serve: Callable[[Settings], str], client_dir: Path, resume: bool
) -> None:
    # given a server whose next tick is far away
    url = serve(Settings(scale=1000, client_dir=client_dir))
    with httpx.Client(base_url=url, verify=False, timeout=5) as http:
        health = http.get("/healthz").json()
        params = {"since": f"{health['epoch']}.{health['seq']}"} if resume else {}
        # then a whole message comes all the same
        with stream(http, params=params) as received:
            assert kinds(received, 1) == ["tick" if resume else "snapshot"]


@pytest.mark.parametrize("encodings", ["gzip", "br, gzip, deflate, zstd", "gzip;q=1, identity;q=0", "*"])
def test_is_never_compressed_whatever_is_accepted(http: httpx.Client, encodings: str) -> None:
    with http.stream("GET", "/timer/stream", headers={"Accept-Encoding": encodings}) as response:
        assert "content-encoding" not in response.headers
        assert next(response.iter_raw()).startswith(b"retry: ")


def test_goes_on_with_events_and_ticks(http: httpx.Client) -> None:
    with stream(http) as received:
        next(received)
        seq = send_note(http)
        messages = [json.loads(next(received)["data"]) for _ in range(20)]
    assert [message["seq"] for message in messages if message["kind"] == "event"] == [seq]
    assert {message["kind"] for message in messages} == {"event", "tick"}


def test_resumes_after_the_cursor_in_the_query(http: httpx.Client) -> None:
    epoch, seq = http.get("/healthz").json()["epoch"], send_note(http)
    send_note(http)
    with stream(http, params={"since": f"{epoch}.{seq}"}) as received:
        block = next(received)
        assert block["id"] == f"{epoch}.{seq + 1}"
        assert kinds(received, 1) == ["tick"]


def test_resumes_after_the_last_event_id(http: httpx.Client) -> None:
    epoch, seq = http.get("/healthz").json()["epoch"], send_note(http)
    with stream(http, headers={"Last-Event-ID": f"{epoch}.{seq}"}) as received:
        assert kinds(received, 1) == ["tick"]


def test_the_query_wins_when_it_differs_from_the_last_event_id(http: httpx.Client) -> None:
    epoch, seq = http.get("/healthz").json()["epoch"], send_note(http)
    headers = {"Last-Event-ID": f"{epoch}.{seq}"}
    with stream(http, params={"since": f"{epoch}.{seq - 1}"}, headers=headers) as received:
        assert kinds(received, 2) == ["event", "tick"]


@pytest.mark.parametrize("last_event_id", [b"", b"zz", "é".encode(), b"\xff\xfe", b"ab.1"])
def test_begins_with_a_snapshot_when_the_last_event_id_makes_no_sense(http: httpx.Client, last_event_id: bytes) -> None:
    with stream(http, headers={b"Last-Event-ID": last_event_id}) as received:
        assert kinds(received, 1) == ["snapshot"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("origin", [{}, {"Origin": "http://elsewhere.example"}], ids=["same origin", "cross origin"])
def test_sends_exactly_these_headers(http: httpx.Client, method: str, origin: dict[str, str]) -> None:
    with http.stream(method, "/timer/stream", headers=origin) as response:
        headers = sorted((name.title(), value) for name, value in response.headers.multi_items() if name != "date")
    assert headers == [
        ("Access-Control-Allow-Headers", "Cache-Control, Last-Event-ID"),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-cache, no-transform"),
        ("Connection", "keep-alive"),
        ("Content-Type", "text/event-stream; charset=utf-8"),
        ("Transfer-Encoding", "chunked"),
        ("X-Accel-Buffering", "no"),
    ]


def test_answers_head_without_a_body(http: httpx.Client) -> None:
    assert http.head("/timer/stream").content == b""


def test_does_not_promise_to_keep_a_connection_that_the_client_wants_closed(http: httpx.Client) -> None:
    response = http.head("/timer/stream", headers={"Connection": "close"})
    assert response.headers.get_list("connection") == ["close"]


# --- as bare ASGI -----------------------------------------------------------------------------------------------------


def serve_stream(hub: Hub, sent: list[Message], *, blocked_after: int, gone: bool) -> None:
    """Run one stream to its end, with a client that takes `blocked_after` parts and then none, or is gone."""
    scope = {"type": "http", "method": "GET", "http_version": "1.1", "headers": [], "path": "/", "query_string": b""}

    async def receive() -> Message:
        if not gone:
            await anyio.sleep_forever()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if len(sent) >= blocked_after:
            for _ in range(QUEUE_MESSAGES + 1):
                list(hub.tick())
            await anyio.sleep_forever()
        sent.append(message)

    async def act() -> None:
        with anyio.fail_after(5):
            await eventsource.stream(hub, Request(scope), "")(scope, receive, send)

    with start_blocking_portal() as portal:
        portal.call(act)


@pytest.fixture
def hub(metrics: Metrics) -> Iterator[Hub]:
    with closing(Store.open(None, "ab", 1000)) as store:
        yield Hub(store, now_ms=lambda: 0, metrics=metrics)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def slow_readers(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("timer_slow_readers_total", {"transport": "eventsource"})


def test_cuts_off_a_reader_that_takes_nothing_and_counts_it(hub: Hub, metrics: Metrics) -> None:
    sent: list[Message] = []
    serve_stream(hub, sent, blocked_after=1, gone=False)
    assert (len(sent), slow_readers(metrics)) == (1, 1)


def test_ends_when_the_reader_has_left(hub: Hub, metrics: Metrics) -> None:
    sent: list[Message] = []
    serve_stream(hub, sent, blocked_after=99, gone=True)
    assert (sent[-1]["more_body"], slow_readers(metrics)) == (False, None)
