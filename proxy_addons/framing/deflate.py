"""permessage-deflate: what a handshake agreed on, and how messages are read then (RFC 7692)."""

import zlib
from dataclasses import dataclass

from proxy_addons.events import Direction


@dataclass(frozen=True, slots=True)
class Deflate:
    """The parameters of permessage-deflate that the origin's answer settled (RFC 7692, 7.1)."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = zlib.MAX_WBITS
    client_max_window_bits: int = zlib.MAX_WBITS

    @classmethod
    def parse(cls, extensions: str) -> "Deflate | None":
        """From the `Sec-WebSocket-Extensions` header of the response; None if compression was not agreed on."""
        for extension in extensions.split(","):
            name, *parameters = (part.strip() for part in extension.split(";"))
            if name == "permessage-deflate":
                return cls._settled(parameters)
        return None

    @classmethod
    def _settled(cls, parameters: list[str]) -> "Deflate":
        given = {name.strip(): value.strip(' "') for name, _, value in (each.partition("=") for each in parameters)}
        return cls(
            server_no_context_takeover="server_no_context_takeover" in given,
            client_no_context_takeover="client_no_context_takeover" in given,
            server_max_window_bits=_window_bits(given.get("server_max_window_bits", "")),
            client_max_window_bits=_window_bits(given.get("client_max_window_bits", "")),
        )

    def inflater(self, direction: Direction) -> "Inflater":
        """What reads the messages of one direction."""
        if direction == "to_client":
            return Inflater(self.server_max_window_bits, keeps_context=not self.server_no_context_takeover)
        return Inflater(self.client_max_window_bits, keeps_context=not self.client_no_context_takeover)


def _window_bits(value: str) -> int:
    """As it was settled, or the largest window, which reads what any other one wrote."""
    return int(value) if value in map(str, range(8, 16)) else zlib.MAX_WBITS


class Inflater:
    """Decompresses the messages of one direction (RFC 7692, 7.2.2)."""

    def __init__(self, window_bits: int = zlib.MAX_WBITS, *, keeps_context: bool = True) -> None:
        self._window_bits = window_bits
        self._keeps_context = keeps_context
        self._window = b""
        self._stream = zlib.decompressobj(-window_bits)

    def inflate(self, payload: bytes) -> bytes | None:
        """The data of one message, or None if they do not inflate."""
        rest, parts = payload + TAIL, []
        try:
            while rest:
                parts.append(self._stream.decompress(rest))
                rest = self._stream.unused_data  # what follows a final block (7.2.3.4) is a stream of its own
                self._remember(parts[-1])
        except zlib.error:
            self._start()
            return None
        if not self._keeps_context:
            self._window = b""
            self._start()
        return b"".join(parts)

    def skip(self, payloads: bytes) -> bool:
        """Takes many messages, each with its tail, whose data nobody wants; False, and nothing taken, if they do not
        inflate."""
        if not self._keeps_context:
            return True
        before, window, rest = self._stream.copy(), self._window, payloads
        try:
            while rest:
                data = self._stream.decompress(rest, _AT_ONCE_BYTES)
                rest = self._stream.unconsumed_tail or self._stream.unused_data
                self._remember(data)
        except zlib.error:
            self._stream, self._window = before, window
            return False
        return True

    def _start(self) -> None:
        self._stream = zlib.decompressobj(-self._window_bits, zdict=self._window)

    def _remember(self, data: bytes) -> None:
        size = 1 << self._window_bits
        self._window = data[-size:] if len(data) >= size else (self._window + data)[-size:]
        if self._stream.eof:
            self._start()


_AT_ONCE_BYTES = 1 << 20
TAIL = b"\x00\x00\xff\xff"
"""What a sender takes off the end of each message (RFC 7692, 7.2.1)."""
