"""The mitmproxy addon: each hook becomes an event, the rules decide, the wire acts.

Loads into stock tools: `mitmdump -s proxy_addons/addon.py --set plan=FILE --mode reverse:URL`.
"""

import logging
import time
from pathlib import Path
from typing import Any, ClassVar, cast

from mitmproxy import connection, ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.mode_specs import ProxyMode

from proxy_addons.errors import PlanError
from proxy_addons.history import History
from proxy_addons.plan import load_plan
from proxy_addons.wire.holding import Holding
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.stream import replace_http_layer


class FaultAddon:
    """Serves any number of listeners, told apart by the port that a connection came in by."""

    shows_flows: ClassVar[bool] = False
    """Whether other addons want mitmproxy's hooks to be called for each exchange: each call costs a task."""

    def __init__(self) -> None:
        self.listeners: dict[int, Listener] = {}

    def listener_of(self, client: connection.Client) -> Listener | None:
        return self.listeners.get(client.sockname[1])

    # -- hooks, in the order of a connection's life -----------------------------------------------------------

    def client_connected(self, client: connection.Client) -> None:
        listener = self.listener_of(client)
        if listener is None:
            return
        if listener.closing:
            client.error = "the proxy stops"
            return
        handler = _proxyserver().connections[client.id]
        link = ClientLink(next(listener.connection_numbers), handler)
        listener.connected(client.id, link)
        if link.was_reset:
            client.error = "reset by a rule"

    def next_layer(self, nextlayer: NextLayer) -> None:
        listener = self.listener_of(nextlayer.context.client)
        link = listener.links.get(nextlayer.context.client.id) if listener else None
        if listener is None or link is None:
            return
        # Whether mitmproxy's own choice has been made yet depends on the order in which the tool loads its addons.
        _addon("nextlayer").next_layer(nextlayer)
        if nextlayer.layer is not None:
            nextlayer.layer = replace_http_layer(nextlayer.layer, listener, link, shows_flows=self.shows_flows)

    async def brownout_hold(self, holding: Holding) -> None:
        """A hook of our own: an exchange waits."""
        await holding.over()

    def client_disconnected(self, client: connection.Client) -> None:
        listener = self.listener_of(client)
        if listener is not None:
            listener.disconnected(client.id)


class StockAddon(FaultAddon):
    """For `mitmdump -s` and `mitmweb -s`: one plan for every listener, named by an option."""

    shows_flows = True

    def __init__(self) -> None:
        super().__init__()
        self._listener: Listener | None = None

    def listener_of(self, client: connection.Client) -> Listener | None:  # noqa: ARG002  # one for all of them
        return self._listener

    def load(self, loader: Loader) -> None:
        loader.add_option("plan", str, "", "A brownout plan: which faults to inject, where and when.")
        loader.add_option("history", str, "", "Write the record of the run to this file (JSONL) at the end.")

    def configure(self, updated: set[str]) -> None:
        if "plan" not in updated or not ctx.options.plan:
            return
        try:
            plan = load_plan(Path(ctx.options.plan))
        except PlanError as error:
            # An exception would be shown with its traceback; an error logged during start-up ends the tool as well.
            logging.getLogger(__name__).error(str(error))
            return
        self._listener = Listener(plan, History(), time.monotonic)

    async def running(self) -> None:
        if self._listener is not None:
            await self._listener.open(StockGate())

    def done(self) -> None:
        if self._listener is not None and ctx.options.history:
            self._listener.history.save(Path(ctx.options.history))


class StockGate:
    """The listeners that the tool was started with."""

    def __init__(self) -> None:
        self.port = next((port for _, port, *_ in _proxyserver().listen_addrs()), 0)

    async def open(self) -> None:
        await _proxyserver().servers.update([ProxyMode.parse(mode) for mode in ctx.options.mode])

    async def close(self) -> None:
        await _proxyserver().servers.update([])


def _proxyserver() -> Proxyserver:
    return cast(Proxyserver, _addon("proxyserver"))


def _addon(name: str) -> Any:
    return ctx.master.addons.get(name)


addons = [StockAddon()]
