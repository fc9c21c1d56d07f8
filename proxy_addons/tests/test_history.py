"""The record: order, waiting, subscribing, files, and what a person reads."""

import threading
from pathlib import Path

import pytest

from proxy_addons.history import (
    ConnectionBegan,
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    History,
    ListenerChanged,
    MessageSeen,
    Record,
    Released,
    RequestSeen,
    ResponseSeen,
    RuleChanged,
    StreamBegan,
    StreamEnded,
    UpstreamFailed,
    as_text,
    line,
    load_history,
)

RECEIPT = FaultFired(12.5, "cut", "websocket.abort", "abort", 2, 3, 4, 0, "")
ONE_OF_EACH: list[tuple[Record, str]] = [
    (ListenerChanged(10.0, True, 8080), "port 8080 listens"),
    (ListenerChanged(10.0, False, 8080), "port 8080 refuses connections"),
    (ConnectionBegan(10.0, 2), "connection 2 accepted"),
    (
        RequestSeen(10.0, 2, 3, "websocket", "GET", "/ws?a=1", {"Host": "x"}),
        "websocket 3: GET /ws?a=1 on connection 2",
    ),
    (ResponseSeen(10.0, 3, 503, "text/html", "rule"), "request 3 answered 503 text/html by the rule"),
    (StreamBegan(10.0, 3, "eventsource"), "eventsource 3 open"),
    (MessageSeen(10.0, 3, "to_client", 4, "{}", 4, True), "stream 3 to_client message 4: {}"),
    (MessageSeen(10.0, 3, "to_client", 4, "{}", 4, False), "stream 3 to_client message 4 (not delivered): {}"),
    (RECEIPT, "rule cut: abort on connection 2, stream 3, message 4, 0 bytes sent [websocket.abort]"),
    (
        FaultFired(10.0, "down", "connection.refuse", "refuse", None, None, None, 0, "port 8080"),
        "rule down: refuse on the listener (port 8080), 0 bytes sent [connection.refuse]",
    ),
    (Released(10.0, "hush", 3, 5), "rule hush: stream 3 flows again, 5 held messages released"),
    (StreamEnded(10.0, 3, "close", "origin", 1012, "restart"), "stream 3 over: close by the origin 1012 restart"),
    (StreamEnded(10.0, 3, "fin", "client"), "stream 3 over: fin by the client"),
    (ConnectionEnded(10.0, 2, "rst", "rule"), "connection 2 over: rst by the rule"),
    (UpstreamFailed(10.0, 2, "refused"), "origin failed on connection 2: refused"),
    (RuleChanged(10.0, "cut", "websocket.abort", "added"), "rule cut added [websocket.abort]"),
    (FaultCrashed(10.0, "cut", "boom"), "rule cut crashed: boom"),
]


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


def test_tells_subscribers_until_they_leave() -> None:
    history, heard = history_of(1), list[Record]()
    leave = history.subscribe(heard.append)
    history.append(RECEIPT)
    leave()
    leave()
    history.append(ConnectionBegan(3.0, 3))
    assert heard == [RECEIPT]


def test_loses_nothing_when_threads_append_at_once() -> None:
    history, heard = History(), list[Record]()
    history.subscribe(heard.append)

    def append(first: int) -> None:
        for number in range(first, first + 200):
            history.append(ConnectionBegan(0.0, number))

    threads = [threading.Thread(target=append, args=(first,)) for first in (0, 200, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == list(history)
    assert sorted(record.connection for record in history.of(ConnectionBegan)) == list(range(600))


def test_a_file_brings_every_record_back(tmp_path: Path) -> None:
    history = History(record for record, _ in ONE_OF_EACH)
    history.save(tmp_path / "history.jsonl")
    assert load_history(tmp_path / "history.jsonl").records == history.records


def test_the_examples_leave_no_class_out() -> None:
    assert {type(record) for record, _ in ONE_OF_EACH} == set(Record.__args__)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("3", id="no object"),
        pytest.param('{"what": "Unheard"}', id="unknown class"),
        pytest.param('{"what": "ConnectionBegan", "t": 1}', id="a field is missing"),
    ],
)
def test_names_the_line_that_is_no_record(tmp_path: Path, text: str) -> None:
    path = tmp_path / "history.jsonl"
    history_of(1).save(path)
    path.write_text(path.read_text() + text)
    with pytest.raises(ValueError, match=r"history\.jsonl:2: is no record"):
        load_history(path)


@pytest.mark.parametrize(("record", "words"), ONE_OF_EACH, ids=lambda value: type(value).__name__)
def test_tells_a_person_what_happened(record: Record, words: str) -> None:
    assert str(record) == words


def test_a_line_starts_with_the_time_since_the_start() -> None:
    assert line(RECEIPT, start=11.266).startswith("+1.234 s  rule cut: abort")


def test_shows_bytes_that_are_not_text() -> None:
    assert as_text("ü".encode() + b"\xff") == "ü\\xff"
