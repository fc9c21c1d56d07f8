"""The record: order, waiting, following, files; traffic that is decoded when it is read."""

import errno
import os
import tempfile
import threading
import tracemalloc
import weakref
import zlib
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest

from proxy_addons.framing.websocket import TEXT, encode_frame
from proxy_addons.history import Follower, History, load_history
from proxy_addons.records import ConnectionBegan, MessageSeen, Moment, Record, RecordsLost
from proxy_addons.tests.examples import ONE_OF_EACH, RECEIPT

PATIENCE_S = 10


def history_of(*connections: int) -> History:
    return History(ConnectionBegan(float(number), number) for number in connections)


def test_keeps_records_in_order() -> None:
    history = History()
    history.append(ConnectionBegan(1.0, 1))
    history.append(RECEIPT)
    assert history.records == tuple(history) == (ConnectionBegan(1.0, 1), RECEIPT)
    assert len(history) == 2


def test_a_snapshot_does_not_grow() -> None:
    history = history_of(1)
    snapshot = history.records
    history.append(RECEIPT)
    assert len(snapshot) == 1


def test_selects_by_class() -> None:
    history = history_of(1, 2)
    history.append(RECEIPT)
    assert history.of(ConnectionBegan) == [ConnectionBegan(1.0, 1), ConnectionBegan(2.0, 2)]
    assert history.receipts == [RECEIPT]


def test_finds_a_record_that_is_there_already() -> None:
    assert history_of(1, 2).wait_for(lambda record: record.t > 1, timeout_s=0) == ConnectionBegan(2.0, 2)


def test_looks_only_at_records_from_a_number_on() -> None:
    assert history_of(1, 2, 3).wait_for(lambda _record: True, timeout_s=0, since=2) == ConnectionBegan(3.0, 3)


def test_waits_for_a_record_that_another_thread_appends() -> None:
    # given a thread that waits and has seen that nothing is there
    history, looked, found = history_of(1), threading.Event(), []

    def wanted(record: Record) -> bool:
        looked.set()
        return record == RECEIPT

    waiter = threading.Thread(target=lambda: found.append(history.wait_for(wanted, timeout_s=60)), daemon=True)
    waiter.start()
    assert looked.wait(10)
    # when the record comes
    history.append(RECEIPT)
    # then it is handed over, long before the time is up
    waiter.join(10)
    assert found == [RECEIPT]


def test_says_what_it_waited_for_and_what_came_instead() -> None:
    def a_receipt(record: Record) -> bool:
        """the receipt of rule cut"""
        return record == RECEIPT

    with pytest.raises(TimeoutError) as caught:
        history_of(1, 2).wait_for(a_receipt, timeout_s=0)
    assert str(caught.value).splitlines() == [
        "waited 0 s in vain for: the receipt of rule cut; last records:",
        "  +0.000 s  connection 1 accepted",
        "  +1.000 s  connection 2 accepted",
    ]


def hear(follower: Follower, heard: Queue[Record]) -> None:
    for record in follower:
        heard.put(record)


def test_who_follows_reads_everything_and_waits_for_more() -> None:
    history, heard = history_of(1), Queue[Record]()
    follower = history.follow()
    over = in_thread(lambda: hear(follower, heard))
    assert heard.get(timeout=PATIENCE_S) == ConnectionBegan(1.0, 1)
    history.append(RECEIPT)
    assert heard.get(timeout=PATIENCE_S) == RECEIPT
    follower.stop()
    over()
    history.append(ConnectionBegan(3.0, 3))
    assert heard.empty()


def test_who_follows_from_a_number_on_is_spared_the_rest() -> None:
    history = history_of(1, 2)
    follower = history.follow(since=1)
    follower.stop()
    assert list(follower) == [ConnectionBegan(2.0, 2)]


def test_who_follows_hears_of_messages_as_they_come() -> None:
    history, heard = History(), Queue[Record]()
    tape = history.websocket_tape(3, "to_client")
    follower = history.follow()
    over = in_thread(lambda: hear(follower, heard))
    tape.write(1.0, text("a"))
    assert heard.get(timeout=PATIENCE_S) == message(1, "a")
    follower.stop()
    over()


def test_nobody_waits_for_one_who_follows_and_takes_his_time() -> None:
    # given one who follows and stands still at the first record
    history, stuck, go_on, heard = History(), threading.Event(), threading.Event(), list[Record]()
    follower = history.follow()

    def stand_still() -> None:
        for record in follower:
            stuck.set()
            assert go_on.wait(PATIENCE_S)
            heard.append(record)

    over = in_thread(stand_still)
    history.append(RECEIPT)
    assert stuck.wait(PATIENCE_S)
    # when others write and read
    history.append(ConnectionBegan(1.0, 1))
    assert len(history) == 2
    # then he has missed nothing when he goes on
    go_on.set()
    follower.stop()
    over()
    assert heard == [RECEIPT, ConnectionBegan(1.0, 1)]


def test_loses_nothing_when_threads_append_at_once() -> None:
    history = History()

    def append(first: int) -> None:
        for number in range(first, first + 200):
            history.append(ConnectionBegan(0.0, number))

    threads = [threading.Thread(target=append, args=(first,)) for first in (0, 200, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {str(record) for record in history} == {f"connection {number} accepted" for number in range(600)}
    assert sorted(record.connection for record in history.of(ConnectionBegan)) == list(range(600))


def test_a_file_brings_every_record_back(tmp_path: Path) -> None:
    history = History(record for record, _ in ONE_OF_EACH)
    history.save(tmp_path / "history.jsonl")
    assert load_history(tmp_path / "history.jsonl").records == history.records


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("3", id="no object"),
        pytest.param('{"record": "Unheard"}', id="unknown class"),
        pytest.param('{"record": "ConnectionBegan", "t": 1}', id="a field is missing"),
    ],
)
def test_names_the_line_that_is_no_record(tmp_path: Path, text: str) -> None:
    path = tmp_path / "history.jsonl"
    history_of(1).save(path)
    path.write_text(path.read_text() + text)
    with pytest.raises(ValueError, match=r"history\.jsonl:2: is no record"):
        load_history(path)


# -- traffic --------------------------------------------------------------------------------------------------


def message(index: int, data: str, *, t: float = 1.0) -> MessageSeen:
    return MessageSeen(t, 3, "to_client", index, data=data, bytes=2 + len(data), delivered=True)


def text(data: str) -> bytes:
    return encode_frame(TEXT, data.encode())


class Stubborn:
    """A decoder that does not get on before it is told to."""

    name = "stream 3"
    busy, may_go_on = threading.Event(), threading.Event()

    def __init__(self, *_: object) -> None:
        pass

    def feed(self, *_: object) -> list[Record]:
        self.busy.set()
        assert self.may_go_on.wait(PATIENCE_S)
        return []


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> type[Stubborn]:
    monkeypatch.setattr(Stubborn, "busy", threading.Event())
    monkeypatch.setattr(Stubborn, "may_go_on", threading.Event())
    monkeypatch.setattr("proxy_addons.history.WebSocketDecoder", Stubborn)
    return Stubborn


def in_thread(task: Callable[[], object]) -> Callable[[], None]:
    """Starts it; returns what waits until it is over."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()

    def over() -> None:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()

    return over


def test_shows_messages_where_they_came() -> None:
    history = history_of(1)
    tape, back, events = (
        history.websocket_tape(3, "to_client", "x-unknown"),
        history.websocket_tape(3, "to_server"),
        history.sse_tape(4),
    )
    tape.write(2.0, text("a"))
    history.append(RECEIPT)
    back.write(3.0, text("b"), delivered=False)
    events.write(4.0, b"data: c\n\n")
    expected = (
        ConnectionBegan(1.0, 1),
        message(1, "a", t=2.0),
        RECEIPT,
        MessageSeen(3.0, 3, "to_server", 1, data="b", bytes=3, delivered=False),
        MessageSeen(4.0, 4, "to_client", 1, data="c", bytes=9, delivered=True, event="message"),
    )
    assert history.records == history.records == expected
    assert len(history) == 5
    assert history.of(MessageSeen) == [expected[1], expected[3], expected[4]]
    assert history.of(Moment) == list(expected)


def test_inflates_what_the_handshake_agreed_on() -> None:
    history, deflater = History(), zlib.compressobj(wbits=-15)
    payload = (deflater.compress(b"hello") + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
    history.websocket_tape(3, "to_client", "permessage-deflate").write(1.0, encode_frame(TEXT, payload, rsv1=True))
    assert [each.data for each in history.of(MessageSeen)] == ["hello"]


def test_cuts_data_to_the_limit() -> None:
    history = History(body_limit=3)
    history.websocket_tape(3, "to_client").write(1.0, text("hello"))
    history.sse_tape(4).write(1.0, b"data: hello\n\n")
    assert [each.data for each in history.of(MessageSeen)] == ["hel", "hel"]
    assert history.text(b"hello") == "hel"


def test_finds_what_is_no_message_without_decoding(stubborn: type[Stubborn]) -> None:
    history = History()
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, b"")
    history.append(RECEIPT)
    assert history.receipts == [RECEIPT]
    assert history.of(ConnectionBegan) == []
    assert not stubborn.busy.is_set()


def test_writing_does_not_wait_for_a_reader_that_decodes(stubborn: type[Stubborn]) -> None:
    # given a thread that reads and does not get on
    history = History(memory_limit=0)
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, b"some bytes")
    over = in_thread(lambda: history.records)
    assert stubborn.busy.wait(PATIENCE_S)
    # when more comes, also with somebody who waits
    waited = in_thread(lambda: history.wait_for(lambda record: record == RECEIPT, PATIENCE_S))
    for _ in range(10):
        tape.write(2.0, b"some bytes")
    history.append(RECEIPT)
    # then it is there as soon as the reader gets on
    assert not stubborn.may_go_on.is_set()
    stubborn.may_go_on.set()
    over()
    waited()


def test_waits_for_a_message_that_another_thread_writes() -> None:
    history, looked, found = history_of(1), threading.Event(), list[Record]()
    tape = history.websocket_tape(3, "to_client")

    def wanted(record: Record) -> bool:
        looked.set()
        return isinstance(record, MessageSeen) and record.index == 2

    over = in_thread(lambda: found.append(history.wait_for(wanted, timeout_s=60)))
    assert looked.wait(PATIENCE_S)
    tape.write(1.0, text("a") + text("b")[:1])
    tape.write(2.0, text("b")[1:])
    over()
    assert found == [message(2, "b", t=2.0)]


def test_writing_does_not_wait_for_one_who_looks() -> None:
    # given a thread that waits for a message and takes its time over the first
    history, looking, go_on = History(), threading.Event(), threading.Event()
    tape = history.websocket_tape(3, "to_client")

    def wanted(record: Record) -> bool:
        looking.set()
        assert go_on.wait(PATIENCE_S)
        return record == message(2, "b")

    tape.write(1.0, text("a"))
    over = in_thread(lambda: history.wait_for(wanted, timeout_s=60))
    assert looking.wait(PATIENCE_S)
    # when the next one comes meanwhile
    tape.write(1.0, text("b"))
    # then it is not missed
    go_on.set()
    over()


def test_keeps_to_the_time_while_something_comes_all_the_time() -> None:
    history = History()
    tape = history.websocket_tape(3, "to_client")

    def wanted(_record: Record) -> bool:
        tape.write(1.0, text("another"))
        return False

    tape.write(1.0, text("a"))
    with pytest.raises(TimeoutError):
        history.wait_for(wanted, timeout_s=0.01)


def test_nobody_is_told_any_more_when_the_wait_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    history, rung = history_of(1), list[str]()
    monkeypatch.setattr(history._bell, "ring", lambda: rung.append("it has grown"))
    history.wait_for(lambda _: True, timeout_s=0)
    history.append(RECEIPT)
    assert rung == []


def test_saves_messages_that_nobody_has_read(tmp_path: Path) -> None:
    history = history_of(1)
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, text("read") + text("not read")[:3])
    assert history.records[1:] == (message(1, "read"),)
    tape.write(1.0, text("not read")[3:])
    history.append(RECEIPT)
    history.save(tmp_path / "history.jsonl")
    assert load_history(tmp_path / "history.jsonl").records == history.records
    assert len(history) == 4


def test_saves_without_keeping_what_it_decodes(tmp_path: Path) -> None:
    history = History()
    tape = history.websocket_tape(3, "to_client")
    for _ in range(100):
        tape.write(1.0, text("x" * 1000) * 40)
    tracemalloc.start()
    history.save(tmp_path / "history.jsonl")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(load_history(tmp_path / "history.jsonl")) == 4000
    assert peak < 2_000_000


def test_traffic_beyond_the_limit_is_not_in_memory() -> None:
    # given far more traffic than the memory that it may take
    tracemalloc.start()
    history = History(memory_limit=1 << 20)
    tape = history.websocket_tape(3, "to_client")
    for number in range(40_000):
        tape.write(float(number), b"x" * number.bit_length() * 50)
    # then that much is not there, though a disk that was too slow may hold 4 MB up
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 7_000_000


def test_a_full_disk_loses_messages_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", no_space)
    history = History(memory_limit=0)
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, text("a"))
    history.append(RECEIPT)
    tape.write(2.0, text("b"))
    settled()
    why = "No space left on device; not readable from here on: stream 3 to_client"
    assert history.records == (RecordsLost(1.0, messages=2, bytes=6, why=why), RECEIPT)
    assert history.of(RecordsLost) == [history.records[0]]


def test_keeps_to_the_limit_on_disk() -> None:
    history = History(memory_limit=0, disk_limit=30)
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, text("hello"))
    settled()
    tape.write(2.0, text("world"))
    settled()
    first, lost = history.records
    assert first == message(1, "hello")
    assert isinstance(lost, RecordsLost)
    assert (lost.messages, lost.why.partition(";")[0]) == (1, "the 30 bytes that it may take on disk are full")


def test_leaves_no_file_and_no_thread() -> None:
    before = threading.enumerate(), os.listdir("/proc/self/fd")
    history = History(memory_limit=0)
    tape = history.websocket_tape(3, "to_client")
    tape.write(1.0, text("a"))
    follower = history.follow()
    follower.stop()
    assert list(follower) == [message(1, "a")]
    del follower
    history.wait_for(lambda _: True, timeout_s=0)
    settled()
    gone = weakref.ref(history)
    del history, tape
    assert gone() is None
    assert (threading.enumerate(), os.listdir("/proc/self/fd")) == before


def settled() -> None:
    """Waits until all that is to be on disk is there, or is lost."""
    for thread in threading.enumerate():
        if thread.name == "brownout-spool":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
