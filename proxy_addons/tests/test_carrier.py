"""One mitmproxy for the whole process: it starts with its first user and ends with its last."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from mitmproxy.certs import CertStore

from proxy_addons.carrier import Carrier
from proxy_addons.errors import ProxyError
from proxy_addons.history import History
from proxy_addons.plan import Plan
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import TIMEOUT_S, Origin, Peer, open_files
from proxy_addons.wire.listener import Listener


@pytest.fixture
def own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody in this process used a carrier yet; what another one has is given back to it."""
    monkeypatch.setattr(Carrier, "_current", None)
    monkeypatch.setattr(Carrier, "_users", 0)
    for name in ("master", "options", "log"):  # where each Master leaves its own, for all addons of the process
        monkeypatch.setattr(f"mitmproxy.ctx.{name}", None, raising=False)


@pytest.fixture
def carrier(own_process: None) -> Iterator[Carrier]:  # noqa: ARG001  # it must come first
    yield Carrier.acquire()
    Carrier.release()


def test_is_one_for_all_its_users(carrier: Carrier) -> None:
    assert Carrier.acquire() is carrier
    Carrier.release()
    assert Carrier.current() is carrier


@pytest.mark.usefixtures("own_process")
def test_ends_with_its_last_user() -> None:
    before = threading.enumerate(), open_files()
    Carrier.acquire()
    Carrier.acquire()
    Carrier.release()
    assert len(threading.enumerate()) == len(before[0]) + 1
    Carrier.release()
    assert (threading.enumerate(), open_files()) == before


@pytest.mark.usefixtures("own_process")
def test_starts_again_after_its_end() -> None:
    for _ in range(2):
        assert Carrier.acquire().call(answer()) == 42
        Carrier.release()


@pytest.mark.usefixtures("own_process")
def test_says_why_mitmproxy_did_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("proxy_addons.carrier.Master", fail)
        with pytest.raises(ProxyError, match="mitmproxy did not start: no space left on device"):
            Carrier.acquire()
    assert Carrier.acquire().call(answer()) == 42
    Carrier.release()


def test_hands_an_error_to_the_caller(carrier: Carrier) -> None:
    with pytest.raises(ZeroDivisionError):
        carrier.call(crash())


def test_forgets_a_listener_that_could_not_open(carrier: Carrier) -> None:
    listener = Listener(Plan(), History(), lambda: 0.0)
    with pytest.raises(ValueError, match="unknown mode"):
        carrier.call(carrier.open(listener, "sideways:http://127.0.0.1:1@127.0.0.1:9"))
    assert carrier.addon.listeners == {}


class TestClose:
    """A connection is closed however young it is: turns of the loop after its client made it."""

    @pytest.fixture
    def port(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as free:
            return int(free.getsockname()[1])

    @pytest.mark.parametrize("turns", range(6))
    def test_leaves_no_client_behind_that_has_only_just_come(self, carrier: Carrier, port: int, turns: int) -> None:
        mode, listener = f"reverse:http://127.0.0.1:1@127.0.0.1:{port}", Listener(Plan(), History(), lambda: 0.0)

        async def come_and_close() -> Peer:
            await carrier.open(listener, mode)
            client = Peer.connect(f"http://127.0.0.1:{port}")
            await some(turns)
            await carrier.close(listener, mode)
            return client

        with carrier.call(come_and_close()) as client:
            assert client.rest()[0] == b""

    @pytest.mark.parametrize("turns", range(6))
    def test_leaves_no_client_behind_when_it_only_listens_no_more(
        self, carrier: Carrier, port: int, turns: int
    ) -> None:
        mode, listener = f"reverse:http://127.0.0.1:1@127.0.0.1:{port}", Listener(Plan(), History(), lambda: 0.0)

        async def come_and_listen_no_more() -> Peer:
            await carrier.open(listener, mode)
            client = Peer.connect(f"http://127.0.0.1:{port}")
            await some(turns)
            await carrier.listen(mode, up=False)
            return client

        with carrier.call(come_and_listen_no_more()) as client:
            carrier.call(carrier.close(listener, mode))
            assert client.rest()[0] == b""

    @pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # by asyncio, whose loop ends in mid-accept
    @pytest.mark.parametrize("turns", range(6))
    def test_leaves_no_client_behind_when_mitmproxy_ends(self, carrier: Carrier, port: int, turns: int) -> None:
        mode, listener = f"reverse:http://127.0.0.1:1@127.0.0.1:{port}", Listener(Plan(), History(), lambda: 0.0)
        clients = list[Peer]()

        async def come_and_end() -> None:
            await carrier.open(listener, mode)
            clients.append(Peer.connect(f"http://127.0.0.1:{port}"))
            await some(turns)
            raise SystemExit("no more")

        with pytest.raises(ProxyError):
            carrier.call(come_and_end())
        with clients[0] as client:
            assert client.rest()[0] == b""


async def some(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


class TestAuthority:
    """mitmproxy's certificate authority, whose key takes long to make."""

    @pytest.fixture
    def made(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        """What was made so far."""
        made = list[object]()
        make = CertStore.from_store

        def noted(*args: Any, **options: Any) -> Any:
            made.append(args)
            return make(*args, **options)

        monkeypatch.setattr(CertStore, "from_store", noted)
        return made

    def test_is_not_made_at_the_start_nor_for_a_plain_connection(
        self, made: list[object], carrier: Carrier, origin: Origin
    ) -> None:
        with FaultProxy(origin.url) as proxy:
            origin.open_stream(proxy.url)
        assert Carrier.current() is carrier
        assert made == []

    @pytest.mark.filterwarnings("ignore:Passing pyOpenSSL:DeprecationWarning")  # mitmproxy's own, which does so
    def test_is_made_once_when_a_client_speaks_tls(self, made: list[object], carrier: Carrier, origin: Origin) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with FaultProxy(origin.url) as proxy:
            for _ in range(2):
                port = int(proxy.url.rpartition(":")[2])
                with (
                    socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as raw,
                    context.wrap_socket(raw, server_hostname="app.test") as client,
                ):
                    assert client.version()
        assert Carrier.current() is carrier
        assert len(made) == 1


async def answer() -> int:
    return 42


async def crash() -> None:
    raise ZeroDivisionError


class TestDeath:
    """mitmproxy ends while it is in use: something in its thread lets go of the loop."""

    @pytest.fixture
    def dead(self, carrier: Carrier) -> Carrier:
        with pytest.raises(ProxyError):
            carrier.call(give_up())
        return carrier

    def test_is_an_error_for_whoever_waits(self, carrier: Carrier) -> None:
        with pytest.raises(ProxyError, match=r"the proxy is gone: mitmproxy ended with SystemExit\('no more'\)"):
            carrier.call(give_up())

    def test_is_an_error_for_whoever_calls_later(self, dead: Carrier) -> None:
        with pytest.raises(ProxyError, match="the proxy is gone"):
            dead.call(answer())

    def test_ends_every_wait(self, carrier: Carrier) -> None:
        # given somebody who waits for what never comes
        errors: list[BaseException] = []
        waiting = asyncio.Event()

        def wait_in_vain() -> None:
            try:
                carrier.call(waiting.wait())
            except ProxyError as error:
                errors.append(error)

        thread = threading.Thread(target=wait_in_vain)
        thread.start()

        # when
        with pytest.raises(ProxyError):
            carrier.call(give_up())

        # then
        thread.join(TIMEOUT_S)
        assert [type(error) for error in errors] == [ProxyError]

    def test_is_overcome_by_the_next_user(self, dead: Carrier) -> None:
        another = Carrier.acquire()
        assert another is not dead
        assert another.call(answer()) == 42
        Carrier.release()

    def test_is_none_while_it_runs(self, carrier: Carrier) -> None:
        assert carrier.death is None


async def give_up() -> None:
    raise SystemExit("no more")
