"""mitmproxy as it comes, as a reverse proxy in a process of its own: the peer that brownout is held against.

    python -m benchmarks.bare_mitmproxy http://127.0.0.1:8000

It has the addons that any proxying needs and no others, and the options that FaultProxy sets: a stricter peer than
`mitmdump -q`, whose further addons about halve its pace.
"""

import asyncio
import sys
from tempfile import TemporaryDirectory

from mitmproxy.addons.core import Core
from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.options import Options

from benchmarks.children import serve_until_stdin_ends


class StreamEvents:
    """Without it, mitmproxy keeps an event stream until it is over."""

    def responseheaders(self, flow: HTTPFlow) -> None:
        assert flow.response
        if flow.response.headers.get("content-type", "").startswith("text/event-stream"):
            flow.response.stream = True


class Ready:
    """Is set as soon as the proxy listens."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def running(self) -> None:
        self.event.set()


async def main(target: str, confdir: str) -> None:
    master = Master(Options(confdir=confdir, mode=[f"reverse:{target}@127.0.0.1:0"]))
    proxyserver, ready = Proxyserver(), Ready()
    master.addons.add(Core(), proxyserver, NextLayer(), TlsConfig(), StreamEvents(), ready)
    master.options.update(connection_strategy="lazy", keep_host_header=True)
    running = asyncio.create_task(master.run())
    await ready.event.wait()
    ((_, port, *_),) = proxyserver.listen_addrs()
    await serve_until_stdin_ends(port)
    master.shutdown()
    await running


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(main(sys.argv[1], folder))
