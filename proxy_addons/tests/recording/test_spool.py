"""Bytes to disk: what comes back, what does not fit, and who never waits."""

import errno
import gc
import os
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from queue import SimpleQueue

import pytest

from proxy_addons.recording.spool import Spool, temporary_file

PATIENCE_S = 10


def settled(spool: Spool, *data: bytes) -> list[int | str]:
    """Where these went, or why not, in the order in which it was told."""
    told: SimpleQueue[int | str] = SimpleQueue()
    for each in data:
        assert spool.put([each], told.put)
    outcomes = [told.get(timeout=PATIENCE_S) for _ in data]
    writers_end()
    return outcomes


def writers_end() -> None:
    for thread in threading.enumerate():
        if thread.name == "brownout-spool":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def no_space() -> FileIO:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class SlowDisk:
    """Opens its file when it is told to."""

    def __init__(self) -> None:
        self.asked, self.may_open = threading.Event(), threading.Event()

    def open(self) -> FileIO:
        self.asked.set()
        assert self.may_open.wait(PATIENCE_S)
        return temporary_file()


def test_gives_back_what_it_took() -> None:
    spool = Spool(1000)
    first, second = settled(spool, b"hello", b"world!")
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert (spool.read(second, 6), spool.read(first, 5)) == (b"world!", b"hello")


def test_writes_at_the_end_after_it_was_read() -> None:
    spool = Spool(1000)
    settled(spool, b"hello")
    assert spool.read(0, 2) == b"he"
    assert settled(spool, b"world") == [5]
    assert spool.read(0, 10) == b"helloworld"


def test_takes_pieces_as_one() -> None:
    spool, told = Spool(10_000), SimpleQueue[int | str]()
    pieces = [bytes([number % 251]) for number in range(2000)]
    assert spool.put(pieces, told.put)
    place = told.get(timeout=PATIENCE_S)
    assert isinstance(place, int)
    assert spool.read(place, 2000) == b"".join(pieces)


def test_writes_on_where_the_system_took_only_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "writev", lambda file, pieces: os.write(file, pieces[0][:3]))
    spool = Spool(1000)
    assert settled(spool, b"hello", b"world") == [0, 5]
    assert spool.read(0, 10) == b"helloworld"


def test_has_no_file_and_no_thread_before_there_is_something_to_write() -> None:
    before = threading.enumerate()
    Spool(1000, open_file=no_space)
    assert threading.enumerate() == before


def test_leaves_no_thread_when_all_is_written() -> None:
    before = threading.enumerate()
    spool = Spool(1000)
    settled(spool, b"hello")
    settled(spool, b"and a second life")
    assert threading.enumerate() == before


def test_closes_its_file_when_nobody_has_it_any_more() -> None:
    files: list[FileIO] = []

    def open_file() -> FileIO:
        files.append(temporary_file())
        return files[0]

    spool = Spool(1000, open_file=open_file)
    settled(spool, b"hello")
    assert not files[0].closed
    del spool
    gc.collect()
    assert files[0].closed


def test_says_what_goes_beyond_the_limit() -> None:
    assert settled(Spool(8), b"hello", b"world") == [0, "the 8 bytes that it may take on disk are full"]


def test_fills_the_limit_to_the_last_byte() -> None:
    assert settled(Spool(10), b"hello", b"world") == [0, 5]


def test_says_that_the_disk_is_full() -> None:
    assert settled(Spool(1000, open_file=no_space), b"hello") == ["No space left on device"]


def test_says_that_it_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "read-only"
    path.touch()
    (why,) = settled(Spool(1000, open_file=lambda: FileIO(path, "r")), b"hello")
    assert "Bad file descriptor" in str(why)


def test_writes_again_when_there_is_space_again() -> None:
    opened: list[Callable[[], FileIO]] = [temporary_file, no_space]
    spool = Spool(1000, open_file=lambda: opened.pop()())
    assert isinstance(settled(spool, b"hello")[0], str)
    assert settled(spool, b"world") == [0]


def test_takes_no_more_than_the_queue_holds_while_the_disk_is_slow() -> None:
    # given a disk that is busy with the first bytes
    disk, told = SlowDisk(), SimpleQueue[int | str]()
    spool = Spool(1000, queue_limit=10, open_file=disk.open)
    assert spool.put([b"hello"], told.put)
    assert disk.asked.wait(PATIENCE_S)
    # when more comes, it is taken as far as there is room, and nobody waits
    assert spool.put([b"world"], told.put)
    assert not spool.put([b"!"], told.put)
    # then what was taken is written after all, and there is room again
    disk.may_open.set()
    assert [told.get(timeout=PATIENCE_S) for _ in range(2)] == [0, 5]
    writers_end()
    assert settled(spool, b"!") == [10]


def test_takes_nothing_where_no_thread_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    spool = Spool(1000, queue_limit=5)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        assert not spool.put([b"hello"], lambda _: None)
    assert settled(spool, b"world") == [0]


def test_says_what_the_disk_does_not_give_back() -> None:
    spool = Spool(1000)
    settled(spool, b"hello")
    with pytest.raises(OSError, match="the file ends 3 bytes early"):
        spool.read(2, 6)
