"""A stock ticker that knows nothing of brownout: `python -m e2e.foreign --port 8010 [--wrong no-back-off]`."""

import argparse
import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, StreamingResponse

from e2e.foreign.pages import WRONG, page_source

BEAT_S = 0.1


async def quotes() -> AsyncIterator[str]:
    """A greeting and then prices, for ever."""
    yield "hello"
    for number in itertools.count():
        yield f'{{"type": "quote", "symbol": "ACME", "price": {12 + number % 40 / 10}}}'
        await asyncio.sleep(BEAT_S)


def create_app(page: str) -> FastAPI:
    """The page, and the quotes over WebSocket and as an event stream. It remembers nothing."""
    app = FastAPI()

    @app.get("/")
    async def index() -> HTMLResponse:
        return HTMLResponse(page)

    @app.websocket("/quotes")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        with suppress(WebSocketDisconnect):
            async for quote in quotes():
                await websocket.send_text(quote)

    @app.get("/quotes/stream")
    async def stream() -> StreamingResponse:
        events = (f"data: {quote}\n\n" async for quote in quotes())
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return app


def main() -> None:
    """Serves it until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m e2e.foreign", description=__doc__)
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--wrong", choices=WRONG, help="what the page does wrong; nothing without it")
    wanted = parser.parse_args()
    app = create_app(page_source(wanted.wrong))
    uvicorn.run(app, host="127.0.0.1", port=wanted.port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
