"""Server-sent events: one endless response, each message a block of `id` and `data` (WHATWG HTML, 9.2).

Nothing is sent as a comment or under an `event` name: a page would see neither in `onmessage`.
"""

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reference_app.hub import Hub
from reference_app.subscription import Batch
from reference_app.visits import visit_of

RETRY_MS = 3000
"""When a browser comes back by itself; never small, for Chromium would take even 0 at its word."""

_LAST_CHUNK_SECONDS = 0.5

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    "Access-Control-Allow-Headers": "Cache-Control, Last-Event-ID",
}


def stream(hub: Hub, request: Request, since: str) -> Response:
    """The stream from the cursor `since`, or else from the one in `Last-Event-ID`; for HEAD only its headers."""
    headers = dict(_HEADERS)
    # HTTP/2 forbids the header (RFC 9113, 8.2.2), and a client that asked for a close is not told otherwise.
    if request.scope["http_version"] == "1.1" and request.headers.get("connection", "").lower() != "close":
        headers["Connection"] = "keep-alive"
    if request.method == "HEAD":
        return _endless(Response(headers=headers))
    return _endless(_Stream(hub, since or request.headers.get("last-event-id", ""), headers))


def _endless(response: Response) -> Response:
    del response.headers["content-length"]
    return response


class _Stream(Response):
    """A response that lasts until the reader leaves, is cut off, or the server stops."""

    def __init__(self, hub: Hub, since: str, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        self._hub = hub
        self._since = since
        self._opening = f"retry: {RETRY_MS}\n".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

        async def send_batch(batch: Batch) -> None:
            await _send_body(send, self._opening + b"".join([message.block for message in batch]))
            self._opening = b""

        with self._hub.subscribe(self._since, "eventsource") as subscription:
            async with anyio.create_task_group() as tasks:

                async def deliver() -> None:
                    visit_of(scope).ended(await subscription.deliver(send_batch) or "left")
                    tasks.cancel_scope.cancel()

                # In a task of its own: to wake this one, for each message, would go through all that wraps the app.
                tasks.start_soon(deliver)
                await _wait_for_disconnect(receive)
                tasks.cancel_scope.cancel()
        # To a reader who takes nothing, even the end cannot be sent.
        with anyio.move_on_after(_LAST_CHUNK_SECONDS):
            await _send_body(send, b"", more=False)


async def _send_body(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
