"""One HTTP exchange inside mitmproxy, with our hands on the body of an event stream and on what a 101 opens."""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import DropStream, HttpLayer, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import (
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseProtocolError,
)

from proxy_addons.actions import Abort, Close, End, Forward, Refuse, Replace, Reset, Respond, Stall
from proxy_addons.engine import Decision
from proxy_addons.events import Request, SsePassing, StreamOpened
from proxy_addons.records import MessageSeen, UpstreamFailed, as_text
from proxy_addons.wire.http import is_event_stream, request_of
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener, LiveStream
from proxy_addons.wire.signals import Opened, RuleAdded, RuleRemoved, StreamSignal
from proxy_addons.wire.sse import Passage, SseRelay
from proxy_addons.wire.websocket import WebSocketRelay

Commands = CommandGenerator[None]


class FaultHttpLayer(HttpLayer):
    """mitmproxy's HTTP layer, whose streams are ours."""

    def __init__(self, inner: HttpLayer, listener: Listener, link: ClientLink) -> None:
        super().__init__(inner.context, inner.mode)
        # The layer that this one replaces must not stay in the stack: a stream looks its parent up there.
        inner.context.layers.remove(inner)
        self.listener = listener
        self.link = link

    def _handle_event(self, event: events.Event) -> Commands:
        if not isinstance(event, StreamSignal):
            yield from super()._handle_event(event)
        elif event.stream_id in self.streams:
            yield from self.event_to_child(self.streams[event.stream_id], event)

    def make_stream(self, stream_id: int) -> Commands:
        self.streams[stream_id] = FaultStream(self.context.fork(), stream_id, self.listener, self.link)
        yield from self.event_to_child(self.streams[stream_id], events.Start())


class FaultStream(HttpStream):
    """mitmproxy's state machine of one request and its response."""

    def __init__(self, context: Context, stream_id: int, listener: Listener, link: ClientLink) -> None:
        super().__init__(context, stream_id)
        self.listener = listener
        self.link = link
        self.sse: SseRelay | None = None
        self.stalled_by: str | None = None
        self.held: list[HttpEvent] = []
        self.over = False

    @property
    def facts(self) -> Request:
        facts = request_of(self.flow)
        assert facts is not None, "a stream opens only after its request was read"
        return facts

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, StreamSignal):
            yield from self.signalled(event)
        else:
            yield from super()._handle_event(event)

    # -- what opens -----------------------------------------------------------------------------------------

    def flow_done(self) -> Commands:
        """After a 101 the connection is a WebSocket: ours, not mitmproxy's, which asks a hook for each message."""
        if not self.flow.websocket:
            yield from super().flow_done()
            return
        assert self.flow.response is not None
        self.announce()
        offered = self.flow.response.headers.get("sec-websocket-extensions", "")
        self.child_layer = WebSocketRelay(self.context, self.listener, self.link, self.facts, offered)
        self._handle_event = self.passthrough  # type: ignore[method-assign]  # how mitmproxy switches protocols
        yield from self.child_layer.handle_event(events.Start())
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        yield from self.passthrough(Opened(self.stream_id))

    def start_response_stream(self) -> Commands:
        yield from super().start_response_stream()
        if is_event_stream(self.flow.response):
            self.sse = SseRelay()
            self.announce()
            event = StreamOpened(self.facts)
            yield from self.act(self.listener.consult(event), event, Passage(b""))

    def announce(self) -> None:
        self.listener.stream_began(LiveStream(self.facts, self.link, self.stream_id))

    # -- the body of an event stream ------------------------------------------------------------------------

    def state_stream_response_body(self, event: events.Event) -> Commands:
        if self.sse is None:
            yield from super().state_stream_response_body(event)
        elif self.over:
            return
        elif isinstance(event, ResponseData):
            for passage in self.sse.feed(event.data, hold=self.listener.engine.watches(self.facts)):
                yield from self.pass_on(passage)
        elif isinstance(event, ResponseEndOfMessage):
            yield from self.send(self.sse.flush())
            yield from self.or_hold(event, self.finish)
        else:
            yield from super().state_stream_response_body(event)

    def finish(self, event: ResponseEndOfMessage) -> Commands:
        self.listener.stream_ended(self.facts, "end", "origin")
        yield from super().state_stream_response_body(event)

    def pass_on(self, passage: Passage) -> Commands:
        if self.over:
            return
        if passage.block is None:
            yield from self.send(passage.raw)
            return
        event = SsePassing(self.facts, passage.index, passage.block)
        decision = self.listener.consult(event) if passage.whole else None
        delivered = self.stalled_by is None and (decision is None or isinstance(decision.action, Forward))
        self.listener.history.append(
            MessageSeen(
                self.listener.clock(),
                exchange=self.facts.exchange,
                direction="to_client",
                index=passage.index,
                data=as_text(passage.block.data or b""),
                bytes=len(passage.block.raw),
                delivered=delivered,
            )
        )
        if decision is None:
            yield from self.send(passage.raw)
        else:
            yield from self.act(decision, event, passage)

    def act(self, decision: Decision | None, event: StreamOpened | SsePassing, passage: Passage) -> Commands:
        """Perform an effect. Its receipt is written first: what the client can see is in the record by then."""
        if decision is None:
            return
        sent, effect = len(passage.raw), self.send(passage.raw)
        match decision.action:
            case Forward():
                pass
            case Replace(data):
                sent, effect = len(data), self.send(data)
            case Abort(parting):
                sent, effect = len(parting), self.abort(parting)
            case Reset():
                sent, effect = 0, self.cut("rst")
            case End():
                sent, effect = 0, self.end()
            case Stall():
                sent, self.stalled_by = 0, self.stalled_by or decision.rule
            case Close() | Respond() | Refuse():
                self.listener.misfit(decision, event)
                yield from effect
                return
            case _:
                assert_never(decision.action)
        self.listener.fired(decision, self.facts, index=passage.index or None, bytes_sent=sent)
        yield from effect

    def abort(self, parting: bytes) -> Commands:
        yield from self.send(parting)
        yield from self.cut("fin")

    def send(self, data: bytes) -> Commands:
        if data:
            yield from self.or_hold(ResponseData(self.stream_id, data), self.to_client)

    def to_client(self, event: HttpEvent) -> Commands:
        yield SendHttp(event, self.context.client)

    def cut(self, how: str) -> Commands:
        """FIN or RST to the client, without the last chunk."""
        self.over = True
        self.listener.stream_ended(self.facts, how, "rule")
        self.link.ends(how, "rule")
        if how == "rst":
            self.link.reset()
        else:
            yield commands.CloseConnection(self.context.client)

    def end(self) -> Commands:
        """The legal end of the body; the origin's connection, which still has more to say, is closed."""
        self.over = True
        self.listener.stream_ended(self.facts, "end", "rule")
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        yield DropStream(self.stream_id)
        yield commands.CloseConnection(self.flow.server_conn)

    # -- stalls ---------------------------------------------------------------------------------------------

    def or_hold(self, event: HttpEvent, perform: Callable[[Any], Commands]) -> Commands:
        if self.stalled_by is None:
            yield from perform(event)
        else:
            self.held.append(event)

    def signalled(self, event: StreamSignal) -> Commands:
        if self.sse is None or self.over:
            return
        if isinstance(event, RuleAdded):
            opened = StreamOpened(self.facts)
            yield from self.act(self.listener.consult(opened, event.rule), opened, Passage(b""))
        elif isinstance(event, RuleRemoved) and event.rule == self.stalled_by:
            yield from self.release(event.rule)

    def release(self, rule: str) -> Commands:
        self.stalled_by = None
        held, self.held = self.held, []
        self.listener.released(rule, self.facts, sum(isinstance(event, ResponseData) for event in held))
        for event in held:
            yield from self.released(event)

    def released(self, event: HttpEvent) -> Commands:
        if isinstance(event, ResponseData):
            yield from self.to_client(event)
        elif isinstance(event, ResponseEndOfMessage):
            yield from self.finish(event)
        else:
            yield from super()._handle_event(event)

    # -- what goes wrong ------------------------------------------------------------------------------------

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        """A peer is gone. An origin that dies must look to the client as it would without a proxy between."""
        if isinstance(event, RequestProtocolError):
            self._ended("fin", "client")
        elif self.stalled_by is not None:
            self.held.append(event)
            return
        else:
            self._ended("fin", "origin")
            if self.server_state != self.state_stream_response_body:
                self._upstream_failed(event.message)
            self.link.ends("fin", "origin")
        yield from super().handle_protocol_error(event)

    def _upstream_failed(self, error: str) -> None:
        """No whole answer: mitmproxy would make up a 502, which is fatal to an EventSource; a reset is not."""
        now = self.listener.clock()
        self.listener.history.append(UpstreamFailed(now, connection=self.link.number, error=error))
        self.link.reset("proxy")

    def _ended(self, how: str, by: str) -> None:
        if self.sse is not None:
            self.listener.stream_ended(self.facts, how, by)


def replace_http_layer(top: Any, listener: Listener, link: ClientLink) -> Any:
    """The same stack of layers with our HTTP layer in place of mitmproxy's, plain or under TLS."""
    if isinstance(top, HttpLayer):
        return FaultHttpLayer(top, listener, link)
    for layer in _descend(top):
        if isinstance(getattr(layer, "child_layer", None), HttpLayer):
            layer.child_layer = FaultHttpLayer(layer.child_layer, listener, link)
    return top


def _descend(layer: Any) -> Iterator[Any]:
    while layer is not None:
        yield layer
        layer = getattr(layer, "child_layer", None)
