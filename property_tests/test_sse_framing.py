"""Event streams in any chunks: no byte is lost, and a browser would read the same events."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from property_tests.chunks import chunks_of, cuts
from proxy_addons.framing.sse import LineEnding, Place, SseBlock, SseFramer, encode_event

pieces = st.sampled_from(
    [
        b"data: a",
        b"data:b",
        b"data",
        b"id: 7",
        b"event: e",
        b": c",
        b"x",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
    ]
)
streams = st.lists(st.one_of(pieces, st.binary(max_size=4)), max_size=30).map(b"".join)


def feed(chunks: list[bytes]) -> tuple[list[SseBlock], bytes]:
    framer = SseFramer()
    return [block for chunk in chunks for block in framer.feed(chunk)], framer.pending


def in_place(block: SseBlock, raw: bytes) -> list[SseBlock]:
    """What is read in these bytes where the block stands: at the start of the stream, or behind a line that ends in CR,
    so that an LF at their start is half a line end."""
    return feed([raw])[0] if block.bom else feed([b"\r", raw])[0][1:]


def read(blocks: list[SseBlock]) -> list[tuple[bytes | None, str, str | None, str | None]]:
    return [(block.data, block.event, block.id, block.retry) for block in blocks]


def reference(stream: bytes) -> list[bytes]:
    """The data of all events, as WHATWG HTML 9.2.6 puts it, on the whole stream at once."""
    events, data = list[bytes](), list[bytes]()
    lines = stream.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for line in lines[:-1]:
        name, _, value = line.partition(b":")
        if not line and data:
            events.append(b"\n".join(data))
        if not line:
            data = []
        elif name == b"data":
            data.append(value.removeprefix(b" "))
    return events


@given(streams, cuts)
def test_every_byte_is_in_one_block_or_pending(stream: bytes, cuts: list[int]) -> None:
    blocks, pending = feed(chunks_of(stream, cuts))
    assert b"".join(block.raw for block in blocks) + pending == stream


@given(streams, cuts)
def test_chunks_do_not_change_what_is_read(stream: bytes, cuts: list[int]) -> None:
    whole, _ = feed([stream])
    in_chunks, _ = feed(chunks_of(stream, cuts))
    assert read(in_chunks) == read(whole)


@given(streams)
def test_reads_the_events_of_the_standard(stream: bytes) -> None:
    blocks, _ = feed([bytes([byte]) for byte in stream])
    assert [block.data for block in blocks if block.data is not None] == reference(stream)


@given(streams, cuts, st.binary(max_size=20))
def test_other_data_change_the_data_and_nothing_else(stream: bytes, cuts: list[int], data: bytes) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        if block.data is not None:
            (changed,) = in_place(block, block.with_data(data))
            assert changed.data == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            assert (changed.event, changed.id, changed.retry) == (block.event, block.id, block.retry)


@given(streams, cuts)
def test_an_unfinished_event_is_never_an_event(stream: bytes, cuts: list[int]) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        if block.data is not None:
            assert in_place(block, block.unfinished) == []


@given(streams, cuts, st.sampled_from(get_args(Place)))
def test_what_stands_before_a_place_is_never_an_event(stream: bytes, cuts: list[int], where: Place) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        place = block.place(where)
        if block.data is not None and place is not None:
            assert 0 < place < len(block.raw)
            assert in_place(block, block.raw[:place]) == []


lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=5)


@given(streams, cuts, lines, lines, st.sampled_from([None, *get_args(LineEnding)]))
def test_other_fields_are_read_and_the_data_stay(
    stream: bytes, cuts: list[int], event_id: str, event: str, ending: LineEnding | None
) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        if block.data is not None:
            rewritten = block.rewritten({"id": event_id, "event": event}, comments="added", ending=ending)
            (changed,) = [each for each in in_place(block, rewritten) if each.data is not None]
            assert (changed.data, changed.id, changed.event) == (block.data, event_id, event or "message")


@given(streams, cuts)
def test_what_is_taken_out_of_an_event_leaves_its_data(stream: bytes, cuts: list[int]) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        if block.data is not None:
            rewritten = block.rewritten({"id": None, "event": None, "retry": None}, comments="removed")
            (changed,) = in_place(block, rewritten)
            assert (changed.data, changed.id, changed.event, changed.retry) == (block.data, None, "message", None)


@given(streams, cuts)
def test_a_block_with_nothing_rewritten_stays_as_it_was(stream: bytes, cuts: list[int]) -> None:
    for block in feed(chunks_of(stream, cuts))[0]:
        assert block.rewritten({}) == block.raw


@given(st.binary(max_size=20), st.none() | lines, st.none() | lines)
def test_an_event_is_written_so_that_it_is_read(data: bytes, event: str | None, event_id: str | None) -> None:
    ((block,), pending) = feed([encode_event(data, event=event, id=event_id)])
    assert (block.data, block.event, block.id, pending) == (
        data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"),
        event or "message",
        event_id,
        b"",
    )
