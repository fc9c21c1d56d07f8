"""Which URL leads where, and that nothing a client sends makes the app fail."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from reference_app.settings import Settings


def test_is_healthy(http: httpx.Client) -> None:
    health = http.get("/healthz").json()
    [snapshot] = http.get("/timer").json()["messages"]
    assert health == {"status": "ok", "epoch": snapshot["epoch"], "seq": snapshot["seq"]}


def test_documents_the_ways_in(http: httpx.Client) -> None:
    assert http.get("/docs").status_code == 200
    assert {"/timer", "/timer/stream", "/timer/commands"} <= set(http.get("/openapi.json").json()["paths"])


def test_the_documented_command_works(http: httpx.Client) -> None:
    operation = http.get("/openapi.json").json()["paths"]["/timer/commands"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    assert http.post("/timer/commands", json=example).json()["ok"]


def test_has_a_new_epoch_when_a_log_in_memory_is_lost(serve: Callable[[Settings], str], client_dir: Path) -> None:
    first, second = (httpx.get(serve(Settings(client_dir=client_dir)) + "/healthz").json() for _ in range(2))
    assert first["epoch"] != second["epoch"]


def test_has_a_timer_of_the_duration_in_its_settings(serve: Callable[[Settings], str], client_dir: Path) -> None:
    [snapshot] = httpx.get(serve(Settings(duration_ms=5000, client_dir=client_dir)) + "/timer").json()["messages"]
    assert snapshot["timer"] == {"phase": "idle", "duration_ms": 5000, "remaining_ms": 5000}


# --- nothing makes it fail --------------------------------------------------------------------------------------------

NONSENSE = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="cut short"),
    pytest.param(b"null", id="null"),
    pytest.param(b"NaN", id="NaN"),
    pytest.param(b'"\xff\xfe"', id="invalid UTF-8"),
    pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
    pytest.param(rb'{"id":"\udc00","name":"note","args":{"text":"\ud800"}}', id="lone surrogates"),
    pytest.param(b"[" * 60_000, id="deep list"),
    pytest.param(b'{"args":' * 7000, id="deep object"),
    pytest.param(b'{"id":1,"name":2,"args":3}', id="wrong types"),
    pytest.param(b'{"id":"a","name":"adjust","args":{"delta_ms":1e400}}', id="infinite number"),
    pytest.param(b'{"id":"a","name":"adjust","args":{"delta_ms":' + b"9" * 5000 + b"}}", id="huge number"),
    pytest.param(b'{"id":"a","name":"adjust","args":{"delta_ms":-9223372036854775809}}', id="beyond 64 bits"),
    pytest.param(b'{"id":"\\u0000","name":"start","args":{"\\u0000":1}}', id="NUL"),
    pytest.param(b'{"id":"a","name":"__class__","args":{"__proto__":{}}}', id="tempting names"),
    pytest.param(b"\x00" * 1000, id="zeros"),
]


@pytest.mark.parametrize("body", NONSENSE)
def test_says_what_is_wrong_with_a_body(http: httpx.Client, body: bytes) -> None:
    response = http.post("/timer/commands", content=body)
    assert (response.status_code, response.json()["kind"]) == (422, "error")


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", ["since", "for"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/timer"), ("HEAD", "/timer"), ("HEAD", "/timer/stream")])
def test_serves_whatever_the_query_says(http: httpx.Client, method: str, path: str, name: str, value: bytes) -> None:
    assert http.request(method, path, params={name: value[:5000].decode("latin-1")}).status_code == 200


@pytest.mark.parametrize("key", [b"", b"\xff", b"a" * 5000, b'{"'])
def test_says_what_is_wrong_with_a_key(http: httpx.Client, key: bytes) -> None:
    body = {"id": "app-1", "name": "note", "args": {"text": "x"}}
    response = http.post("/timer/commands", json=body, headers={b"Idempotency-Key": key})
    assert response.status_code == 422


@pytest.mark.parametrize("path", ["/timer/", "/%ff", "/timer/ws", "/" + "x" * 5000])
@pytest.mark.parametrize("method", ["GET", "DELETE", "BREW"])
def test_knows_what_it_does_not_serve(http: httpx.Client, method: str, path: str) -> None:
    assert 300 <= http.request(method, path).status_code < 500
