"""The record on disk, and the traffic in it: whatever happened, reading it back gives the same records."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, get_args, get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from property_tests.chunks import chunks_of, cuts
from proxy_addons.framing.websocket import BINARY, PING, TEXT, encode_frame
from proxy_addons.history import History, Tape, load_history
from proxy_addons.records import ConnectionBegan, ControlSeen, MessageSeen, Record, as_text

times = st.floats(allow_nan=False, allow_infinity=False)
kinds: tuple[Any, ...] = get_args(Record)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | times | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=5,
)
json_objects = st.dictionaries(st.text(), json_values, max_size=3)


def records_of(kind: Any) -> st.SearchStrategy[Record]:
    """Fields that may hold anything hold what JSON can say."""
    loose = [name for name, hint in get_type_hints(kind).items() if hint == dict[str, object]]
    return st.builds(kind, t=times, **dict.fromkeys(loose, json_objects))


records: st.SearchStrategy[Record] = st.one_of([records_of(kind) for kind in kinds])


@given(st.lists(records, max_size=6))
def test_a_record_survives_its_file(written: list[Record]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        History(written).save(path)
        assert list(load_history(path)) == written


@given(records)
def test_every_record_can_be_told_in_words(record: Record) -> None:
    assert str(record)


# -- traffic --------------------------------------------------------------------------------------------------


@dataclass
class Stream:
    """One direction of a stream: its bytes, in chunks, and what they say."""

    kind: str
    chunks: list[bytes]
    says: list[tuple[str, str]]


def websocket(messages: list[tuple[int, bytes]], cuts: list[int], deflated: bool) -> Stream:
    deflater = zlib.compressobj(wbits=-15)

    def frame(opcode: int, data: bytes) -> bytes:
        if opcode == PING or not deflated:
            return encode_frame(opcode, data, mask=b"mask")
        payload = deflater.compress(data) + deflater.flush(zlib.Z_SYNC_FLUSH)
        return encode_frame(opcode, payload[:-4], mask=b"mask", rsv1=True)

    stream = b"".join(frame(opcode, data) for opcode, data in messages)
    says = [("ping" if opcode == PING else "message", as_text(data)) for opcode, data in messages]
    return Stream("permessage-deflate" if deflated else "", chunks_of(stream, cuts), says)


def eventsource(events: list[bytes], cuts: list[int]) -> Stream:
    stream = b"".join(b"data: " + data + b"\n\n: comment\n\n" for data in events)
    return Stream("sse", chunks_of(stream, cuts), [("message", as_text(data)) for data in events])


data = st.binary(max_size=125)
websockets = st.builds(
    websocket, st.lists(st.tuples(st.sampled_from([TEXT, BINARY, PING]), data), max_size=8), cuts, st.booleans()
)
lines = data.map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))
streams = websockets | st.builds(eventsource, st.lists(lines, max_size=8), cuts)
turns = st.lists(st.integers(0, 3), max_size=60)
"""Whose chunk comes next: a stream's number; where none is left, something else happens."""


def tape_for(history: History, number: int, stream: Stream) -> Tape:
    if stream.kind == "sse":
        return history.sse_tape(number)
    return history.websocket_tape(number, "to_client", stream.kind)


def play(
    history: History, streams: list[Stream], turns: list[int], pause: Callable[[int], object] = lambda _: None
) -> None:
    """Writes all chunks in some order, and a record now and then; pauses after each turn."""
    tapes = [tape_for(history, number, stream) for number, stream in enumerate(streams)]
    left = [list(stream.chunks) for stream in streams]
    for t, turn in enumerate(turns):
        if turn < len(streams) and left[turn]:
            tapes[turn].write(float(t), left[turn].pop(0))
        else:
            history.append(ConnectionBegan(float(t), t))
        pause(t)
    for tape, chunks in zip(tapes, left, strict=True):
        for chunk in chunks:
            tape.write(float(len(turns)), chunk)


def said(history: History, exchange: int) -> list[tuple[str, str]]:
    return [
        ("message", record.data) if isinstance(record, MessageSeen) else ("ping", record.data)
        for record in history
        if isinstance(record, MessageSeen | ControlSeen) and record.exchange == exchange
    ]


@given(st.lists(streams, max_size=3), turns)
def test_chunks_do_not_change_what_is_read(streams: list[Stream], turns: list[int]) -> None:
    history = History()
    play(history, streams, turns)
    assert [said(history, number) for number in range(len(streams))] == [stream.says for stream in streams]
    assert [record.t for record in history] == sorted(record.t for record in history)


@given(st.lists(streams, max_size=3), turns, st.integers(0, 500))
def test_the_limit_of_memory_does_not_change_what_is_read(
    streams: list[Stream], turns: list[int], memory_limit: int
) -> None:
    roomy, tight = History(), History(memory_limit=memory_limit)
    play(roomy, streams, turns)
    play(tight, streams, turns)
    assert tight.records == roomy.records


@given(st.lists(streams, max_size=3), turns, st.integers(0, 60))
def test_it_does_not_matter_when_it_is_read(streams: list[Stream], turns: list[int], early: int) -> None:
    # given a history that is read as it grows, and one that is read once on the way and then saved
    told, late, heard = History(), History(memory_limit=200), list[Record]()
    follower = told.follow()
    reader = Thread(target=lambda: heard.extend(follower))
    reader.start()
    play(told, streams, turns)
    follower.stop()
    reader.join()
    play(late, streams, turns, pause=lambda t: len(late) if t == early else 0)
    # then both say the same, and so does the file
    with TemporaryDirectory() as folder:
        late.save(Path(folder) / "history.jsonl")
        saved = load_history(Path(folder) / "history.jsonl").records
    assert saved == late.records == told.records == tuple(heard)
