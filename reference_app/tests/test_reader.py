"""What clients send, and what they are told when it cannot be read."""

import json

import pytest

from reference_app.messages import MAX_REQUEST_BYTES, AnyCommand, Ping, Rejected, Resync
from reference_app.reader import read_command, read_message
from reference_app.timer import AddPoints, Adjust, Command, Note, Pause, Reset, Resume, Start, StartRound


def body(name: str, args: object) -> bytes:
    return json.dumps({"id": "a", "name": name, "args": args}).encode()


@pytest.mark.parametrize(
    ("name", "args", "command"),
    [
        ("start", {}, Start()),
        ("pause", {}, Pause()),
        ("resume", {}, Resume()),
        ("adjust", {"delta_ms": -5}, Adjust(delta_ms=-5)),
        ("reset", {}, Reset()),
        ("reset", {"duration_ms": 5}, Reset(duration_ms=5)),
        ("start_round", {}, StartRound()),
        ("score", {"team": "home", "points": 3}, AddPoints(team="home", points=3)),
        ("note", {"text": "hé"}, Note(text="hé")),
    ],
)
def test_reads_every_command(name: str, args: dict[str, object], command: Command) -> None:
    assert read_command(body(name, args)).args == command


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"kind":"ping","echo":1.5}', Ping(kind="ping", echo=1.5)),
        ('{"kind":"ping","echo":"x"}', Ping(kind="ping", echo="x")),
        ('{"kind":"resync","since":"ab.1"}', Resync(kind="resync", since="ab.1")),
    ],
)
def test_reads_every_other_message(text: str, message: AnyCommand | Ping | Resync) -> None:
    assert read_message(text.encode()) == message


def test_reads_a_command_in_a_message() -> None:
    assert read_message(b'{"kind":"command","id":"a","name":"start","args":{}}') == read_command(body("start", {}))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(body("fly", {}), "name: should be one of 'start'", id="unknown command"),
        pytest.param(b'{"id":"a","args":{}}', "name: Field required", id="no name"),
        pytest.param(b'{"id":"a","name":"start"}', "args: Field required", id="no args"),
        pytest.param(b'{"name":"start","args":{}}', "id: Field required", id="no id"),
        pytest.param(b'{"id":"","name":"start","args":{}}', "id: String should have at least 1", id="empty id"),
        pytest.param(json.dumps({"id": "a" * 65, "name": "start", "args": {}}).encode(), "id: String", id="long id"),
        pytest.param(body("start", {"x": 1}), "args.x: Extra", id="unknown field"),
        pytest.param(body("adjust", {"delta_ms": "5"}), "args.delta_ms: Input should be a valid int", id="text"),
        pytest.param(body("adjust", {"delta_ms": 1.0}), "args.delta_ms: ", id="float"),
        pytest.param(body("adjust", {"delta_ms": float("nan")}), "args.delta_ms: ", id="NaN"),
        pytest.param(body("adjust", {"delta_ms": 10**30}), "args.delta_ms: Input should be less", id="huge number"),
        pytest.param(body("note", {"text": "x" * 201}), "args.text: String should have at most 200", id="long note"),
        pytest.param(b"[]", "should be an object", id="no object"),
        pytest.param(b"{", "Invalid JSON", id="cut short"),
        pytest.param(b"", "Invalid JSON", id="empty"),
        pytest.param(b"[" * 9000, "Invalid JSON: recursion limit", id="deep"),
        pytest.param(b'{"id":"\xff"}', "Invalid JSON", id="invalid UTF-8"),
        pytest.param(rb'{"id":"\ud800"}', "Invalid JSON", id="lone surrogate"),
    ],
)
def test_names_the_field_when_a_command_is_malformed(data: bytes, complaint: str) -> None:
    with pytest.raises(Rejected, match=complaint) as caught:
        read_command(data)
    assert caught.value.code == "malformed"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(b"{}", "kind: should be one of command, ping, resync", id="no kind"),
        pytest.param(b'{"kind":["ping"]}', "kind: ", id="kind of a wrong type"),
        pytest.param(b'{"kind":"ping"}', "echo: Field required", id="ping without echo"),
        pytest.param(b'{"kind":"ping","echo":NaN}', "echo: should be", id="echo of NaN"),
        pytest.param(b'{"kind":"ping","echo":1' + b"0" * 400 + b"}", "echo: should be", id="echo of a huge number"),
        pytest.param(b'{"kind":"ping","echo":true}', "echo: should be", id="echo of a boolean"),
        pytest.param(b'{"kind":"resync","since":7}', "since: ", id="resync of a wrong type"),
        pytest.param(b"7", "should be a JSON object", id="no object"),
        pytest.param(b"{" * 9000, "Invalid JSON", id="no JSON"),
    ],
)
def test_names_the_field_when_a_message_is_malformed(data: bytes, complaint: str) -> None:
    with pytest.raises(Rejected, match=complaint):
        read_message(data)


def test_names_the_id_when_that_can_be_read() -> None:
    with pytest.raises(Rejected) as caught:
        read_message(b'{"kind":"command","id":"a","name":"start","args":[]}')
    assert caught.value.id == "a"


def test_a_complaint_is_short_when_the_field_is_long() -> None:
    with pytest.raises(Rejected) as caught:
        read_command(body("start", {"x" * 9000: 1}))
    assert len(caught.value.message) <= 300


def test_reads_no_further_than_the_limit() -> None:
    largest = body("note", {"text": "x"}).ljust(MAX_REQUEST_BYTES)
    assert read_command(largest).args == Note(text="x")
    with pytest.raises(Rejected) as caught:
        read_command(largest + b" ")
    assert caught.value.code == "too_large"
