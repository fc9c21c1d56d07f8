"""Event streams: where blocks are cut, what is read in them, and what replacing data leaves alone."""

import pytest

from proxy_addons.framing.sse import SseBlock, SseFramer


def blocks_of(*chunks: bytes) -> list[SseBlock]:
    framer = SseFramer()
    return [block for chunk in chunks for block in framer.feed(chunk)]


def events_of(*chunks: bytes) -> list[bytes]:
    return [block.data for block in blocks_of(*chunks) if block.data is not None]


@pytest.mark.parametrize(
    "ending", [pytest.param(b"\n", id="LF"), pytest.param(b"\r", id="CR"), pytest.param(b"\r\n", id="CRLF")]
)
def test_cuts_after_the_blank_line_whatever_the_line_end(ending: bytes) -> None:
    first = ending.join([b": comment", b"id: 1", b"data: a", b"", b""])
    assert [block.raw for block in blocks_of(first + first)] == [first, first]


def test_reads_all_fields_of_a_block() -> None:
    (block,) = blocks_of(b"event: scored\nid: e.4\nretry: 50\ndata: a\ndata: b\n\n")
    assert (block.event, block.id, block.retry, block.data) == ("scored", "e.4", "50", b"a\nb")


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        pytest.param(b"data:a", b"a", id="no space after the colon"),
        pytest.param(b"data:  a", b" a", id="only one space is dropped"),
        pytest.param(b"data", b"", id="no colon is an empty line"),
        pytest.param(b"data: a\ndata\ndata: b", b"a\n\nb", id="empty line in between"),
        pytest.param(b"data: a: b", b"a: b", id="only the first colon separates"),
        pytest.param(b"DATA: a", None, id="field names are case-sensitive"),
        pytest.param(b" data: a", None, id="a space before the name"),
        pytest.param(b": data: a", None, id="a comment"),
        pytest.param(b"event: x", None, id="type without data"),
        pytest.param(b"data: \xff", b"\xff", id="not UTF-8"),
    ],
)
def test_reads_data_as_a_browser_does(lines: bytes, data: bytes | None) -> None:
    (block,) = blocks_of(lines + b"\n\n")
    assert block.data == data


@pytest.mark.parametrize(
    ("lines", "event", "event_id"),
    [
        pytest.param(b"data: a", "message", None, id="neither"),
        pytest.param(b"event:\nid:", "message", "", id="both empty"),
        pytest.param(b"event: a\nevent: b\nid: 1\nid: 2", "b", "2", id="the last one counts"),
        pytest.param(b"id: 1\nid: 2\0", "message", "1", id="an id with NUL is ignored"),
    ],
)
def test_reads_type_and_id_as_a_browser_does(lines: bytes, event: str, event_id: str | None) -> None:
    (block,) = blocks_of(lines + b"\n\n")
    assert (block.event, block.id) == (event, event_id)


def test_ignores_the_byte_order_mark_only_at_the_start() -> None:
    mark = b"\xef\xbb\xbf"
    assert events_of(mark + b"data: a\n\n" + mark + b"data: b\n\ndata: c\n\n") == [b"a", b"c"]


def test_knows_a_byte_order_mark_that_comes_in_pieces() -> None:
    assert events_of(b"\xef", b"\xbb", b"\xbfdata: a\n\n") == [b"a"]


def test_takes_a_line_of_only_the_byte_order_mark_for_blank() -> None:
    assert [block.raw for block in blocks_of(b"\xef\xbb\xbf\ndata: a\n\n")] == [b"\xef\xbb\xbf\n", b"data: a\n\n"]


def test_holds_no_event_back_when_a_chunk_ends_in_cr() -> None:
    assert events_of(b"data: a\r\n\r") == [b"a"]
    assert events_of(b"data: a\r\r") == [b"a"]


def test_gives_the_second_half_of_a_line_end_to_the_next_block() -> None:
    blocks = blocks_of(b"data: a\r\n\r", b"\ndata: b\r\n\r\n")
    assert [block.raw for block in blocks] == [b"data: a\r\n\r", b"\ndata: b\r\n\r\n"]
    assert [block.data for block in blocks] == [b"a", b"b"]


def test_sees_no_blank_line_in_a_line_end_cut_in_two() -> None:
    assert events_of(b"data: a\r", b"\n", b"data: b\r", b"\n", b"\r\n") == [b"a\nb"]


def test_forgets_no_half_line_end_over_an_empty_chunk() -> None:
    assert events_of(b"data: a\r", b"", b"\ndata: b\n\n") == [b"a\nb"]


def test_keeps_what_is_not_complete_as_pending() -> None:
    framer = SseFramer()
    framer.feed(b"data: a\n\nda")
    framer.feed(b"ta: b\n")
    assert framer.pending == b"data: b\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"data: a\n\n", id="LF"),
        pytest.param(b"data: a\r\r", id="CR"),
        pytest.param(b"data: a\r\n\r\n", id="CRLF"),
    ],
)
def test_unfinished_is_no_event_yet(raw: bytes) -> None:
    (block,) = blocks_of(raw)
    assert raw.startswith(block.unfinished)
    assert blocks_of(block.unfinished) == []


@pytest.mark.parametrize(
    ("raw", "data", "expected"),
    [
        pytest.param(b": c\nid: 4\ndata: a\n\n", b"x", b": c\nid: 4\ndata: x\n\n", id="other lines stay"),
        pytest.param(b"data: a\nid: 4\ndata: b\n\n", b"x", b"id: 4\ndata: x\n\n", id="many lines become one"),
        pytest.param(b"data: a\r\n\r\n", b"x\ny", b"data: x\r\ndata: y\r\n\r\n", id="one line becomes two, CRLF"),
        pytest.param(b"data: a\r\r", b"x\r\ny", b"data: x\rdata: y\r\r", id="a line end in the data, CR"),
        pytest.param(b"data: a\n\n", b"", b"data: \n\n", id="empty"),
        pytest.param(b"data: a\n\n", b" x", b"data:  x\n\n", id="a leading space is kept"),
        pytest.param(b"id: 4\n\n", b"x", b"id: 4\ndata: x\n\n", id="no data before"),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", b"x", b"\xef\xbb\xbfdata: x\n\n", id="byte order mark"),
        pytest.param(b"data: a\nid: 5\rdata: b\n\n", b"x", b"id: 5\rdata: x\n\n", id="CR and LF never meet"),
    ],
)
def test_replaces_the_data_and_nothing_else(raw: bytes, data: bytes, expected: bytes) -> None:
    (block,) = blocks_of(raw)
    assert block.with_data(data) == expected


def test_gives_what_is_pending_from_any_byte_on() -> None:
    framer = SseFramer()
    framer.feed(b"data: a\n\ndata: bc")
    assert framer.pending_from(6) == b"bc"
    assert framer.pending_from(len(framer.pending)) == b""
