"""mitmproxy's HTTP layer, whose exchanges are ours, and what it must not see of the bytes between the two peers."""

from collections.abc import Iterator
from typing import Any, Literal

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http._http1 import Http1Client

from proxy_addons.wire.exchange import Exchange
from proxy_addons.wire.interim import InterimHeads
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.signals import StreamSignal

Commands = CommandGenerator[None]


class FaultHttpLayer(HttpLayer):
    """The exchanges of one client's connection."""

    def __init__(self, inner: HttpLayer, listener: Listener, link: ClientLink, *, shows_flows: bool) -> None:
        """With `shows_flows`, other addons want to see the exchanges."""
        super().__init__(inner.context, inner.mode)
        # The layer that this one replaces must not stay in the stack: a stream looks its parent up there.
        inner.context.layers.remove(inner)
        self.listener = listener
        self.link = link
        self.shows_flows = shows_flows
        self.in_answer = False
        """Bytes of the origin are being read. A request that was pipelined behind the one that they answer must not go
        out before that is done: its hook is called, which takes a turn of the loop."""
        self._interim = InterimHeads()
        self._endings: dict[Connection, Literal["fin", "rst"]] = {}

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.DataReceived):
            if self._interim.may_be(event.data) and self._awaits_head(event.connection):
                event.data = yield from self._pass_interim_heads(event.data)
            peer = self.connections.get(event.connection)
            self.in_answer = event.connection is not self.context.client
            if peer is None:
                yield from super()._handle_event(event)
            elif event.data:
                yield from self.event_to_child(peer, event)
            self.in_answer = False
        elif not isinstance(event, StreamSignal):
            if isinstance(event, events.ConnectionClosed):
                self._endings[event.connection] = self.link.how_origin_ended(event.connection)
            yield from super()._handle_event(event)
        elif event.stream_id in self.streams:
            yield from self.event_to_child(self.streams[event.stream_id], event)

    def make_stream(self, stream_id: int) -> Commands:
        self.streams[stream_id] = Exchange(self.context.fork(), stream_id, self)
        yield from self.event_to_child(self.streams[stream_id], events.Start())

    def http1_client(self, server: Connection) -> Http1Client | None:
        """What reads the origin's answers on this connection; None where no bytes may be taken past a layer."""
        if self.context.client.alpn == b"h2":
            return None
        layers = _descend(self.connections.get(server))
        return next((layer for layer in layers if isinstance(layer, Http1Client)), None)

    def how_ended(self, server: Connection) -> Literal["fin", "rst"]:
        """How an origin that failed looks to its client; where no connection was made, or no HTTP spoken: reset."""
        return self._endings.get(server, "rst")

    def head_begun(self, server: Connection) -> bytes:
        """What has come of the head of an answer."""
        client = self.http1_client(server)
        return bytes(client.buf) if client is not None else b""

    def _pass_interim_heads(self, data: bytes) -> CommandGenerator[bytes]:
        """Interim heads go straight to the client. Returns what is left."""
        heads, rest = self._interim.cut(data)
        if heads and self.context.client.alpn != b"h2":
            yield commands.SendData(self.context.client, heads)
        return rest

    def _awaits_head(self, server: Connection) -> bool:
        return any(
            stream.flow.server_conn is server and stream.server_state == stream.state_wait_for_response_headers
            for stream in self.streams.values()
            if hasattr(stream, "flow")
        )


def replace_http_layer(top: Any, listener: Listener, link: ClientLink, *, shows_flows: bool) -> Any:
    """The same stack of layers with our HTTP layer in place of mitmproxy's, plain or under TLS."""

    def ours(layer: HttpLayer) -> FaultHttpLayer:
        return FaultHttpLayer(layer, listener, link, shows_flows=shows_flows)

    if isinstance(top, HttpLayer):
        return ours(top)
    for layer in _descend(top):
        if isinstance(getattr(layer, "child_layer", None), HttpLayer):
            layer.child_layer = ours(layer.child_layer)
    return top


def _descend(layer: Any) -> Iterator[Any]:
    while layer is not None:
        yield layer
        layer = getattr(layer, "child_layer", None)
