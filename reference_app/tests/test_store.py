"""What is logged stays logged, on a file that only one process uses."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from reference_app.messages import Outcome
from reference_app.reader import read_command
from reference_app.store import REPLAY_EVENTS, CommandRecord, Store, StoreError
from reference_app.timer import Event, RunningTimer

STARTED = Event(name="started", at_ms=5, timer=RunningTimer(duration_ms=1000, deadline_ms=1005))
NOTED = Event(name="noted", at_ms=6, text="hé")
RECORD = CommandRecord("a", "{}", Outcome(ok=True, event_seq=1))


@contextmanager
def opened(directory: Path | None, epoch: str = "ab", duration_ms: int = 1000) -> Iterator[Store]:
    store = Store.open(directory, epoch, duration_ms)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def memory() -> Iterator[Store]:
    with opened(None) as store:
        yield store


def test_a_new_log_is_empty(memory: Store) -> None:
    assert (memory.epoch, memory.last_seq, memory.oldest_seq, memory.last(200)) == ("ab", 0, 0, ())


def test_numbers_events_from_one(memory: Store) -> None:
    assert [event.seq for event in memory.append([STARTED, NOTED])] == [1, 2]
    assert (memory.last_seq, memory.oldest_seq) == (2, 1)


def test_the_state_is_what_the_log_amounts_to(memory: Store) -> None:
    memory.append([STARTED])
    assert memory.state.timer == STARTED.timer


@pytest.mark.parametrize(("seq", "missed"), [(0, [1, 2, 3]), (2, [3]), (3, [])])
def test_tells_what_came_after(memory: Store, seq: int, missed: list[int]) -> None:
    memory.append([NOTED] * 3)
    assert [event.seq for event in memory.after(seq) or ()] == missed


def test_cannot_tell_when_the_log_has_not_come_that_far(memory: Store) -> None:
    memory.append([NOTED])
    assert memory.after(2) is None


def test_cannot_tell_when_the_reader_is_further_back_than_events_are_kept(memory: Store) -> None:
    memory.append([NOTED] * (REPLAY_EVENTS + 5))
    assert memory.oldest_seq == 6
    assert memory.after(4) is None
    assert len(memory.after(5) or ()) == REPLAY_EVENTS


def test_tells_the_last_events_oldest_first(memory: Store) -> None:
    memory.append([NOTED] * 5)
    assert [event.seq for event in memory.last(2)] == [4, 5]


def test_knows_a_command_by_its_id(memory: Store) -> None:
    memory.append([NOTED], RECORD)
    assert (memory.command("a"), memory.command("b")) == (RECORD, None)


def test_logs_neither_events_nor_command_when_one_of_them_cannot_be_logged(memory: Store) -> None:
    memory.append([], RECORD)
    with pytest.raises(StoreError):
        memory.append([STARTED], RECORD)
    assert (memory.last_seq, memory.last(9), memory.append([NOTED])[0].seq) == (0, (), 1)


def test_counts_on_in_the_same_epoch_when_a_file_is_opened_again(tmp_path: Path) -> None:
    # given a log with history
    with opened(tmp_path, epoch="ab") as store:
        store.append([STARTED, NOTED], RECORD)
        before = (store.epoch, store.last_seq, store.state, store.last(9), store.command("a"))
    # when it is opened again, even by an app with other settings
    with opened(tmp_path, epoch="cd", duration_ms=7) as store:
        # then all is as it was
        assert (store.epoch, store.last_seq, store.state, store.last(9), store.command("a")) == before
        assert store.append([NOTED])[0].seq == 3


def test_makes_the_directory_when_there_is_none(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data" / "timer.sqlite3").is_file()


def test_refuses_a_file_that_another_store_uses(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StoreError, match=r"timer\.sqlite3: database is locked"):
        Store.open(tmp_path, "cd", 1000)


def test_names_the_file_when_it_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "timer.sqlite3").write_bytes(b"no database" * 99)
    with pytest.raises(StoreError, match=r"timer\.sqlite3: file is not a database"):
        Store.open(tmp_path, "ab", 1000)


def test_names_the_path_when_it_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="taken"):
        Store.open(tmp_path / "taken", "ab", 1000)


def test_refuses_a_log_of_another_format(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store._database.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="has format 99"):
        Store.open(tmp_path, "ab", 1000)


def test_goes_on_where_a_process_was_killed_before_its_new_log_had_a_name(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store._database.execute("DELETE FROM log")
        store._database.commit()
    with opened(tmp_path, epoch="cd") as store:
        assert (store.epoch, store.last_seq) == ("cd", 0)


def test_reads_a_file_that_an_older_version_made(tmp_path: Path) -> None:
    # given a file as the first version of the app wrote it
    with closing(sqlite3.connect(tmp_path / "timer.sqlite3")) as database:
        database.executescript(
            """
            CREATE TABLE log (epoch TEXT NOT NULL, duration_ms INTEGER NOT NULL);
            CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
            CREATE TABLE results (id TEXT PRIMARY KEY, request TEXT NOT NULL, outcome TEXT NOT NULL);
            INSERT INTO log VALUES ('0ld', 1000);
            INSERT INTO events VALUES (1, '{"name":"noted","at_ms":6,"text":"x","seq":1}');
            INSERT INTO results VALUES ('a', '{"name":"note","args":{"text":"x"}}', '{"ok":true,"event_seq":1}');
            PRAGMA user_version = 1;
            """
        )
    # then it is all there
    with opened(tmp_path) as store:
        assert (store.epoch, [event.text for event in store.last(9)]) == ("0ld", ["x"])
        known = store.command("a")
        assert known is not None
        assert known.request == read_command(b'{"id":"a","name":"note","args":{"text":"x"}}').fingerprint


def test_is_used_once_a_command_was_known_even_if_it_had_no_effect(memory: Store) -> None:
    assert memory.is_unused
    memory.append([], CommandRecord("a", "{}", Outcome(ok=False)))
    assert not memory.is_unused


def test_removes_its_file_when_it_is_discarded(tmp_path: Path) -> None:
    Store.open(tmp_path, "ab", 1000, file="timer-a.sqlite3").discard()
    assert list(tmp_path.iterdir()) == []
