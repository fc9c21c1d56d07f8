"""The reference app as `python -m reference_app` serves it, with its log on disk, in a process of its own.

For each line on its standard input it says how many milliseconds of processor time it has used.
"""

import resource
import socket
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.children import tell
from reference_app.app import create_app
from reference_app.server import TimerServer, collect_less_often, new_listener
from reference_app.settings import Settings


def allow_many_files() -> None:
    """As many as this machine lets a process have: thousands of connections are as many files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(folder: Path) -> None:
    listener = new_listener(socket.AF_INET)
    listener.bind(("127.0.0.1", 0))
    server = TimerServer(create_app(Settings(data=folder)), lambda: tell(listener.getsockname()[1]))

    def answer() -> None:
        for _ in sys.stdin:
            tell(round(time.process_time() * 1000))
        server.should_exit = True

    threading.Thread(target=answer, daemon=True).start()
    collect_less_often()
    server.run(sockets=[listener])


if __name__ == "__main__":
    allow_many_files()
    with TemporaryDirectory() as temporary:
        main(Path(temporary))
