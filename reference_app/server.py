"""uvicorn, made to say goodbye before it closes connections, and to stop soon whatever they do."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from reference_app.app import create_app
from reference_app.settings import Settings

GOODBYE_SECONDS = 0.5
"""How long readers have to take the goodbye and the end of their connection."""
CLOSE_SECONDS = 1
"""How long uvicorn then waits for what has not ended."""
MAX_FRAME_BYTES = 1024 * 1024
"""Larger WebSocket messages end the connection with 1009; above what is rejected politely."""


class TimerServer(uvicorn.Server):
    """Serves one timer app; `on_start` is called when it answers requests."""

    def __init__(self, app: FastAPI, on_start: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=CLOSE_SECONDS,
                ws_max_size=MAX_FRAME_BYTES,
            )
        )
        self._app = app
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        """Stop, which is soon enough for a second signal to change nothing; uvicorn's own raises the signal again."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn ends connections first and the app after them, and waits for endless streams.
        for server in self.servers:
            server.close()
        await self._app.state.hub.stop(GOODBYE_SECONDS)
        await super().shutdown(sockets)


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve an app from a thread, on a free port of 127.0.0.1; gives its URL, and stops it in the end.

    Raises RuntimeError if it does not start; the log says why.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    started = threading.Event()
    server = TimerServer(create_app(settings), started.set)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def run() -> None:
        # uvicorn exits when the app fails to start up.
        with suppress(SystemExit):
            server.run(sockets=[listener])
        started.set()

    thread = threading.Thread(target=run, name="timer server")
    thread.start()
    started.wait()
    try:
        if not server.started:
            raise RuntimeError("the timer server did not start")
        yield url
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
