"""Heads that announce the real one, such as `100 Continue` (RFC 9110, 15.2), which mitmproxy takes for answers."""

import re

_HEAD = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[ \r][^\0]*?\r\n\r\n")
"""101 is an answer of its own."""
_START = b"HTTP/1.1 1"
_SWITCHING = b"HTTP/1.1 101"


class InterimHeads:
    """Cuts them off the bytes of an origin that is to answer."""

    def __init__(self) -> None:
        self._begun = b""

    def may_be(self, data: bytes) -> bool:
        """Whether `cut` wants to see these bytes, if they come where an answer begins."""
        return bool(self._begun) or data.startswith(_START) or _START.startswith(data)

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        """The interim heads in what has come, and what follows them; a head that is not whole yet is kept."""
        data, self._begun = self._begun + data, b""
        end = 0
        while head := _HEAD.match(data, end):
            end = head.end()
        heads, rest = data[:end], data[end:]
        begun = _START.startswith(rest) or (rest.startswith(_START) and not rest.startswith(_SWITCHING))
        if begun and b"\r\n\r\n" not in rest:
            self._begun, rest = rest, b""
        return heads, rest
