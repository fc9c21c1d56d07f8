"""Bytes to disk and back, without ever making the one who hands them over wait."""

import os
import tempfile
import threading
import weakref
from collections.abc import Callable
from io import FileIO
from itertools import accumulate
from typing import NamedTuple

Settle = Callable[[int | str], None]
"""Told in the writing thread where the bytes are, or why they are not kept."""


_MOST_PIECES = 512
"""How many pieces one call may write: POSIX promises 16, Linux and macOS take 1024."""


class _Item(NamedTuple):
    pieces: list[bytes]
    size: int
    settle: Settle


def temporary_file() -> FileIO:
    """A file that has no name and is gone as soon as nobody has it open."""
    return tempfile.TemporaryFile(buffering=0)


class Spool:
    """A file that grows, written by a thread that exists only while there is something to write."""

    def __init__(
        self, limit: int, *, queue_limit: int = 4 << 20, open_file: Callable[[], FileIO] = temporary_file
    ) -> None:
        """At most `limit` bytes go to the file, and at most `queue_limit` bytes wait for it."""
        self._limit, self._queue_limit, self._open_file = limit, queue_limit, open_file
        self._queue: list[_Item] = []
        self._waiting = 0
        """How many bytes were put and are not settled."""
        self._thread: threading.Thread | None = None
        self._queue_lock = threading.Lock()
        self._file: FileIO | None = None
        self._file_lock = threading.Lock()
        self._size = 0

    def put(self, pieces: list[bytes], settle: Settle) -> bool:
        """Takes bytes, in pieces, to be written; False: there is no room for them, the disk is too slow."""
        item = _Item(pieces, sum(map(len, pieces)), settle)
        with self._queue_lock:
            if self._waiting + item.size > self._queue_limit:
                return False
            self._queue.append(item)
            self._waiting += item.size
            return self._thread is not None or self._start()

    def read(self, place: int, size: int) -> bytes:
        """What was written there.

        Raises:
            OSError: the disk does not give it back.
        """
        parts: list[bytes] = []
        with self._file_lock:
            file = self._opened()
            file.seek(place)
            while size and (part := file.read(size)):
                parts.append(part)
                size -= len(part)
        if size:
            raise OSError(f"the file ends {size} bytes early")
        return b"".join(parts)

    def _start(self) -> bool:
        self._thread = threading.Thread(target=self._write_all, name="brownout-spool", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # no more threads: the process is at its limit, or about to end
            self._thread = None
            self._waiting -= self._queue.pop().size
            return False
        return True

    def _write_all(self) -> None:
        while True:
            with self._queue_lock:
                items, self._queue = self._queue, []
                if not items:
                    self._thread = None
                    return
            self._settle(items)
            with self._queue_lock:
                self._waiting -= sum(item.size for item in items)

    def _settle(self, items: list[_Item]) -> None:
        """Writes all that fits in one go: each step costs this thread its turn among all others."""
        ends = list(accumulate((item.size for item in items), initial=self._size))
        fitting = [item for item, end in zip(items, ends[1:], strict=True) if end <= self._limit]
        error = self._write([piece for item in fitting for piece in item.pieces])
        for item, place in zip(fitting, ends, strict=False):
            item.settle(error or place)
        for item in items[len(fitting) :]:
            item.settle(f"the {self._limit} bytes that it may take on disk are full")

    def _write(self, pieces: list[bytes]) -> str:
        """Writes at the end of the file; returns what went wrong, if anything."""
        try:
            with self._file_lock:
                file = self._opened()
                file.seek(self._size)
                for start in range(0, len(pieces), _MOST_PIECES):
                    _write_whole(file, pieces[start : start + _MOST_PIECES])
        except OSError as error:
            return error.strerror or str(error)
        except ValueError:  # closed, at the end of the process
            return "the process ends"
        self._size += sum(map(len, pieces))
        return ""

    def _opened(self) -> FileIO:
        if self._file is None:
            self._file = self._open_file()
            weakref.finalize(self, _close, self._file, self._file_lock)
        return self._file


def _close(file: FileIO, lock: threading.Lock) -> None:
    with lock:
        file.close()


def _write_whole(file: FileIO, pieces: list[bytes]) -> None:
    written = os.writev(file.fileno(), pieces)
    if written < sum(map(len, pieces)):  # the system took a part; it says why with the next
        rest = memoryview(b"".join(pieces))[written:]
        while rest:
            rest = rest[file.write(rest) :]
