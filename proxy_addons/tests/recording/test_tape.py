"""Raw traffic in one order with the records: in memory, on disk, or lost and counted."""

import gc
import threading
import weakref
from collections.abc import Callable

import pytest

from proxy_addons.recording.decoding import Decoder, SseDecoder
from proxy_addons.recording.spool import Spool
from proxy_addons.recording.tape import Block, Chunk, Journal, pack, unpack
from proxy_addons.records import ConnectionBegan

PATIENCE_S = 10


def decoder() -> Decoder:
    return SseDecoder(1, 100)


class PaperSpool(Spool):
    """Takes everything, or nothing, and settles when the test says so."""

    def __init__(self, *, takes: bool = True) -> None:
        super().__init__(0)
        self.takes = takes
        self.taken: list[tuple[bytes, Callable[[int | str], None]]] = []

    def put(self, pieces: list[bytes], settle: Callable[[int | str], None]) -> bool:
        if self.takes:
            self.taken.append((b"".join(pieces), settle))
        return self.takes


def blocks_from(block: Block | None) -> list[Block]:
    found = []
    while block is not None:
        found.append(block)
        block = block.next
    return found


def in_memory(blocks: list[Block]) -> int:
    return sum(len(piece) for block in blocks for piece in block.data or ())


@pytest.mark.parametrize("size", [pytest.param(3, id="small chunks"), pytest.param(5000, id="large chunks")])
def test_packs_entries_and_unpacks_them(size: int) -> None:
    raw = b"x" * size
    data = b"".join(pack([1.5, 6, raw, 2.5, -1, b"", 3.5, 7, b"end"]))
    entries = [Chunk(1.5, 3, raw, False), None, Chunk(3.5, 3, b"end", True)]
    assert list(unpack(data, 3)) == entries
    assert list(unpack(data, 3, skip=2)) == entries[2:]


def test_keeps_one_order_of_records_and_chunks() -> None:
    journal = Journal(PaperSpool(), 1000)
    first, second = journal.tape(decoder), journal.tape(decoder)
    second.write(1.0, b"a")
    journal.append(ConnectionBegan(2.0, 1))
    first.write(3.0, b"b", delivered=False)
    assert journal.extent == 3
    assert journal.entries_from(0) == [Chunk(1.0, 1, b"a", True), None, Chunk(3.0, 0, b"b", False)]
    assert journal.entries_from(2) == [Chunk(3.0, 0, b"b", False)]


def test_a_full_block_knows_how_much_is_in_it() -> None:
    journal = Journal(PaperSpool(), 80)
    full, tape = journal.last, journal.tape(decoder)
    journal.append(ConnectionBegan(1.0, 1))
    tape.write(2.0, b"more than ten bytes")
    assert (full.entries, full.records, full.next) == (2, 1, journal.last)
    assert full.data is not None
    assert full.size == len(b"".join(full.data))
    assert journal.last.start == journal.extent == 2


def test_many_small_chunks_fill_a_block_too() -> None:
    journal = Journal(PaperSpool(), 1 << 30)
    first, tape = journal.last, journal.tape(decoder)
    for _ in range(3000):
        tape.write(1.0, b"")
    assert first.next is journal.last
    assert len(journal.filling) < 3 * 3000


def test_many_records_fill_a_block_too() -> None:
    journal = Journal(PaperSpool(), 1 << 30)
    for number in range(3000):
        journal.append(ConnectionBegan(1.0, number))
    assert len(journal.filling) < 3 * 3000


def test_hands_the_oldest_blocks_to_the_spool_beyond_the_limit() -> None:
    spool = PaperSpool()
    journal = Journal(spool, 8000)
    first, tape = journal.last, journal.tape(decoder)
    for number in range(100):
        tape.write(float(number), b"x" * 500)
    # given that the disk has what it took
    for place, (_, settle) in enumerate(spool.taken):
        settle(place)
    # then what is left in memory is within the limit, and it is the newest
    blocks = blocks_from(first)
    assert [block.place for block in blocks[: len(spool.taken)]] == list(range(len(spool.taken)))
    assert all(block.place is None for block in blocks[len(spool.taken) :])
    assert 0 < in_memory(blocks) <= 8000
    assert spool.taken[0][0] == b"".join(pack([each for n in range(3) for each in (float(n), 1, b"x" * 500)]))


def test_what_nobody_points_at_goes() -> None:
    spool = PaperSpool()
    journal = Journal(spool, 8000)
    first, tape = weakref.ref(journal.last), journal.tape(decoder)
    for _ in range(100):
        tape.write(1.0, b"x" * 500)
    gc.collect()
    assert first() is None
    assert spool.taken == []


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        pytest.param(0, (2.0, 2, 17, frozenset({0, 1})), id="nothing of it was read"),
        pytest.param(2, (3.0, 1, 16, frozenset({1})), id="a part of it was read"),
    ],
)
def test_counts_what_it_loses(read: int, expected: tuple[float, int, int, frozenset[int]]) -> None:
    # given a block of a record and two chunks that can't be kept
    journal = Journal(PaperSpool(takes=False), 8)
    first, tape, other = journal.last, journal.tape(decoder), journal.tape(decoder)
    journal.append(ConnectionBegan(1.0, 1))
    tape.write(2.0, b"a")
    first.read = read
    other.write(3.0, b"more than a few.")
    # then it is known how much nobody will read
    assert first.data is None
    assert first.loss is not None
    assert (first.loss.t, first.loss.chunks, first.loss.bytes, first.loss.tapes) == expected
    assert first.loss.records == (0 if read else 1)
    assert first.loss.why == "the disk is too slow"


def test_loses_what_the_disk_does_not_take() -> None:
    spool = PaperSpool()
    journal = Journal(spool, 8)
    first, tape = journal.last, journal.tape(decoder)
    tape.write(1.0, b"some bytes")
    ((_, settle),) = spool.taken
    settle("full")
    assert first.data is None
    assert first.loss is not None
    assert (first.loss.chunks, first.loss.why) == (1, "full")


def test_tells_who_wants_to_know_that_it_has_grown() -> None:
    journal, extents = Journal(PaperSpool(), 8), list[int]()
    tape = journal.tape(decoder)
    journal.grown = lambda: extents.append(journal.extent)
    tape.write(1.0, b"some bytes")
    journal.append(ConnectionBegan(1.0, 1))
    assert extents == [1, 2]


def test_keeps_the_chunks_of_threads_that_write_at_once() -> None:
    # given many threads that write on tapes of their own, while blocks become full
    journal = Journal(PaperSpool(), 1 << 20)
    first, tapes = journal.last, [journal.tape(decoder) for _ in range(8)]

    def write(number: int) -> None:
        for count in range(5000):
            tapes[number].write(float(count), b"some bytes")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    # then all chunks of each are there, in its order
    full = [block for block in blocks_from(first) if block.data is not None]
    entries = [each for block in full for each in unpack(b"".join(block.data or ()), block.entries)]
    entries += journal.entries_from(0)
    for number in range(8):
        assert [each.t for each in entries if each and each.tape == number] == [float(n) for n in range(5000)]
