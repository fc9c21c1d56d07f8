"""A chunked body (RFC 9112, 7.1) on its way through mitmproxy: read for its payload, kept as it came.

mitmproxy reads a body chunk by chunk and writes each anew. This takes the place of its reader: it hands over many
chunks at a time where nobody cares, and remembers the bytes that they came in, extensions and trailers included.
"""

import re
from collections.abc import Callable

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.proxy.layers.http._http1 import Http1Client

_HEAD = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")
_LONGEST_HEAD = 16_384


class ChunkReader:
    """Reads the body that mitmproxy's reader has begun. Called as that is: with what has come and was not read."""

    def __init__(self, begun: ChunkedReader, together: Callable[[], bool]) -> None:
        """`together`: whether several chunks may be handed over at once."""
        self.raw = b""
        """What was handed over last, in chunks: as they came, where they came whole."""
        self.trailer = b""
        """The lines behind the last chunk."""
        self._together = together
        self._left: int = begun._bytes_in_chunk
        """How much is still to come of a chunk that has begun."""
        discard: int | bytes = begun._bytes_to_discard
        self._skip = len(discard) if isinstance(discard, bytes) else discard
        """How much is still to come of the line end behind a chunk."""

    def __call__(self, buffer: ReceiveBuffer) -> h11.Data | h11.EndOfMessage | None:
        """The payload of what has come. Raises RemoteProtocolError where it is no chunk."""
        data, at = bytes(buffer), 0
        payload: list[bytes] = []
        raw: list[bytes] = []
        together = self._together()
        while not payload or together:
            if self._skip:
                at, self._skip = min(at + self._skip, len(data)), max(0, at + self._skip - len(data))
            if self._left:
                piece = data[at : at + self._left]
                if not piece:
                    break
                at += len(piece)
                self._left -= len(piece)
                self._skip = 0 if self._left else 2
                payload.append(piece)
                raw.append(b"%x\r\n%s\r\n" % (len(piece), piece))
                continue
            head = _HEAD.match(data, at)
            if head is None:
                self._must_be_incomplete(data[at:])
                break
            size = int(head[1], 16)
            if size == 0:
                if payload:
                    break
                return self._end(buffer, data, head)
            start, end = head.end(), head.end() + size
            if end + 2 <= len(data):
                payload.append(data[start:end])
                raw.append(data[at : end + 2])
                at = end + 2
            else:
                at, self._left = start, size
        buffer.maybe_extract_at_most(at)
        if not payload:
            return None
        self.raw = b"".join(raw)
        return h11.Data(data=b"".join(payload))

    def _end(self, buffer: ReceiveBuffer, data: bytes, head: re.Match[bytes]) -> h11.EndOfMessage | None:
        end = data.find(b"\r\n\r\n", head.end() - 2)
        if end < 0:
            buffer.maybe_extract_at_most(head.start())
            return None
        self.trailer = data[head.end() : end + 2]
        buffer.maybe_extract_at_most(end + 4)
        return h11.EndOfMessage()

    def _must_be_incomplete(self, rest: bytes) -> None:
        if b"\r\n" in rest or len(rest) > _LONGEST_HEAD:
            raise h11.RemoteProtocolError(f"illegal chunk header: {rest[:40]!r}")

    def read_eof(self) -> h11.EndOfMessage:
        raise h11.RemoteProtocolError("peer closed connection without sending complete message body")


def read_chunks(client: Http1Client, together: Callable[[], bool]) -> ChunkReader | None:
    """Put such a reader in the place of mitmproxy's; None if the body is not a chunked one."""
    if not isinstance(client.body_reader, ChunkedReader):
        return None
    reader = ChunkReader(client.body_reader, together)
    client.body_reader = reader  # type: ignore[assignment]  # it is called as one of theirs
    return reader
