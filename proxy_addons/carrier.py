"""The one mitmproxy Master of the process, which carries every FaultProxy.

mitmproxy keeps global state (two Masters would share their options), so all proxies are listeners of one Master, in
a thread with an event loop of its own. It starts with the first proxy and ends with the last.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from mitmproxy.addons.core import Core
from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.certs import CertStoreEntry
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.mode_servers import AsyncioServerInstance, ProxyConnectionHandler
from mitmproxy.proxy.mode_specs import ProxyMode

from proxy_addons.addon import FaultAddon
from proxy_addons.errors import ProxyError
from proxy_addons.wire.listener import Listener

T = TypeVar("T")
_STOP_TIMEOUT_S = 5.0
_ENDS_THE_LOOP = (SystemExit, KeyboardInterrupt)
"""What is raised so in a task, asyncio lets out of the loop, and the thread ends of it."""


class Carrier:
    """Acquire it before use, release it after: it is counted."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _current: ClassVar["Carrier | None"] = None
    _users: ClassVar[int] = 0

    def __init__(self) -> None:
        self.addon = FaultAddon()
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._ending = False
        self._over: Future[None] = Future()
        """Done when the thread is."""
        self._thread = threading.Thread(target=self._run, name="brownout-proxy", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise ProxyError(f"mitmproxy did not start: {self._error}")

    @classmethod
    def acquire(cls) -> "Carrier":
        with cls._lock:
            if cls._current is None or cls._current.death:
                cls._current = cls()
            cls._users += 1
            return cls._current

    @classmethod
    def release(cls) -> None:
        with cls._lock:
            cls._users -= 1
            if cls._users == 0 and cls._current is not None:
                carrier, cls._current = cls._current, None
                if carrier.death is None:
                    carrier._master.shutdown()
                carrier._thread.join()

    @classmethod
    def current(cls) -> "Carrier":
        assert cls._current is not None, "only a running proxy asks for it"
        return cls._current

    @property
    def death(self) -> str | None:
        """Why mitmproxy does not run any more, though it is in use."""
        if not (self._ending or self._over.done()):
            return None
        wait((self._over,))  # until it is known of what
        return f"the proxy is gone: mitmproxy ended{f' with {self._error!r}' if self._error else ''}"

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the carrier's loop and wait for the end. Raises ProxyError if the loop ends before."""
        try:
            answer = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as error:  # the loop is closed
            work.close()
            raise ProxyError(self._last_words()) from error
        either: tuple[Future[Any], ...] = (answer, self._over)
        wait(either, return_when=FIRST_COMPLETED)
        if answer.done() and not answer.cancelled() and not isinstance(answer.exception(), _ENDS_THE_LOOP):
            return answer.result()
        raise ProxyError(self._last_words())

    def _last_words(self) -> str:
        wait((self._over,))
        return self.death or ""

    # -- on the carrier's own thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with TemporaryDirectory(prefix="brownout-") as confdir, asyncio.Runner() as runner:
                try:
                    runner.run(self._main(Path(confdir)))
                finally:  # before the runner cancels what is left, of which the first client may hear
                    self._ending = True
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for the start
            self._error = error
        finally:
            self._over.set_result(None)
            self._ready.set()

    async def _main(self, confdir: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._master = Master(Options(confdir=str(confdir), mode=[]))
        self._proxyserver = _Proxyserver()
        self._master.addons.add(Core(), self._proxyserver, NextLayer(), _TlsConfig(), self.addon)
        self._master.options.update(connection_strategy="lazy", keep_host_header=True)
        self._modes: dict[str, ProxyMode] = {}
        self._loop.call_soon(self._ready.set)
        try:
            await self._master.run()
        finally:  # if it ends in the middle, ports and connections are still open
            self._ending = True
            await self._proxyserver.finish_accepting(*self._modes.values())
            await self._proxyserver.servers.update([])
            await _let_accepted_connections_register()
            for listener in self.addon.listeners.values():
                listener.closing = True
                await listener.close()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_STOP_TIMEOUT_S):
                        await listener.wait_closed()

    async def open(self, listener: Listener, mode: str) -> None:
        gate = _Gate(self, mode)
        self.addon.listeners[gate.port] = listener
        try:
            await listener.open(gate)
        except BaseException:
            del self.addon.listeners[gate.port]
            raise

    async def close(self, listener: Listener, mode: str) -> None:
        gate = _Gate(self, mode)
        listener.closing = True
        await gate.close()
        await _let_accepted_connections_register()
        await listener.close()
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await self._proxyserver.wait_until_gone(gate.port)
            await listener.wait_closed()
        del self.addon.listeners[gate.port]

    async def listen(self, mode: str, *, up: bool) -> None:
        if up:
            self._modes[mode] = ProxyMode.parse(mode)
        else:
            await self._proxyserver.finish_accepting(ProxyMode.parse(mode))
            self._modes.pop(mode, None)
        if not await self._proxyserver.servers.update(self._modes.values()):
            self._modes.pop(mode, None)
            raise ProxyError(f"cannot listen: {mode}")


class _TlsConfig(TlsConfig):
    """mitmproxy's own, which makes its certificate authority when the first client speaks TLS, and not at the start:
    an RSA key takes longer than everything else together."""

    name = "tlsconfig"
    _authority = False

    def running(self) -> None:
        pass

    def get_cert(self, conn_context: Context) -> CertStoreEntry:
        if not self._authority:
            self.configure({"confdir"})  # type: ignore[no-untyped-call]  # mitmproxy leaves it so
            self._authority = True
        return super().get_cert(conn_context)


class _Proxyserver(Proxyserver):
    """mitmproxy's own, which loses no connection as it stops to listen, and says when they are gone for good:
    transports closed, tasks ended."""

    name = "proxyserver"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # mitmproxy leaves it so
        self._changed = asyncio.Event()

    @contextmanager
    def register_connection(
        self, connection_id: tuple[Any, ...] | str, handler: ProxyConnectionHandler
    ) -> Iterator[None]:
        with super().register_connection(connection_id, handler):
            yield
        self._changed.set()

    async def finish_accepting(self, *modes: ProxyMode) -> None:
        """To be called before those of these that listen stop to.

        asyncio accepts a connection and gives it a transport one turn of its loop later, which fails if the server was
        closed in between (`Server._attach`), and leaves the client at a socket that nobody closes.
        """
        for instance in [each for each in self.servers if each.mode in modes]:
            assert isinstance(instance, AsyncioServerInstance)
            for server in instance._servers:
                assert isinstance(server, asyncio.Server)
                for listening in server.sockets:
                    asyncio.get_running_loop().remove_reader(listening)
        await asyncio.sleep(0)

    async def wait_until_gone(self, port: int) -> None:
        """Until no connection to this port is left."""
        while any(handler.client.sockname[1] == port for handler in self.connections.values()):
            self._changed.clear()
            await self._changed.wait()


async def _let_accepted_connections_register() -> None:
    """From accept() to mitmproxy's list of connections asyncio takes four turns of its loop."""
    for _ in range(5):
        await asyncio.sleep(0)


class _Gate:
    """Opens and closes one listener among the Master's."""

    def __init__(self, carrier: Carrier, mode: str) -> None:
        self._carrier = carrier
        self._mode = mode
        self.port = int(mode.rpartition(":")[2])

    async def open(self) -> None:
        await self._carrier.listen(self._mode, up=True)

    async def close(self) -> None:
        await self._carrier.listen(self._mode, up=False)
