"""An event stream on its way to the client: cut into events, without holding a byte back that no rule waits for."""

from dataclasses import dataclass

from proxy_addons.framing.sse import SseBlock, SseFramer


@dataclass(frozen=True, slots=True)
class Passage:
    """Bytes that are due at the client, and the event that they are, if it is a whole one."""

    raw: bytes
    block: SseBlock | None = None
    index: int = 0
    """The nth event of the stream; 0 where there is none."""
    whole: bool = False
    """No byte of the event has been passed on yet, so a rule may still act on it."""


class SseRelay:
    """Bytes of one response body in, passages out; `raw` over all passages is every byte fed, in order."""

    def __init__(self) -> None:
        self._framer = SseFramer()
        self._passed = 0  # how much of the event that is still coming has been passed on
        self._events = 0

    def feed(self, data: bytes, *, hold: bool) -> list[Passage]:
        """With `hold`, an event is passed on when it is complete; without, its bytes go as they come."""
        passages = [self._passage(block) for block in self._framer.feed(data)]
        if not hold:
            rest = self._framer.pending_from(self._passed)
            self._passed += len(rest)
            passages.append(Passage(rest))
        return [passage for passage in passages if passage.raw or passage.block]

    def flush(self) -> bytes:
        """The bytes of an event that never became complete."""
        rest = self._framer.pending_from(self._passed)
        self._passed += len(rest)
        return rest

    def _passage(self, block: SseBlock) -> Passage:
        passed, self._passed = self._passed, 0
        raw = block.raw[passed:]
        if block.data is None:
            return Passage(raw)
        self._events += 1
        return Passage(raw, block, self._events, whole=passed == 0)
