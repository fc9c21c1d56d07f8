"""One reader's queue: bounded in size and in time, so that a reader who does not read costs nobody else anything."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal

import anyio

from reference_app.messages import Message

QUEUE_MESSAGES = 2048
"""How far a reader may fall behind before it is cut off; more than the longest answer to a cursor."""
SLOW_SECONDS = 10.0
"""How long a reader may take nothing while something waits for it; twice the silence that a client puts up with."""

Batch = tuple[Message, ...]
End = Literal["stopping", "slow"]


class Subscription:
    """One reader: what it has yet to be sent, in batches that belong together."""

    def __init__(
        self,
        slow_seconds: float = SLOW_SECONDS,
        on_sent: Callable[[Batch], object] = len,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.end: End | None = None
        """Why no more will come."""
        self._slow_seconds = slow_seconds
        self._on_sent = on_sent
        self._clock = clock
        self._queue: deque[Batch | None] = deque()
        self._idle: asyncio.Future[None] | None = None
        """Done as soon as something is queued. An asyncio.Queue would do the same and take longer."""
        self._waiting = 0
        self._sending_since: float | None = None
        self._delivery: anyio.CancelScope | None = None

    def push(self, *batch: Message) -> None:
        """Queue messages, or cut off a reader that has not taken what came before."""
        if self.end is not None:
            return
        weight = sum(map(_weight, batch))
        if self._waiting + weight > QUEUE_MESSAGES or self._stuck:
            self.end = "slow"
            if self._delivery is not None:
                self._delivery.cancel()
            return
        self._waiting += weight
        self._put(batch)

    def finish(self) -> None:
        """Nothing comes after what is queued."""
        if self.end is None:
            self.end = "stopping"
            self._put(None)

    @property
    def _stuck(self) -> bool:
        return self._sending_since is not None and self._clock() - self._sending_since > self._slow_seconds

    async def deliver(self, send: Callable[[Batch], Awaitable[None]]) -> End | None:
        """Give `send` each batch until there is an end, and say which; when cut off, abandon a send that blocks."""
        with anyio.CancelScope() as self._delivery:
            while self.end != "slow" and (batch := await self._next()) is not None:
                self._waiting -= sum(map(_weight, batch))
                self._sending_since = self._clock()
                await send(batch)
                self._sending_since = None
                self._on_sent(batch)
        return self.end

    def _put(self, batch: Batch | None) -> None:
        self._queue.append(batch)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    async def _next(self) -> Batch | None:
        if not self._queue:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle
        return self._queue.popleft()


def _weight(message: Message) -> int:
    """A snapshot holds many events; whoever asks for many of them holds as much."""
    # by its kind: to ask a model for its class takes longer than all else here, and each reader asks
    return 1 + len(message.events) if message.kind == "snapshot" else 1
