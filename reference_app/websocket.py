"""The way in that is preferred: the same messages, and commands on the same connection."""

import contextlib
import logging

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from reference_app.hub import Hub
from reference_app.messages import Message, Ping, Rejected, Resync, encode
from reference_app.reader import read_message
from reference_app.subscription import Batch, End, Subscription

VERSION = "1"
UNSUPPORTED_VERSION = 4400
CLOSE_CODES: dict[End, int] = {"stopping": 1012, "slow": 1013}
"""Service Restart and Try Again Later (IANA WebSocket Close Code Number Registry)."""

_CLOSE_SECONDS = 0.5

_log = logging.getLogger(__name__)


async def serve(hub: Hub, websocket: WebSocket, since: str | None) -> None:
    """Serve one WebSocket from the cursor `since` until either side ends it."""
    # A refusal before accepting would be HTTP 403, and a page would learn nothing but 1006.
    with contextlib.suppress(WebSocketDisconnect):
        await websocket.accept()
        _log.info("WebSocket %s", websocket.url)
        version = websocket.query_params.get("v", VERSION)
        if version != VERSION:
            await websocket.close(UNSUPPORTED_VERSION, f"unsupported version, this server speaks {VERSION}")
            return
        await _converse(hub, websocket, since)


async def _converse(hub: Hub, websocket: WebSocket, since: str | None) -> None:
    async def send_batch(batch: Batch) -> None:
        for message in batch:
            await websocket.send_text(encode(message))

    end: End | None = None
    with hub.subscribe(since) as subscription:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_listen, hub, websocket, subscription, tasks.cancel_scope)
            with contextlib.suppress(WebSocketDisconnect):
                end = await subscription.deliver(send_batch)
            tasks.cancel_scope.cancel()
        if end is not None:
            # To a reader who takes nothing, even a close frame cannot be sent.
            with anyio.move_on_after(_CLOSE_SECONDS):
                await websocket.close(CLOSE_CODES[end])


async def _listen(hub: Hub, websocket: WebSocket, subscription: Subscription, conversation: anyio.CancelScope) -> None:
    while (frame := await websocket.receive())["type"] != "websocket.disconnect":
        subscription.push(*_answer(hub, frame.get("text")))
    conversation.cancel()


def _answer(hub: Hub, text: str | None) -> tuple[Message, ...]:
    try:
        if text is None:
            raise Rejected("malformed", "should be a text frame, this one is binary")
        message = read_message(text.encode())
        if isinstance(message, Ping):
            return (hub.pong(message),)
        if isinstance(message, Resync):
            return hub.catch_up(message.since)
        return (hub.execute(message),)
    except Rejected as rejected:
        return (hub.error(rejected),)
