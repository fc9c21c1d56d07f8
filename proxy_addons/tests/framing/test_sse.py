"""Event streams: where blocks are cut, what is read in them, and what replacing data leaves alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from proxy_addons.framing.sse import Place, SseBlock, SseFramer, encode_event, fits_a_line


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
    assert (framer.pending, framer.pending_size) == (b"data: b\n", 8)


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


@pytest.mark.parametrize(
    ("where", "raw", "before"),
    [
        pytest.param("field", b"id: 4\ndata: abcd\n\n", b"id: 4\ndata:", id="halfway into the data line"),
        pytest.param("field", b"data: a\ndata\nid: 4\n\n", b"data: a\nda", id="the last data line"),
        pytest.param("field", b": c\nretry\n\n", b": c\nret", id="the last line where none has data"),
        pytest.param("field", b"\xef\xbb\xbfdata\n\n", b"\xef\xbb\xbfda", id="behind the byte order mark"),
        pytest.param("utf8", "data: aé€\n\n".encode(), b"data: a\xc3", id="within two bytes"),
        pytest.param("utf8", "data: 🎲\n\n".encode(), b"data: \xf0", id="within four bytes"),
        pytest.param("utf8", "\ufeffdata: €\n\n".encode(), b"\xef\xbb\xbfdata: \xe2", id="not within the mark"),
        pytest.param("crlf", b"id: 4\r\ndata: a\r\n\r\n", b"id: 4\r", id="the first line end"),
        pytest.param("blank_line", b"data: a\r\n\r\n", b"data: a\r\n", id="before the blank line"),
    ],
)
def test_knows_the_places_where_it_hurts_to_be_cut(where: Place, raw: bytes, before: bytes) -> None:
    (block,) = blocks_of(raw)
    place = block.place(where)
    assert block.raw[:place] == before
    assert blocks_of(before) == []


@pytest.mark.parametrize(
    ("where", "raw"),
    [
        pytest.param("utf8", b"data: a\n\n", id="ASCII"),
        pytest.param("utf8", b"data: \xff\xc3\n\n", id="no UTF-8"),
        pytest.param("crlf", b"data: a\n\n", id="LF"),
        pytest.param("crlf", b"data: a\n\r\n", id="only the blank line, which would be whole with its CR"),
    ],
)
def test_knows_where_there_is_no_such_place(where: Place, raw: bytes) -> None:
    (block,) = blocks_of(raw)
    assert block.place(where) is None


@pytest.mark.parametrize(
    ("raw", "fields", "expected"),
    [
        pytest.param(b"id: 4\ndata: a\n\n", {"id": "5"}, b"id: 5\ndata: a\n\n", id="another value"),
        pytest.param(b"id:4\nid: 5\ndata: a\n\n", {"id": "6"}, b"id: 6\nid: 6\ndata: a\n\n", id="each of its lines"),
        pytest.param(b"id: 4\ndata: a\n\n", {"id": None}, b"data: a\n\n", id="a line goes"),
        pytest.param(b"data: a\r\n\r\n", {"id": "5"}, b"data: a\r\nid: 5\r\n\r\n", id="a line comes, CRLF"),
        pytest.param(b"retry: 1\n\n", {"id": "5"}, b"retry: 1\n\n", id="no line comes where no event is"),
        pytest.param(b"retry: 1\n\n", {"retry": "0"}, b"retry: 0\n\n", id="another value where no event is"),
        pytest.param(b"data: a\rid: 4\n\n", {"id": None}, b"data: a\r\n\n", id="CR and LF never meet"),
        pytest.param(
            b"\xef\xbb\xbfid: 4\ndata: a\n\n", {"id": "5"}, b"\xef\xbb\xbfid: 5\ndata: a\n\n", id="byte order mark"
        ),
    ],
)
def test_rewrites_fields_and_nothing_else(raw: bytes, fields: Mapping[str, str | None], expected: bytes) -> None:
    (block,) = blocks_of(raw)
    assert block.rewritten(fields) == expected


def test_puts_no_line_into_a_line_end_that_was_cut_in_two() -> None:
    _, block = blocks_of(b"data: a\r\n\r", b"\ndata: b\r\n\r\n")
    assert block.rewritten({"id": "5"}) == b"\ndata: b\r\nid: 5\r\n\r\n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({}, b": c\ndata: a\r\n\n", id="nothing"),
        pytest.param({"comments": "removed"}, b"data: a\r\n\n", id="comments removed"),
        pytest.param({"comments": "added"}, b": c\ndata: a\r\n: comment\n\n", id="a comment added"),
        pytest.param({"ending": "lf"}, b": c\ndata: a\n\n", id="LF"),
        pytest.param({"ending": "cr"}, b": c\rdata: a\r\r", id="CR"),
        pytest.param({"ending": "crlf"}, b": c\r\ndata: a\r\n\r\n", id="CRLF"),
    ],
)
def test_rewrites_comments_and_line_ends(settings: dict[str, Any], expected: bytes) -> None:
    (block,) = blocks_of(b": c\ndata: a\r\n\n")
    assert block.rewritten({}, **settings) == expected


def test_writes_events_that_it_reads() -> None:
    (block,) = blocks_of(encode_event(b"a\r\nb", event="scored", id=""))
    assert (block.data, block.event, block.id) == (b"a\nb", "scored", "")
    assert encode_event(b"") == b"data: \n\n"


def test_tells_what_fits_a_line() -> None:
    assert fits_a_line("a: b\0") == "a: b\0"
    for value in ("a\r", "\nb"):
        with pytest.raises(ValueError, match="must fit one line"):
            fits_a_line(value)
