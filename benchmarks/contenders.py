"""The ways from client to server that stand side by side, each in a process of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from benchmarks.children import Child, child
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

Name = Literal["direct", "mitmproxy", "brownout", "haproxy"]

_HAPROXY = """
global
    nbthread 1  # as the others
defaults
    mode http
    option http-no-delay  # else it keeps a first event for 200 ms
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
frontend clients
    bind 127.0.0.1:{port}
    default_backend origin
backend origin
    server origin {address}
"""


@contextmanager
def origin() -> Iterator[Child]:
    with child(["benchmarks.origin"]) as running:
        yield running


def mitmproxy(origin_port: int) -> AbstractContextManager[Child]:
    return child(["benchmarks.bare_mitmproxy", f"http://127.0.0.1:{origin_port}"])


def brownout(origin_port: int) -> AbstractContextManager[Child]:
    return child(["benchmarks.fault_proxy", f"http://127.0.0.1:{origin_port}"])


@contextmanager
def haproxy(origin_port: int) -> Iterator[Child]:
    port = free_port()
    with TemporaryDirectory() as folder:
        config = Path(folder, "haproxy.cfg")
        config.write_text(_HAPROXY.format(port=port, address=f"127.0.0.1:{origin_port}"))
        with SubjectProcess(["haproxy", "-db", "-f", str(config)], f"http://127.0.0.1:{port}") as running:
            assert running.pid
            yield Child(running.pid, port)


PEERS: dict[Name, Callable[[int], AbstractContextManager[Child]]] = {
    "mitmproxy": mitmproxy,
    "brownout": brownout,
    "haproxy": haproxy,
}


@contextmanager
def side_by_side() -> Iterator[dict[Name, int]]:
    """Starts the server and all that go in front of it: the port of each. Without haproxy where there is none."""
    with ExitStack() as stack:
        server = stack.enter_context(origin())
        ports: dict[Name, int] = {"direct": server.port}
        for name, start in PEERS.items():
            if name != "haproxy" or shutil.which("haproxy"):
                ports[name] = stack.enter_context(start(server.port)).port
        yield ports
