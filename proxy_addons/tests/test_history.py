"""The record: order, waiting, subscribing, files."""

import threading
from pathlib import Path

import pytest

from proxy_addons.history import History, load_history
from proxy_addons.records import ConnectionBegan, Record
from proxy_addons.tests.examples import ONE_OF_EACH, RECEIPT


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
