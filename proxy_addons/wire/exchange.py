"""One HTTP exchange inside mitmproxy, from the first byte of the request to the last of the answer, and beyond."""

from mitmproxy.proxy import events
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import RequestProtocolError, ResponseEndOfMessage, ResponseProtocolError

from proxy_addons.wire.exchange_base import Commands
from proxy_addons.wire.signals import Opened, StreamSignal
from proxy_addons.wire.websocket import WebSocketRelay
from proxy_addons.wire.whole_answer import WholeAnswerSide


class Exchange(WholeAnswerSide):
    """What comes, what goes wrong, and what the connection becomes."""

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, StreamSignal):
            if self.relay is not None:
                yield from self.relay.signalled(event)
        else:
            yield from super()._handle_event(event)

    def flow_done(self) -> Commands:
        """After a 101 the connection is a WebSocket: ours, not mitmproxy's, which asks a hook for each message."""
        if not self.upgrades:
            yield from super().flow_done()
            return
        self.announce()
        relay = WebSocketRelay(self.context, self.listener, self.link, self.facts, self.extensions, self.stream_id)
        self.child_layer = relay
        self._handle_event = self.passthrough  # type: ignore[method-assign]  # how mitmproxy switches protocols
        yield from relay.handle_event(events.Start())
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        yield from self.passthrough(Opened(self.stream_id))

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        """A peer is gone. An origin that dies must look to the client as it would without a proxy between."""
        if isinstance(event, ResponseProtocolError):
            if self.relay is not None:
                yield from self.relay.ended(event)
            else:
                yield from self.origin_failed(event)
            return
        if self.relay is not None:
            self.relay.over = True
            self.relay.plain = False
            self.listener.stream_ended(self.facts, "fin", "client")
        yield from super().handle_protocol_error(event)
