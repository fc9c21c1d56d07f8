"""The way in that is preferred: the same messages, and commands on the same connection."""

import contextlib
from http import HTTPStatus

import anyio
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from reference_app.hub import Hub
from reference_app.messages import Message, Ping, Rejected, Resync, encode
from reference_app.reader import read_message
from reference_app.subscription import Batch, End, Subscription
from reference_app.timers import NoTimer, Reason, Timers
from reference_app.visits import visit_of

VERSION = "1"
UNSUPPORTED_VERSION = 4400
CLOSE_CODES: dict[End, int] = {"stopping": 1012, "slow": 1013}
"""Service Restart and Try Again Later (IANA WebSocket Close Code Number Registry)."""
NO_TIMER_CODES: dict[Reason, int] = {"name": 4400, "full": 4403, "unavailable": 1013}
"""The status that HTTP has for it, as a close code; no timer can be opened now: Try Again Later."""

_CLOSE_SECONDS = 0.5
_MAX_REASON_BYTES = 123
"""What a close frame holds beside its code (RFC 6455, 5.5)."""


def upgrade_required() -> Response:
    """The answer to a plain request (RFC 9110, 15.5.22)."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    return JSONResponse({"detail": "open this URL as a WebSocket"}, HTTPStatus.UPGRADE_REQUIRED, headers)


async def serve(timers: Timers, websocket: WebSocket, timer: str, since: str) -> None:
    """Serve one WebSocket of this timer from the cursor `since` until either side ends it."""
    # A refusal before accepting would be HTTP 403, and a page would learn nothing but 1006.
    with contextlib.suppress(WebSocketDisconnect):
        await websocket.accept()
        version = websocket.query_params.get("v", VERSION)
        if version != VERSION:
            await _refuse(websocket, UNSUPPORTED_VERSION, f"unsupported version, this server speaks {VERSION}")
            return
        try:
            hub = timers.get(timer)
        except NoTimer as refusal:
            await _refuse(websocket, NO_TIMER_CODES[refusal.reason], str(refusal))
            return
        await _converse(hub, websocket, since)


async def _refuse(websocket: WebSocket, code: int, reason: str) -> None:
    visit_of(websocket.scope).ended("refused")
    await websocket.close(code, reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore"))


async def _converse(hub: Hub, websocket: WebSocket, since: str) -> None:
    async def send_batch(batch: Batch) -> None:
        for message in batch:
            await websocket.send_text(encode(message))

    end: End | None = None
    with hub.subscribe(since, "websocket") as subscription:
        async with anyio.create_task_group() as tasks:

            async def deliver() -> None:
                nonlocal end
                with contextlib.suppress(WebSocketDisconnect):
                    end = await subscription.deliver(send_batch)
                tasks.cancel_scope.cancel()

            # In a task of its own: to wake this one, for each message, would go through all that wraps the app.
            tasks.start_soon(deliver)
            await _listen(hub, websocket, subscription)
            tasks.cancel_scope.cancel()
        if end is not None:
            visit_of(websocket.scope).ended(end)
            # To a reader who takes nothing, even a close frame cannot be sent.
            with anyio.move_on_after(_CLOSE_SECONDS):
                await websocket.close(CLOSE_CODES[end])


async def _listen(hub: Hub, websocket: WebSocket, subscription: Subscription) -> None:
    while (frame := await websocket.receive())["type"] != "websocket.disconnect":
        subscription.push(*_answer(hub, frame.get("text")))


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
