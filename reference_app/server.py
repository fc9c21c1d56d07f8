"""uvicorn, made to say goodbye before it closes connections, and to stop soon whatever they do."""

import gc
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
MAX_HEAD_BYTES = 32 * 1024
"""A longer request line with its headers is answered with 400."""
SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel may hold for one reader; by itself Linux lets that grow to megabytes (tcp(7), tcp_wmem)."""
UNTAKEN_SECONDS = 15
"""How long the kernel may hold it: past that it gives up the connection, also one that was cut off and whose end nobody
takes (tcp(7), TCP_USER_TIMEOUT; Linux alone)."""


COLLECT_AFTER = 50_000
"""Objects more than before that have Python look for cycles among them. One event makes some thousands for as long as
it is on its way to a thousand readers; by itself Python looks at 700, and whoever is told last waits for it."""


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
                access_log=False,
                h11_max_incomplete_event_size=MAX_HEAD_BYTES,
                http="h11",
                ws_max_size=MAX_FRAME_BYTES,
                # A tick is smaller than what compressing it costs, for each of a thousand readers.
                ws_per_message_deflate=False,
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
        await self._app.state.timers.stop(GOODBYE_SECONDS)
        await super().shutdown(sockets)


def collect_less_often() -> None:
    """Spare readers Python's search for cycles, for a process that serves: what is there by now is never looked at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def new_listener(family: socket.AddressFamily) -> socket.socket:
    """A socket to listen with, not bound yet; the connections that it accepts inherit what is set here."""
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it, each answer takes 40 ms more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(UNTAKEN_SECONDS * 1000))
    return listener


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve an app from a thread, on a free port of 127.0.0.1; gives its URL, and stops it in the end.

    Raises RuntimeError if it does not start; the log says why.
    """
    listener = new_listener(socket.AF_INET)
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
