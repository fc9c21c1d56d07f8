"""The app: which URL leads where."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Annotated

import anyio
from fastapi import Depends, FastAPI, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from reference_app import commands, documentation, eventsource, page, polling, websocket
from reference_app.cors import AllowAnyOrigin
from reference_app.documentation import DocumentedApp, Health, Since, TimerName
from reference_app.hub import Hub
from reference_app.metrics import CONTENT_TYPE, Metrics
from reference_app.page import ClientFiles
from reference_app.settings import Settings
from reference_app.timers import DEFAULT, NoTimer, Timers
from reference_app.visits import LogVisits


def now_ms() -> int:
    """The server's clock: Unix milliseconds."""
    return time.time_ns() // 1_000_000


def open_timers(settings: Settings, metrics: Metrics | None = None) -> Timers:
    """All timers that there are under these settings; raises StoreError."""
    return Timers(settings, now_ms, metrics)


async def _timers(connection: HTTPConnection) -> Timers:
    timers: Timers = connection.app.state.timers
    return timers


AllTimers = Annotated[Timers, Depends(_timers)]


async def _hub(timers: AllTimers, timer: TimerName = DEFAULT) -> Hub:
    return timers.get(timer)


NamedHub = Annotated[Hub, Depends(_hub)]


def create_app(settings: Settings) -> FastAPI:
    """The app with these settings. Its logs are opened when it starts up; that raises StoreError."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with closing(open_timers(settings, metrics)) as timers:
            app.state.timers = timers
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(timers.run)
                yield
                tasks.cancel_scope.cancel()

    app = DocumentedApp(lifespan=lifespan, **documentation.APP)
    app.add_middleware(AllowAnyOrigin)
    app.add_middleware(LogVisits, metrics=metrics)
    app.add_exception_handler(NoTimer, polling.refuse)
    _add_ways_in(app)
    _add_pages(app, settings, metrics)
    return app


def _add_ways_in(app: FastAPI) -> None:
    @app.head("/timer", **documentation.POLL_HEAD)
    @app.get("/timer", **documentation.POLL)
    async def poll(hub: NamedHub, since: Since = "") -> Response:
        """The snapshot, or the events after the cursor `since` and a tick."""
        return polling.poll(hub, since)

    @app.head("/timer/stream", **documentation.STREAM_HEAD)
    @app.get("/timer/stream", **documentation.STREAM)
    async def stream(hub: NamedHub, request: Request, since: Since = "") -> Response:
        """The same as server-sent events, and then all that happens; resumes by `since` or `Last-Event-ID`."""
        return eventsource.stream(hub, request, since)

    @app.post("/timer/commands", **documentation.COMMAND)
    async def command(hub: NamedHub, request: Request) -> Response:
        """One command `{id, name, args}`, carried out once under its `Idempotency-Key`."""
        return await commands.post(hub, request)

    @app.websocket("/timer/ws")
    async def serve(timers: AllTimers, socket: WebSocket, timer: str = DEFAULT, since: str = "") -> None:
        await websocket.serve(timers, socket, timer, since)

    @app.get("/timer/ws", **documentation.WEBSOCKET)
    async def upgrade() -> Response:
        """The same messages over a WebSocket, and commands on the same connection."""
        return websocket.upgrade_required()


def _add_pages(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return page.index(settings.client_dir, settings.scale)

    @app.get("/healthz", **documentation.HEALTH)
    async def health(timers: AllTimers) -> Health:
        """Alive, and how far the log of the default timer has come."""
        hub = timers.get()
        return Health(status="ok", epoch=hub.epoch, seq=hub.last_seq)

    @app.get("/metrics", **documentation.METRICS)
    async def metrics_text() -> Response:
        """What the server counts, for Prometheus."""
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    app.mount("/client", ClientFiles(directory=settings.client_dir, check_dir=False))
