"""The app: which URL leads where."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Annotated, Any

import anyio
from fastapi import Depends, FastAPI, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from reference_app import commands, eventsource, page, polling, websocket
from reference_app.cors import AllowAnyOrigin
from reference_app.hub import Hub
from reference_app.page import ClientFiles
from reference_app.settings import Settings
from reference_app.store import Store


def open_store(settings: Settings) -> Store:
    """The log that the settings name; raises StoreError."""
    return Store.open(settings.data, new_epoch=secrets.token_hex(8), duration_ms=settings.duration_ms)


def now_ms() -> int:
    """The server's clock: Unix milliseconds."""
    return time.time_ns() // 1_000_000


async def _hub(connection: HTTPConnection) -> Hub:
    hub: Hub = connection.app.state.hub
    return hub


CurrentHub = Annotated[Hub, Depends(_hub)]


def create_app(settings: Settings) -> FastAPI:
    """The app with these settings. Its log is opened when it starts up; that raises StoreError."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with closing(open_store(settings)) as store:
            app.state.hub = Hub(store, now_ms, settings.scale)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(app.state.hub.run)
                yield
                tasks.cancel_scope.cancel()

    app = FastAPI(title="Timer", lifespan=lifespan)
    app.add_middleware(AllowAnyOrigin)
    _add_ways_in(app)
    _add_pages(app, settings)
    return app


def _add_ways_in(app: FastAPI) -> None:
    @app.head("/timer", include_in_schema=False)
    @app.get("/timer")
    async def poll(hub: CurrentHub, since: str | None = None) -> Response:
        """The snapshot, or the events after the cursor `since` and a tick."""
        return polling.poll(hub, since)

    @app.head("/timer/stream", include_in_schema=False)
    @app.get("/timer/stream")
    async def stream(hub: CurrentHub, request: Request, since: str | None = None) -> Response:
        """The same as server-sent events, and then all that happens; resumes by `since` or `Last-Event-ID`."""
        return eventsource.stream(hub, request, since)

    @app.post("/timer/commands", openapi_extra=commands.OPENAPI)
    async def command(hub: CurrentHub, request: Request) -> Response:
        """One command `{id, name, args}`, carried out once under its `Idempotency-Key`."""
        return await commands.post(hub, request)

    @app.websocket("/timer/ws")
    async def serve(hub: CurrentHub, socket: WebSocket, since: str | None = None) -> None:
        await websocket.serve(hub, socket, since)


def _add_pages(app: FastAPI, settings: Settings) -> None:
    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return page.index(settings.client_dir, settings.scale)

    @app.get("/healthz")
    async def health(hub: CurrentHub) -> dict[str, Any]:
        """Alive, and how far the log has come."""
        return {"status": "ok", "epoch": hub.epoch, "seq": hub.last_seq}

    app.mount("/client", ClientFiles(directory=settings.client_dir, check_dir=False))
