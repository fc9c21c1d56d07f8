"""One reader's queue: bounded, so that a reader who does not read costs nobody else anything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import anyio

from reference_app.messages import Message

QUEUE_BATCHES = 256
"""How far a reader may fall behind before it is cut off."""

Batch = tuple[Message, ...]
End = Literal["stopping", "slow"]


class Subscription:
    """One reader: what it has yet to be sent, in batches that belong together."""

    def __init__(self) -> None:
        self.end: End | None = None
        """Why no more will come."""
        self._queue: asyncio.Queue[Batch | None] = asyncio.Queue(QUEUE_BATCHES)
        self._delivery: anyio.CancelScope | None = None

    def push(self, *batch: Message) -> None:
        """Queue messages, or cut off a reader that has not taken what came before."""
        self._put(batch)

    def finish(self) -> None:
        """Nothing comes after what is queued."""
        self._put(None)
        self.end = self.end or "stopping"

    def _put(self, item: Batch | None) -> None:
        if self.end is not None:
            return
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            self.end = "slow"
            if self._delivery is not None:
                self._delivery.cancel()

    async def deliver(self, send: Callable[[Batch], Awaitable[None]]) -> End | None:
        """Give `send` each batch until there is an end, and say which; when cut off, abandon a send that blocks."""
        with anyio.CancelScope() as self._delivery:
            while self.end != "slow" and (batch := await self._queue.get()) is not None:
                await send(batch)
        return self.end
