"""What Chromium's EventSource reads out of the text of a stream."""

from typing import NamedTuple

import pytest

from e2e.browser_tables.table import Observe, ServeStream, Through, last_event_ids
from e2e.spare import SPARE
from proxy_addons.faults import AbortEventSource, CorruptEventSource, InjectEventSource, SpliceEventSource

pytestmark = SPARE

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
SPLIT = "connection.split:piece_bytes=1,apart_ms=0.2,direction=to_client"
"""Each byte in a packet of its own."""


class Row(NamedTuple):
    """A text before the server's own event, and what the page gets of it."""

    name: str
    text: str
    seen: tuple[str, ...]
    id: str = ""
    """The last event id that is left."""
    rules: tuple[str, ...] = ()


def messages(*data: str) -> tuple[str, ...]:
    return tuple(f"message OPEN {each}" for each in data)


ROWS = [
    Row("a BOM at the start is no part of it", f"{BOM}data: a\n\n", messages("a")),
    Row("a second BOM spoils the field's name", f"{BOM}{BOM}data: a\n\ndata: b\n\n", messages("b")),
    Row("a BOM later spoils the field's name", f"data: a\n\n{BOM}data: b\n\ndata: c\n\n", messages("a", "c")),
    Row("LF", "data: a\ndata: b\n\n", messages("a\nb")),
    Row("CR", "data: a\rdata: b\r\r", messages("a\nb")),
    Row("CR LF", "data: a\r\ndata: b\r\n\r\n", messages("a\nb")),
    Row("a mixture of line ends", "data: a\r\ndata: b\rdata: c\n\r\n", messages("a\nb\nc")),
    Row("CR | LF in two packets", "data: a\r\ndata: b\r\n\r\n", messages("a\nb"), rules=(SPLIT,)),
    Row("data without a colon is an empty line", "data\n\ndata\ndata\n\n", messages("", "\n")),
    Row("one space is cut off", "data:  a\n\ndata:b\n\n", messages(" a", "b")),
    Row("names are told apart by case and space", "DATA: a\n\n data: b\n\ndata : c\n\n", ()),
    Row("comments are not seen", ": a\n\ndata: b\n: c\n:\ndata: d\n\n", messages("b\nd")),
    Row("unknown fields are not seen", "other: a\ndata: b\nother\n\n", messages("b")),
    Row("a type gives the event its name", "event: tick\ndata: a\n\ndata: b\n\n", ("tick OPEN a", *messages("b"))),
    Row("a type without data is nothing", "event: tick\n\ndata: a\n\n", messages("a")),
    Row("a character of several bytes in as many packets", "data: ä€😀\n\n", messages("ä€😀"), rules=(SPLIT,)),
    Row("NUL in data stays", "data: a\0b\n\n", messages("a\0b")),
    Row("an id stays", "id: 7\ndata: a\n\ndata: b\n\n", messages("a #7", "b #7"), "7"),
    Row("id alone takes it back", "id: 7\ndata: a\n\nid\ndata: b\n\n", messages("a #7", "b")),
    Row("an id without data counts", "id: 7\n\ndata: a\n\n", messages("a #7"), "7"),
    Row("an id with NUL is ignored", "id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n", messages("a #7", "b #7"), "7"),
    Row("an id of any characters", "id: ä€😀\ndata: a\n\n", messages("a #ä€😀"), "ä€😀"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_parsing(row: Row, serve_stream: ServeStream, through: Through, observe: Observe) -> None:
    # given a stream with this text before its own event
    proxy = through(serve_stream(b"retry: 30\ndata: end\n\n").url, SpliceEventSource(text=row.text), *row.rules)
    source = observe(proxy).eventsource("", "tick")
    # then the page gets what the table says, and the event behind the text
    source.expect("open OPEN", *row.seen, f"message OPEN end{row.id and f' #{row.id}'}")
    # and when the stream is cut, the browser names the last id
    proxy.inject(AbortEventSource())
    source.wait_for(len(row.seen) + 4)
    assert last_event_ids(proxy) == ["", row.id]


def test_bytes_that_are_no_utf_8_become_replacement_characters(
    serve_stream: ServeStream, through: Through, observe: Observe
) -> None:
    proxy = through(
        serve_stream(b'data: {"note": "a"}\n\n', b"data: b\n\n").url,
        CorruptEventSource(mutation="invalid_utf8", nth_event=1),
    )
    source = observe(proxy).eventsource()
    source.wait_for(3)
    assert source.log[0::2] == ["open OPEN", "message OPEN b"]
    assert "\N{REPLACEMENT CHARACTER}" in source.log[1]


def test_one_line_of_4_mb_arrives(serve_stream: ServeStream, through: Through, observe: Observe) -> None:
    proxy = through(serve_stream(b"data: end\n\n").url, InjectEventSource(data="x" * (4 << 20)))
    observe(proxy).eventsource().expect("open OPEN", f"message OPEN <{4 << 20} characters>", "message OPEN end")
