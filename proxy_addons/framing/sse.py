"""Bytes of an event stream <-> its events (WHATWG HTML, 9.2.6 "Interpreting an event stream").

A block is what stands between two blank lines. Every byte that is fed ends up in exactly one block or in `pending`,
so a stream that is read here can be passed on unchanged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

BOM = b"\xef\xbb\xbf"

LineEnding = Literal["cr", "lf", "crlf"]
LINE_ENDINGS: Mapping[LineEnding, bytes] = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n"}

Place = Literal["field", "utf8", "crlf", "blank_line"]
"""Where an event can be cut: halfway into its last data line, within a character of several bytes, between a CR and
its LF, or before the blank line."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n)")
_CRLF = re.compile(rb"\r\n")
_WIDE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class SseBlock:
    """One block of an event stream: its exact bytes, and what a browser reads in them."""

    raw: bytes
    """Everything up to and including the blank line that ends the block, comments included."""
    data: bytes | None = None
    """The data lines joined with LF; None if there is no data line, and then the block is not an event."""
    event: str = "message"
    """The type that a browser dispatches."""
    id: str | None = None
    """The new last event id; None if the block leaves it as it was (no `id` line, or one with a NUL in it)."""
    retry: str | None = None
    """The reconnection time as it is written, meant in ms; browsers ignore what is not all digits."""
    bom: bool = False
    """Whether `raw` starts with the byte order mark of the stream, which belongs to no line."""

    @property
    def unfinished(self) -> bytes:
        """The block without its blank line: a browser that receives this and no more drops the event."""
        return self.raw[: -len(_lines(self.raw)[-1].ending)]

    def with_data(self, data: bytes) -> bytes:
        """The bytes of this block with other data: a data line for each line of `data`, all other lines untouched.

        A CR, LF or CRLF within `data` arrives as LF: the format cannot tell them apart.
        """
        mark = BOM if self.bom else b""
        before, after, ending = _around_data(_lines(self.raw.removeprefix(mark)))
        new = [_Line(b"data: " + value, ending) for value in _LINE_END.split(data)]
        return mark + b"".join(part for line in (*before, *new, *after) for part in line)

    def place(self, where: Place) -> int | None:
        """How many bytes of this block stand before such a place; None if it has none. What stands before it is no
        event yet."""
        start = len(BOM) if self.bom else 0
        match where:
            case "field":
                return start + _half_data_line(_lines(self.raw[start:]))
            case "utf8":
                found = _WIDE.search(self.raw, start)
            case "crlf":
                found = _CRLF.search(self.unfinished, start)
            case "blank_line":
                return len(self.unfinished)
        return found.start() + 1 if found else None

    def rewritten(
        self,
        fields: Mapping[str, str | None],
        *,
        comments: Literal["removed", "added"] | None = None,
        ending: LineEnding | None = None,
    ) -> bytes:
        """The bytes of this block with other lines, and the rest as it was.

        Each of `fields` gets this value, or goes (None); a line that is missing is added to an event, but not to a
        block that is none. `comments` go, or one is added. All lines end as `ending` says, if it does.
        """
        mark = BOM if self.bom else b""
        *lines, blank = _lines(self.raw.removeprefix(mark))
        for name, value in fields.items():
            lines = _with_field(lines, name.encode(), value, blank.ending, add=self.data is not None)
        if comments == "removed":
            lines = [line for line in lines if not line.content.startswith(b":")]
        if comments == "added":
            lines.append(_Line(b": comment", blank.ending))
        lines.append(blank)
        if ending:
            lines = [line._replace(ending=LINE_ENDINGS[ending]) for line in lines]
        return mark + _joined(lines)


class SseFramer:
    """Cuts the bytes of one event stream into blocks, whatever the chunks they come in, in linear time.

    No event is held back for a byte that may never come: a blank line that ends in CR at the end of a chunk ends its
    block at once. If an LF follows after all, it is the second half of that line end and becomes the first byte of the
    next block, where it means nothing. So the cut may depend on the chunks by that one byte; the events do not.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._line_start = 0
        self._after_cr = False
        self._bom: bool | None = None  # not known before the first line has ended

    @property
    def pending(self) -> bytes:
        """What was fed and is not in a block yet (a copy)."""
        return bytes(self._buffer)

    @property
    def pending_size(self) -> int:
        """How many bytes that is; copies none of them."""
        return len(self._buffer)

    def pending_from(self, start: int) -> bytes:
        """The same without its first `start` bytes; copies no more than it returns."""
        return bytes(memoryview(self._buffer)[start:])

    def feed(self, data: bytes) -> list[SseBlock]:
        """Takes the next bytes of the stream and returns the blocks that they complete."""
        self._buffer += data
        blocks: list[SseBlock] = []
        cut = 0
        for start, end in [match.span() for match in _LINE_END.finditer(self._buffer, self._scanned)]:
            if self._line_is_blank(start, end):
                blocks.append(_read(bytes(self._buffer[cut:end]), bom=bool(self._bom)))
                self._bom = False
                cut = end
            self._line_start = end
        self._after_cr = data.endswith(b"\r") if data else self._after_cr
        del self._buffer[:cut]
        self._line_start -= cut
        self._scanned = len(self._buffer)
        return blocks

    def _line_is_blank(self, start: int, end: int) -> bool:
        """Whether nothing stands before the line end found at `start`, and it is not the LF of a CRLF cut in two."""
        if self._bom is None:
            self._bom = self._buffer.startswith(BOM)
            self._line_start = len(BOM) if self._bom else 0
        second_half = self._after_cr and start == self._scanned and self._buffer[start:end] == b"\n"
        return start == self._line_start and not second_half


def encode_event(data: bytes, *, event: str | None = None, id: str | None = None) -> bytes:
    """The bytes of one event with LF line ends: a data line for each line of `data`, and type and id where given."""
    fields = [("event", event), ("id", id)]
    lines = [f"{name}: {value}".encode() for name, value in fields if value is not None]
    return b"\n".join([*lines, *(b"data: " + line for line in _LINE_END.split(data)), b"", b""])


def fits_a_line(value: str) -> str:
    """The value of a field, as it is.

    Raises:
        ValueError: it has a line end in it.
    """
    if "\r" in value or "\n" in value:
        raise ValueError(f"{value!r} must fit one line, without CR and LF")
    return value


class _Line(NamedTuple):
    """One line and the line end that it came with."""

    content: bytes
    ending: bytes

    @property
    def field(self) -> bytes:
        return self.content.partition(b":")[0]

    @property
    def value(self) -> bytes:
        return self.content.partition(b":")[2].removeprefix(b" ")


def _lines(raw: bytes) -> list[_Line]:
    return [_Line(*parts) for parts in _LINE.findall(raw)]


def _around_data(lines: list[_Line]) -> tuple[list[_Line], list[_Line], bytes]:
    """The lines that stay before and after new data lines, and the line end that those take.

    New lines take the place of the last data line. In the place of an earlier one, the CR of a line before the last
    and the LF of the blank line could meet and read as one line end.
    """
    at = max((i for i, line in enumerate(lines) if line.field == b"data"), default=None)
    if at is None:
        return lines[:-1], lines[-1:], lines[-1].ending
    return [line for line in lines[:at] if line.field != b"data"], lines[at + 1 :], lines[at].ending


def _half_data_line(lines: list[_Line]) -> int:
    """How many bytes of a block stand before the middle of its last data line, or of its last line where none has
    data."""
    whole = [i for i, line in enumerate(lines[:-1]) if line.content]
    at = max((i for i in whole if lines[i].field == b"data"), default=max(whole, default=0))
    return sum(len(line.content) + len(line.ending) for line in lines[:at]) + (len(lines[at].content) + 1) // 2


def _with_field(lines: list[_Line], name: bytes, value: str | None, ending: bytes, *, add: bool) -> list[_Line]:
    others = [line for line in lines if line.field != name]
    if value is None:
        return others
    if len(others) == len(lines):
        return [*lines, _Line(name + b": " + value.encode(), ending)] if add else lines
    return [line._replace(content=name + b": " + value.encode()) if line.field == name else line for line in lines]


def _joined(lines: list[_Line]) -> bytes:
    """The bytes of the lines, where a CR before a line that was not its neighbour must not meet the LF of that."""
    out = b""
    for line in lines:
        meet = out.endswith(b"\r") and line == _Line(b"", b"\n")
        out += b"\n" + line.ending if meet else line.content + line.ending
    return out


def _read(raw: bytes, *, bom: bool) -> SseBlock:
    """Reads the fields of one block; of `event`, `id` and `retry` the last one counts."""
    fields: dict[bytes, list[bytes]] = {}
    for line in _lines(raw.removeprefix(BOM) if bom else raw):
        fields.setdefault(line.field, []).append(line.value)
    data, ids = fields.get(b"data"), [value for value in fields.get(b"id", ()) if b"\0" not in value]
    return SseBlock(
        raw=raw,
        data=None if data is None else b"\n".join(data),
        event=_last(fields.get(b"event")) or "message",
        id=_last(ids),
        retry=_last(fields.get(b"retry")),
        bom=bom,
    )


def _last(values: list[bytes] | None) -> str | None:
    return values[-1].decode(errors="replace") if values else None
