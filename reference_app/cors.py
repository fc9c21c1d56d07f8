"""Cross-origin access for pages of any origin (WHATWG Fetch, 3.2): the app holds no secrets and sets no cookies."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Cache-Control, Content-Type, Idempotency-Key, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}


class AllowAnyOrigin:
    """Answers preflights and opens every other answer, errors too, whether or not the request names its origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Access-Control-Allow-Origin"] = "*"
            await send(message)

        preflight = Response(status_code=204, headers=PREFLIGHT_HEADERS)
        respond = preflight if scope["method"] == "OPTIONS" else self._app
        await respond(scope, receive, send_open)
