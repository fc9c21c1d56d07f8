"""An event stream on its way to the client: cut into events, without holding a byte back that no rule waits for."""

import re
from dataclasses import dataclass

from proxy_addons.framing.sse import BOM, SseBlock, SseFramer

BACKLOG_BYTES = 65_536
"""How much of what no rule looks at is kept before it is read."""

_DATA_LINE = re.compile(rb"(?:\A|\n)data(?=[:\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Bytes that are due at the client, and the block that they are, if it is a whole one."""

    raw: bytes
    block: SseBlock | None = None
    index: int = 0
    """The nth event of the stream; 0 where there is none."""
    whole: bool = False
    """No byte of the block has been passed on yet, so a rule may still act on it."""


class SseRelay:
    """Bytes of one response body in, passages out; `raw` over all passages is every byte fed, in order.

    What no rule looks at goes by without being read. But a rule that comes in the middle of the stream wants to know
    which event comes next, and whether a part of it has passed already: so it is read later, much at a time.
    """

    def __init__(self) -> None:
        self._framer = SseFramer()
        self._passed = 0  # how much of the event that is still coming has been passed on
        self._events = 0
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._begun = False  # the first block has ended: a byte order mark means nothing any more

    @property
    def holds(self) -> bool:
        """Whether a part of an event is held until it is whole."""
        return self._passed < self._framer.pending_size

    def go_by(self, data: bytes) -> None:
        """Takes bytes that are passed on as they are. Only while nothing is held."""
        self._unread.append(data)
        self._unread_bytes += len(data)
        if self._unread_bytes > BACKLOG_BYTES:
            self._catch_up()

    def feed(self, data: bytes, *, hold: bool) -> list[Passage]:
        """With `hold`, an event is passed on when it is complete; without, its bytes go as they come."""
        if self._unread:
            self._catch_up()
        passages = [self._passage(block) for block in self._framer.feed(data)]
        if not hold:
            passages.append(Passage(self.flush()))
        return [passage for passage in passages if passage.raw or passage.block]

    def flush(self) -> bytes:
        """The bytes that are held of an event that is not complete."""
        rest = self._framer.pending_from(self._passed)
        self._passed += len(rest)
        return rest

    def _passage(self, block: SseBlock) -> Passage:
        passed, self._passed = self._passed, 0
        self._begun = True
        if block.data is not None:
            self._events += 1
        index = 0 if block.data is None else self._events
        return Passage(block.raw[passed:], block, index, whole=passed == 0)

    def _catch_up(self) -> None:
        """Count the events in what went by, and find out where the one begins that is still coming."""
        data = b"".join(self._unread)
        self._unread.clear()
        self._unread_bytes = 0
        stream = self._framer.pending + data
        cut = 0 if b"\r" in stream else stream.rfind(b"\n\n") + 2
        if cut > 1:
            self._events += _count_events(stream[:cut] if self._begun else stream[:cut].removeprefix(BOM))
            self._framer = SseFramer()
            self._framer.feed(b"\n")  # so that it does not take what follows for the beginning of the stream
            self._framer.feed(stream[cut:])
            self._begun = True
        else:
            blocks = self._framer.feed(data)
            self._events += sum(block.data is not None for block in blocks)
            self._begun = self._begun or bool(blocks)
        self._passed = self._framer.pending_size


def _count_events(blocks: bytes) -> int:
    """How many of these blocks, all whole and with LF for line ends, are events."""
    return sum(_DATA_LINE.search(block) is not None for block in blocks.split(b"\n\n"))
