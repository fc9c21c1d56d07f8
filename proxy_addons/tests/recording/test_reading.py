"""The way through a journal: order, gaps, what stays readable."""

from collections.abc import Callable
from functools import partial

import pytest

from proxy_addons.framing.websocket import TEXT, encode_frame
from proxy_addons.recording.decoding import WebSocketDecoder
from proxy_addons.recording.reading import Reading
from proxy_addons.recording.spool import Spool
from proxy_addons.recording.tape import Journal, Tape
from proxy_addons.records import ConnectionBegan, MessageSeen, Record, RecordsLost

FULL = "the disk is full"


class Disk(Spool):
    """Keeps what it takes at once; or nothing of it, as a full one; or does not give it back."""

    def __init__(self) -> None:
        super().__init__(0)
        self.full, self.broken = False, False
        self.kept: list[bytes] = []
        self.unsettled: list[Callable[[], None]] = []

    def put(self, pieces: list[bytes], settle: Callable[[int | str], None]) -> bool:
        self.unsettled.append(partial(settle, FULL if self.full else len(self.kept)))
        self.kept.append(b"".join(pieces))
        return True

    def settle(self) -> None:
        while self.unsettled:
            self.unsettled.pop(0)()

    def read(self, place: int, size: int) -> bytes:
        if self.broken:
            raise OSError("it is broken")
        assert len(self.kept[place]) == size
        return self.kept[place]


class Scene:
    """A journal whose every chunk is a block of its own, and goes to the disk at once."""

    def __init__(self, memory_limit: int = 0) -> None:
        self.disk = Disk()
        self.journal = Journal(self.disk, memory_limit)
        self.reading = Reading(self.journal)

    def tape(self, exchange: int = 1) -> Tape:
        return self.journal.tape(partial(WebSocketDecoder, exchange, "to_client", "", 100))

    def write(self, tape: Tape, text: bytes, *, full: bool = False) -> None:
        self.disk.full = full
        tape.write(1.0, encode_frame(TEXT, text))
        self.disk.settle()

    def began(self, number: int) -> None:
        self.journal.append(ConnectionBegan(1.0, number))
        self.disk.settle()

    def rest(self, reading: Reading | None = None) -> list[str]:
        """All that was not read yet, in short."""
        reading, found = reading or self.reading, list[str]()
        while not reading.reached(self.journal.extent):
            found += [short(record) for record in reading.advance()]
        return found


def short(record: Record) -> str:
    match record:
        case MessageSeen():
            return f"{record.exchange}.{record.index} {record.data}"
        case ConnectionBegan():
            return f"connection {record.connection}"
        case RecordsLost():
            return f"lost {record.messages} of {record.bytes} bytes: {record.why}"
    raise AssertionError(record)


@pytest.fixture(params=[0, 1 << 20], ids=["on disk", "in memory"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param)


@pytest.fixture
def disk_scene() -> Scene:
    return Scene()


def test_reads_messages_and_records_in_one_order(scene: Scene) -> None:
    tape, other = scene.tape(1), scene.tape(2)
    scene.began(1)
    scene.write(tape, b"a")
    scene.began(2)
    scene.began(3)
    scene.write(other, b"b")
    scene.write(tape, b"c")
    scene.began(4)
    assert scene.rest() == ["connection 1", "1.1 a", "connection 2", "connection 3", "2.1 b", "1.2 c", "connection 4"]


def test_reads_on_where_it_was(scene: Scene) -> None:
    tape = scene.tape()
    assert scene.rest() == []
    scene.write(tape, b"a")
    assert scene.rest() == ["1.1 a"]
    scene.began(1)
    assert scene.rest() == ["connection 1"]
    scene.write(tape, b"b")
    assert scene.rest() == ["1.2 b"]


def test_puts_together_what_several_chunks_hold(scene: Scene) -> None:
    tape, raw = scene.tape(), encode_frame(TEXT, b"hello")
    for byte in raw:
        tape.write(1.0, bytes([byte]))
        scene.disk.settle()
    assert scene.rest() == ["1.1 hello"]


def test_reads_on_in_a_block_that_went_to_disk_meanwhile() -> None:
    scene = Scene(8 * 200)
    tape = scene.tape()
    scene.write(tape, b"a" * 50)
    scene.began(1)
    assert scene.rest() == ["1.1 " + "a" * 50, "connection 1"]
    for _ in range(60):
        scene.write(tape, b"b" * 100)
    assert scene.disk.kept
    assert scene.rest() == [f"1.{index} " + "b" * 100 for index in range(2, 62)]


def test_a_copy_goes_on_by_itself(scene: Scene) -> None:
    tape, raw = scene.tape(), encode_frame(TEXT, b"hello")
    scene.write(tape, b"a")
    tape.write(1.0, raw[:3])
    scene.disk.settle()
    assert scene.rest() == ["1.1 a"]
    fork = scene.reading.fork()
    tape.write(1.0, raw[3:])
    scene.disk.settle()
    assert scene.rest(fork) == ["1.2 hello"]
    assert scene.rest() == ["1.2 hello"]


def test_one_record_says_what_is_lost_in_a_row(disk_scene: Scene) -> None:
    tape = disk_scene.tape()
    disk_scene.write(tape, b"a")
    disk_scene.write(tape, b"b", full=True)
    disk_scene.began(1)
    disk_scene.write(tape, b"c", full=True)
    # the record in the gap is not lost
    assert disk_scene.rest() == [
        "1.1 a",
        f"lost 2 of 6 bytes: {FULL}; not readable from here on: stream 1 to_client",
        "connection 1",
    ]


def test_a_stream_with_a_gap_is_not_read_after_it_and_others_are(disk_scene: Scene) -> None:
    tape, other = disk_scene.tape(1), disk_scene.tape(2)
    disk_scene.write(other, b"a")
    disk_scene.write(tape, b"b", full=True)
    disk_scene.write(tape, b"c")
    disk_scene.write(other, b"d")
    assert disk_scene.rest() == [
        "2.1 a",
        f"lost 1 of 3 bytes: {FULL}; not readable from here on: stream 1 to_client",
        "2.2 d",
    ]


def test_says_only_once_that_a_stream_is_lost(disk_scene: Scene) -> None:
    tape = disk_scene.tape()
    disk_scene.write(tape, b"a", full=True)
    disk_scene.write(tape, b"b")
    disk_scene.write(tape, b"c", full=True)
    disk_scene.write(disk_scene.tape(2), b"d")
    assert disk_scene.rest() == [
        f"lost 1 of 3 bytes: {FULL}; not readable from here on: stream 1 to_client",
        f"lost 1 of 3 bytes: {FULL}",
        "2.1 d",
    ]


def test_names_some_of_many_lost_streams(disk_scene: Scene) -> None:
    for number in range(1, 11):
        disk_scene.write(disk_scene.tape(number), b"a", full=True)
    (lost,) = disk_scene.rest()
    assert lost.endswith("stream 7 to_client, stream 8 to_client, 2 more")


def test_a_gap_that_holds_records_only_is_none(disk_scene: Scene) -> None:
    disk_scene.disk.full = True
    for number in range(3000):
        disk_scene.began(number)
    assert disk_scene.disk.kept
    assert disk_scene.rest() == [f"connection {number}" for number in range(3000)]


def test_marks_what_need_not_be_kept_when_it_is_lost_later() -> None:
    scene = Scene(1 << 20)
    block = scene.journal.last
    scene.write(scene.tape(), b"a")
    scene.rest(scene.reading.fork())
    assert block.read == 0
    scene.rest()
    assert block.read == 1


def test_says_what_the_disk_does_not_give_back(disk_scene: Scene) -> None:
    tape, other = disk_scene.tape(1), disk_scene.tape(2)
    disk_scene.write(tape, b"a")
    disk_scene.began(1)
    disk_scene.write(tape, b"b")
    assert disk_scene.reading.advance()
    disk_scene.disk.broken = True
    # every stream may have been in it
    assert disk_scene.rest() == [
        "lost 1 of 3 bytes: not read back from disk (it is broken); "
        "not readable from here on: stream 1 to_client, stream 2 to_client",
        "connection 1",
    ]
    disk_scene.disk.broken = False
    disk_scene.write(other, b"c")
    assert disk_scene.rest() == []
