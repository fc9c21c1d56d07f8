"""Projects of users: an app, and pytest run in a folder as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

PAGE = b"<!doctype html><title>Shop</title><p id=open>open</p>"
Done = subprocess.CompletedProcess[str]


class _App(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def some_app() -> Iterator[str]:
    """The URL of an app that answers every request with the same page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _App) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def pytest_in(folder: Path, *words: str, autoload: bool = False) -> Done:
    """What pytest says in this folder; with only the plugins that are needed, it starts in a third of the time."""
    plugins = [] if autoload else ["-p", "proxy_addons.harness.plugin", "-p", "xdist"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", str(folder), *plugins, *words],
        cwd=folder,
        env={**os.environ} | ({} if autoload else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}),
        capture_output=True,
        text=True,
        check=False,
    )
