"""Raw traffic as it came by, in one order with the records: kept in memory, then on disk, and never decoded here."""

import threading
import weakref
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from proxy_addons.recording.decoding import Decoder
from proxy_addons.recording.spool import Spool
from proxy_addons.records import Record

_MOST_IN_A_BLOCK = 64 << 10
"""Bytes of traffic: few enough that the memory of one block serves the next (malloc maps larger ones afresh)."""
_MOST_ENTRIES = 2048
_LARGE_CHUNK = 2048
"""From how many bytes on it costs less to keep a chunk as it is than to copy it."""
_RECORD = -1
"""What stands for the tape where an entry is no chunk but the next of the records."""


class Chunk(NamedTuple):
    """What one call of `Tape.write` left."""

    t: float
    tape: int
    raw: bytes
    delivered: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """Entries that could not be kept."""

    t: float
    """When the first chunk of them came."""
    chunks: int
    bytes: int
    """How long the chunks were in all."""
    tapes: frozenset[int]
    """Which tapes they were of."""
    records: int
    """How many records stand among them; those are not lost."""
    why: str


class Block:
    """A run of entries. The lock of its journal guards all of it."""

    __slots__ = ("__weakref__", "data", "entries", "loss", "next", "place", "read", "records", "size", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        """How many entries come before it."""
        self.next: Block | None = None
        """The block after it, once it is full; before, its entries stand in `Journal.filling`."""
        self.entries = 0
        """How many it has, once it is full; so with all that follows."""
        self.records = 0
        """How many records of the journal stand in it or before it."""
        self.size = 0
        """How many bytes `pack` made of it."""
        self.data: list[bytes] | None = None
        """Those bytes, in pieces, while they are in memory."""
        self.place: int | None = None
        """Where in the spool they are, once they are there."""
        self.loss: Loss | None = None
        """What is known of them, once they are nowhere."""
        self.read = 0
        """How many entries were decoded and need not be kept."""


class Journal:
    """What happened, in one order: records as they are, chunks of traffic packed into a chain of blocks.

    A block lives as long as somebody points at it or at one before it: he who wants to read keeps the first one.
    """

    def __init__(self, spool: Spool, memory_limit: int) -> None:
        """Traffic beyond about `memory_limit` bytes goes to the spool."""
        self.lock = threading.Lock()
        self.spool = spool
        self.records: list[Record] = []
        self.tapes: list[Callable[[], Decoder]] = []
        """For each tape, what makes its decoder."""
        self.grown: Callable[[], object] | None = None
        """Called after each entry, while somebody wants to know."""
        self.last = Block(0)
        """The block that is being filled."""
        self.filling: list[Any] = []
        """Its entries, one after the other: time, tape and whether delivered (`_key`), bytes. Always the same list:
        adding one entry is one step that needs no lock, and only under the lock is anything taken away."""
        self.filling_bytes = 0
        """About how many bytes of traffic they have."""
        self.block_size = min(_MOST_IN_A_BLOCK, memory_limit // 8)
        self._memory_limit = memory_limit
        self._in_memory: deque[tuple[weakref.ref[Block], int]] = deque()
        self._bytes_in_memory = 0

    @property
    def extent(self) -> int:
        """How many entries there are."""
        with self.lock:
            return self.last.start + len(self.filling) // 3

    def append(self, record: Record) -> None:
        """Adds a record."""
        with self.lock:
            self.records.append(record)
            self.filling += (record.t, _RECORD, b"")
        if len(self.filling) > 3 * _MOST_ENTRIES:
            self.begin_block()
        grown = self.grown
        if grown is not None:
            grown()

    def tape(self, decoder: Callable[[], Decoder]) -> "Tape":
        """A new tape, for bytes that such a decoder can read."""
        with self.lock:
            self.tapes.append(decoder)
            return Tape(self, len(self.tapes) - 1)

    def entries_from(self, entry: int) -> list[Chunk | None]:
        """A copy of the entries of the last block, without so many; None is a record. To be called under the lock."""
        flat = self.filling[3 * entry :]
        return [_entry(*three) for three in zip(flat[0::3], flat[1::3], flat[2::3], strict=True)]

    def begin_block(self) -> None:
        """Packs the last block, begins another, and moves old ones out of memory."""
        with self.lock:
            flat = self.filling[:]
            del self.filling[: len(flat)]
            self.filling_bytes = 0
            full, entries = self.last, len(flat) // 3
            full.entries, full.records, full.data = entries, len(self.records), pack(flat)
            full.size = sum(map(len, full.data))
            self.last = full.next = Block(full.start + entries)
            self._in_memory.append((weakref.ref(full), full.size))
            self._bytes_in_memory += full.size
            if self._bytes_in_memory > self._memory_limit:
                while self._bytes_in_memory > self._memory_limit // 2:  # many at once: waking the writer costs more
                    self._move_out_the_oldest()

    def _move_out_the_oldest(self) -> None:
        reference, size = self._in_memory.popleft()
        self._bytes_in_memory -= size
        block = reference()
        if block is None or block.data is None:  # nobody can want it any more
            return

        def settle(outcome: int | str) -> None:
            with self.lock:
                if isinstance(outcome, int):
                    block.place, block.data = outcome, None
                else:
                    _lose(block, outcome)

        if not self.spool.put(block.data, settle):
            _lose(block, "the disk is too slow")


class Tape:
    """Where the bytes of one direction of one stream go, as they come."""

    __slots__ = ("_delivered", "_filling", "_journal", "_withheld")

    def __init__(self, journal: Journal, number: int) -> None:
        self._journal, self._filling = journal, journal.filling
        self._delivered, self._withheld = _key(number, delivered=True), _key(number, delivered=False)

    def write(self, t: float, raw: bytes, *, delivered: bool = True) -> None:
        """Keeps the next chunk, which came at `t`: any number of messages, and parts of some.

        `delivered` is what their records say: False where they were not passed on at once and as they came.
        """
        journal, filling = self._journal, self._filling
        filling += (t, self._delivered if delivered else self._withheld, raw)
        journal.filling_bytes += len(raw)  # two threads at once may get it a little wrong, which does no harm
        if journal.filling_bytes > journal.block_size or len(filling) > 3 * _MOST_ENTRIES:
            journal.begin_block()
        grown = journal.grown
        if grown is not None:
            grown()


def _key(tape: int, *, delivered: bool) -> int:
    return tape << 1 | delivered


def _entry(t: float, key: int, raw: bytes) -> Chunk | None:
    return None if key == _RECORD else Chunk(t, key >> 1, raw, bool(key & 1))


def pack(flat: list[Any]) -> list[bytes]:
    """Entries as bytes, in pieces: all times, all keys and all sizes in the first, then the chunks."""
    raw: list[bytes] = flat[2::3]
    sizes = array("I", map(len, raw))
    heads = b"".join((array("d", flat[0::3]), array("i", flat[1::3]), sizes))
    return [heads, *raw] if sum(sizes) > _LARGE_CHUNK * len(raw) else [heads, b"".join(raw)]


def unpack(data: bytes, entries: int, skip: int = 0) -> Iterator[Chunk | None]:
    """The entries that `pack` packed, without the first `skip`; None is a record."""
    times, keys, sizes = _heads(data, entries)
    at = 16 * entries + sum(sizes[:skip])
    for t, key, size in zip(times[skip:], keys[skip:], sizes[skip:], strict=True):
        yield _entry(t, key, data[at : at + size])
        at += size


def _heads(data: bytes, entries: int) -> tuple[Sequence[float], Sequence[int], Sequence[int]]:
    return (
        array("d", data[: 8 * entries]),
        array("i", data[8 * entries : 12 * entries]),
        array("I", data[12 * entries : 16 * entries]),
    )


def _lose(block: Block, why: str) -> None:
    """Lets go of the data of a block and keeps how much there is in it that nobody has read."""
    assert block.data is not None, "it is lost because it is nowhere else"
    times, keys, sizes = _heads(block.data[0], block.entries)
    lost = [i for i in range(block.read, block.entries) if keys[i] != _RECORD]
    block.loss = Loss(
        t=times[lost[0]] if lost else 0.0,
        chunks=len(lost),
        bytes=sum(sizes[block.read :]),
        tapes=frozenset(keys[i] >> 1 for i in lost),
        records=block.entries - block.read - len(lost),
        why=why,
    )
    block.data = None
